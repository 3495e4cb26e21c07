import { type Image, parseImage } from '../images/image.js';
import type { ImageVerdict } from '../verdict.js';

/** The image, or the refusal of an invalid name. */
export function parseName(written: string): Image | ImageVerdict {
  try {
    return parseImage(written);
  } catch (error) {
    return { verdict: 'refused', code: 'NAME_INVALID', message: (error as Error).message };
  }
}

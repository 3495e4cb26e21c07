import { formatReference, parseImageName } from '@notarykit/oci/internal';
import type { BaseImage } from './base-image.js';

/** Where a name of an image is written. */
export type Place = Pick<BaseImage, 'line' | 'instruction' | 'written' | 'platform'>;

/** An image by its name, or why the name cannot be resolved. */
export function imageOf(place: Place, name: string): BaseImage {
  try {
    return { ...place, reference: formatReference(parseImageName(name)) };
  } catch (error) {
    return { ...place, unresolved: (error as Error).message };
  }
}

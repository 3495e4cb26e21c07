import { formatReference, parseImageName } from '@notarykit/oci';
import type { BaseImage } from './images.js';

/** An image by its name as it stands in the file, or why the name cannot be resolved. */
export function imageOf(line: number, instruction: BaseImage['instruction'], written: string, name: string): BaseImage {
  try {
    return { line, instruction, written, reference: formatReference(parseImageName(name)) };
  } catch (error) {
    return { line, instruction, written, unresolved: (error as Error).message };
  }
}

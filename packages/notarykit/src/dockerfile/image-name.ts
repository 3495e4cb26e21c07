import { checkTag, formatReference, parseReference } from '@notarykit/oci';
import type { BaseImage } from './images.js';

/** An image by its name as it stands in the file, or why the name cannot be resolved. */
export function imageOf(line: number, instruction: BaseImage['instruction'], written: string, name: string): BaseImage {
  try {
    return { line, instruction, written, reference: fullReference(name) };
  } catch (error) {
    return { line, instruction, written, unresolved: (error as Error).message };
  }
}

/** Completes a familiar name: `alpine` is `docker.io/library/alpine:latest`. */
function fullReference(name: string): string {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const familiar = slash < 0 || !(/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const path = familiar ? `docker.io/${slash < 0 ? 'library/' : ''}${name}` : name;
  const reference = parseReference(path.startsWith('index.docker.io/') ? path.slice(6) : path);
  if (reference.digest !== undefined) return formatReference(reference);
  checkTag(reference.tag ?? 'latest');
  return formatReference({ ...reference, tag: reference.tag ?? 'latest' });
}

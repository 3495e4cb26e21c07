import { quote } from '@notarykit/common/internal';
import { formatReference, parseReference } from '@notarykit/oci/internal';
import { NotaryKitError } from '../errors.js';
import type { BaseImage } from './base-image.js';
import { parseBaseImages } from './images.js';
import { parseInstructions } from './instructions.js';
import { type EscapeMark, LineReader, splitLines } from './lines.js';
import type { DockerfileOptions } from './options.js';

/** A base image together with the digest that was verified, as `verifyBaseImages` gives it. */
export type VerifiedBaseImage = BaseImage & { readonly verdict: { readonly digest: string } };

/**
 * A Dockerfile that uses what was verified: each image name gets the digest of its verdict, and everything else stays as it is. The
 * result is parsed again, and returned only if it uses exactly the images that were verified.
 *
 * @param images - what `verifyBaseImages` gave for this Dockerfile
 * @param options - the options with which it was verified
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BASE_IMAGE` where an image is not named in the file itself (a build context, a build argument
 *   for the frontend) or is written with escapes: use {@link buildSourcePolicy}
 *
 * @example
 * ```ts
 * const images = await verifyBaseImages(dockerfile, { open, trust });
 * await writeFile('Dockerfile.pinned', pinDockerfile(dockerfile, images));
 * ```
 */
export function pinDockerfile(
  dockerfile: string,
  images: readonly VerifiedBaseImage[],
  options: DockerfileOptions = {},
): string {
  const { escapeMark } = parseInstructions(dockerfile);
  const lines = dockerfile.split('\n');
  const done = new Set<string>();
  for (const image of images) {
    const key = `${image.line} ${image.instruction} ${image.written}`;
    if (!done.has(key)) pinLine(lines, image, escapeMark);
    done.add(key);
  }
  const pinned = lines.join('\n');
  checkPinned(parseBaseImages(pinned, options), images);
  return pinned;
}

/**
 * The full reference of a verified image with its digest.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BASE_IMAGE` for an image without a reference, or with another digest than was verified
 */
export function pinnedReference({ reference, written, line, verdict }: VerifiedBaseImage): string {
  if (reference === undefined) throw notPinned(line, `${quote(written)} has no reference`);
  const parsed = parseReference(reference);
  if (parsed.digest !== undefined && parsed.digest !== verdict.digest)
    throw notPinned(line, `${quote(written)} names ${parsed.digest}, and ${verdict.digest} was verified`);
  return formatReference({ ...parsed, digest: verdict.digest as `sha256:${string}` });
}

function pinLine(lines: string[], image: VerifiedBaseImage, escapeMark: EscapeMark): void {
  const start = image.line - 1;
  const pinned = pinnedReference(image);
  const pattern = patternOf(image);
  for (let i = start; i < start + lengthAt(lines, start, escapeMark); i++) {
    const line = lines[i] ?? '';
    const changed = line.replace(pattern, (_, before: string) => `${before}${pinned}`);
    lines[i] = changed;
    // A stage may have the name of its base: `FROM alpine AS alpine`.
    if (changed !== line && image.instruction !== 'COPY' && image.instruction !== 'RUN') return;
  }
}

/** Only the lines of the instruction: the body of a here-document is data. */
function lengthAt(lines: readonly string[], start: number, escapeMark: EscapeMark): number {
  const reader = new LineReader(splitLines(lines.slice(start).join('\n')), escapeMark);
  return reader.next() === undefined ? 1 : reader.consumed;
}

const before: Readonly<Record<BaseImage['instruction'], string>> = {
  FROM: '(^|\\s)',
  COPY: '(--from=)',
  RUN: '([Ff][Rr][Oo][Mm]=)',
  syntax: '([=\\s])',
};

function patternOf({ instruction, written }: BaseImage): RegExp {
  const name = written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const every = instruction === 'COPY' || instruction === 'RUN' ? 'g' : '';
  return new RegExp(`${before[instruction]}${name}(?=[\\s,"']|$)`, every);
}

function checkPinned(found: readonly BaseImage[], images: readonly VerifiedBaseImage[]): void {
  for (const [i, image] of images.entries()) {
    const expected = pinnedReference(image);
    const { reference, line } = found[i] ?? {};
    if (reference === expected && line === image.line) continue;
    const instead = reference === undefined ? '' : `, found ${reference}`;
    throw notPinned(
      image.line,
      `${quote(image.written)} cannot be pinned to ${expected} in the file${instead}; write the name plainly, or use a source policy`,
    );
  }
  if (found.length !== images.length)
    throw notPinned(1, `the file uses ${found.length} images, and ${images.length} were verified`);
}

function notPinned(line: number, message: string): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_BASE_IMAGE', `line ${line}: ${message}`, { detail: { line } });
}

import type { JsonObject } from '@notarykit/common/internal';
import { verifyStream } from '../content.js';
import type { Descriptor } from '../descriptor.js';
import { type Digest, parseDigest } from '../digest.js';
import { OciError } from '../errors.js';
import { maxTarMembers } from '../tar/read.js';
import { buildTarEntry, tarEnd, tarPadding } from '../tar/write.js';
import type { LayoutFiles } from './files.js';
import { buildIndexDocument, buildLayoutFile } from './index-document.js';

/** What an archive is made of. */
export type LayoutContent = Pick<LayoutFiles, 'blobs' | 'openBlob'>;

/**
 * A layout as an archive: `oci-layout` and `index.json` first, then folders and blobs by name, times and owners zero. Equal content
 * gives equal bytes. Every blob is checked while it is written. `members` are those of `index.json` besides its entries.
 *
 * @throws {OciError} `ERR_OCI_LIMIT` before the first byte, for more entries than a layout takes
 */
export function layoutTar(
  files: LayoutContent,
  entries: readonly Descriptor[],
  members?: JsonObject,
): ReadableStream<Uint8Array> {
  const parts = tarParts(files, buildIndexDocument(entries, members));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* tarParts(files: LayoutContent, index: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  const blobs = await sorted(files);
  if (blobs.length > maxTarMembers - 5)
    throw new OciError(
      'ERR_OCI_LIMIT',
      `an archive takes at most ${maxTarMembers - 5} blobs, the layout has ${blobs.length}`,
    );
  yield* file('oci-layout', buildLayoutFile());
  yield* file('index.json', index);
  yield folder('blobs');
  let algorithm = '';
  for (const { digest, size } of blobs) {
    const parsed = parseDigest(digest);
    if (parsed.algorithm !== algorithm) yield folder(`blobs/${parsed.algorithm}`);
    algorithm = parsed.algorithm;
    yield buildTarEntry({ name: `blobs/${algorithm}/${parsed.hex}`, type: 'file', mode: 0o444, size });
    yield* blob(files, digest, size);
    yield tarPadding(size);
  }
  yield tarEnd();
}

function folder(name: string): Uint8Array {
  return buildTarEntry({ name, type: 'directory', mode: 0o755, size: 0 });
}

function* file(name: string, bytes: Uint8Array): Generator<Uint8Array, void, void> {
  yield buildTarEntry({ name, type: 'file', mode: 0o644, size: bytes.length });
  yield bytes;
  yield tarPadding(bytes.length);
}

async function sorted(files: LayoutContent): Promise<{ readonly digest: Digest; readonly size: number }[]> {
  const all: { readonly digest: Digest; readonly size: number }[] = [];
  for await (const one of files.blobs()) all.push(one);
  return all.sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

async function* blob(files: LayoutContent, digest: Digest, size: number): AsyncGenerator<Uint8Array, void, void> {
  const open = await files.openBlob(digest);
  if (open === undefined)
    throw new OciError('ERR_OCI_NOT_FOUND', `${digest} was deleted while the archive was written`);
  const reader = verifyStream(open.stream(0, size), {
    mediaType: 'application/octet-stream',
    digest,
    size,
  }).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

import { type Bytes, type CallOptions, concatBytes, quote, streamOf } from '@notarykit/common/internal';
import { checkContent } from '../content.js';
import { type Digest, isDigest } from '../digest.js';
import { OciError } from '../errors.js';
import { mediaTypes } from '../media-types.js';
import { readTarMembers, type TarMember } from '../tar/read.js';
import { type TarStream, tarStream } from '../tar/stream-source.js';
import { checkLayoutFile, maxIndexSize, parseIndexDocument } from './index-document.js';
import { createLayoutRepository, type LayoutRepository } from './layout-repository.js';
import { readOnlyFiles } from './read-only-files.js';

/** Options of {@link readLayoutTar}. */
export interface ReadLayoutTarOptions extends CallOptions {
  /** The repository's name, `registry/repository`. */
  readonly name: string;
  /** Most bytes of content that are taken into memory. Default 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * Reads a layout that is a tar archive into memory: `oci-layout`, `index.json` and blobs, each of which must fit the digest that it
 * is named by. Anything else in the archive is refused. The repository cannot be written to.
 *
 * @throws {OciError} `ERR_OCI_PATH` for names and kinds that belong to no layout; `ERR_OCI_INVALID`, `ERR_OCI_UNSUPPORTED`,
 *   `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_LIMIT`
 *
 * @example
 * ```ts
 * const repository = await readLayoutTar(response.body, { name: 'registry.example.com/net-monitor' });
 * ```
 */
export async function readLayoutTar(
  archive: Uint8Array | ReadableStream<Uint8Array>,
  { name, signal, maxBytes = 256 * 1024 * 1024 }: ReadLayoutTarOptions,
): Promise<LayoutRepository> {
  const tar = tarStream(archive instanceof Uint8Array ? streamOf(archive) : archive, signal);
  try {
    const { documents, blobs } = await readMembers(tar, maxBytes);
    checkLayoutFile(partOf(documents, 'oci-layout'));
    const index = partOf(documents, 'index.json');
    parseIndexDocument(index);
    return createLayoutRepository(readOnlyFiles(index, blobs), name);
  } finally {
    await tar.close();
  }
}

interface Members {
  readonly documents: ReadonlyMap<string, Bytes>;
  readonly blobs: ReadonlyMap<Digest, Bytes>;
}

async function readMembers(tar: TarStream, maxBytes: number): Promise<Members> {
  const documents = new Map<string, Bytes>();
  const blobs = new Map<Digest, Bytes>();
  let left = maxBytes;
  for await (const member of readTarMembers(tar)) {
    if (member.type === 'directory') continue;
    const digest = digestOfMember(member);
    left -= member.size;
    if (left < 0) throw tooLarge(maxBytes);
    const bytes = await contentOf(tar, member);
    if (digest === undefined) documents.set(member.name, bytes);
    else blobs.set(digest, bytes);
    if (digest !== undefined) checkContent({ mediaType: mediaTypes.octetStream, digest, size: member.size }, bytes);
  }
  return { documents, blobs };
}

/** The digest that a member is named by; the two documents of a layout have none. */
function digestOfMember({ name, type, size }: TarMember): Digest | undefined {
  if (type === 'file' && (name === 'oci-layout' || name === 'index.json')) {
    if (size > maxIndexSize) throw tooLarge(maxIndexSize);
    return undefined;
  }
  const digest = name.replace(/^blobs\/([^/]+)\/([^/]+)$/, '$1:$2');
  if (type === 'file' && digest !== name && isDigest(digest)) return digest;
  throw new OciError('ERR_OCI_PATH', `expected the files of an OCI image layout, found ${quote(name)} in the archive`);
}

/** The announced size allocates nothing: what is there counts. */
async function contentOf(tar: TarStream, { name, size }: TarMember): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const chunk of tar.chunks(size)) parts.push(chunk);
  const bytes = concatBytes(parts);
  if (bytes.length === size) return bytes;
  throw new OciError('ERR_OCI_INVALID', `expected a tar archive, found one that is truncated inside ${quote(name)}`);
}

function partOf(documents: ReadonlyMap<string, Bytes>, name: string): Bytes {
  const bytes = documents.get(name);
  if (bytes !== undefined) return bytes;
  throw new OciError('ERR_OCI_INVALID', `expected an OCI image layout: ${name} is missing`);
}

function tooLarge(limit: number): OciError {
  return new OciError('ERR_OCI_TOO_LARGE', `expected at most ${limit} bytes in the archive, found more`);
}

import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { quote } from '@notarykit/common/internal';
import { type Annotations, createDigester, mediaTypes, OciError } from '@notarykit/oci/internal';
import { type DescribedBlob, describeBlobInput } from '../blob.js';
import { contentDigestAnnotation, titleAnnotation, unpackAnnotation } from './annotations.js';
import { archiveOf, gzip, streamFrom } from './archive.js';
import { checkFilePath } from './path.js';

/** Options of {@link fileLayer}. */
export interface FileLayerOptions {
  /** The name that the layer carries. Default: the last part of the path. */
  readonly title?: string;
  /** Default: `application/octet-stream` for a file, a gzipped tar layer for a directory. */
  readonly mediaType?: string;
  readonly annotations?: Annotations;
  readonly signal?: AbortSignal;
}

/**
 * A file or directory as a layer for `packArtifact` and `attachReferrer`. A directory becomes a gzipped tar that depends on its content
 * alone: sorted, without times and owners. Nothing is held in memory or written to disk: the content is read once to hash it and
 * once to push it.
 *
 * @throws {OciError} `ERR_OCI_PATH` for a link, a device, or a name that is not safe on every system
 *
 * @example
 * ```ts
 * const layers = [await fileLayer('report.json', { mediaType: 'application/json' }), await fileLayer('docs')];
 * await packArtifact(repository, { artifactType: 'application/vnd.example.docs', layers });
 * ```
 */
export async function fileLayer(path: string, options: FileLayerOptions = {}): Promise<DescribedBlob> {
  const title = options.title ?? basename(resolve(path));
  checkFilePath(title);
  const stat = await lstat(path);
  if (stat.isDirectory()) return await directoryLayer(path, title, options);
  if (!stat.isFile())
    throw new OciError('ERR_OCI_PATH', `${quote(path)} is a link or device; pack files and directories only`);
  return await describeBlobInput(
    {
      mediaType: options.mediaType ?? mediaTypes.octetStream,
      content: () => streamFrom(createReadStream(path)),
      annotations: { ...options.annotations, [titleAnnotation]: title },
    },
    options,
  );
}

async function directoryLayer(path: string, title: string, options: FileLayerOptions): Promise<DescribedBlob> {
  const digester = createDigester();
  const blob = await describeBlobInput(
    {
      mediaType: options.mediaType ?? mediaTypes.imageLayerGzip,
      content: () => streamFrom(gzip(observe(archiveOf(path, title), (chunk) => digester.update(chunk)))),
    },
    options,
  );
  const annotations = {
    ...options.annotations,
    [titleAnnotation]: title,
    [unpackAnnotation]: 'true',
    [contentDigestAnnotation]: digester.digest(),
  };
  return { descriptor: { ...blob.descriptor, annotations }, content: () => streamFrom(gzip(archiveOf(path, title))) };
}

async function* observe(
  chunks: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

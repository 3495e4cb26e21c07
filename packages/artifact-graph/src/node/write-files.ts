import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallOptions, defined, iterate, quote } from '@notarykit/common/internal';
import { type Descriptor, OciError, type Repository, verifyStream } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import type { ArtifactReference } from '../view/resolve.js';
import { successors } from '../view/successors.js';
import { openGraph } from '../view/view.js';
import { contentDigestAnnotation, titleAnnotation, unpackAnnotation } from './annotations.js';
import { moveInto } from './move-into.js';
import { checkFilePath, foldName } from './path.js';
import { fileError, type SafeDirectory, safeDirectory, withStaging } from './safe-directory.js';
import { type UnpackLimits, unpack } from './unpack.js';

/** Options of {@link writeFiles}. */
export interface WriteFilesOptions extends UnpackLimits, CallOptions {
  /** Where files are written; made if it is not there. */
  readonly directory: string;
  /**
   * The relative path for a layer, or nothing to leave it out. Names inside an artifact are its author's: {@link titleOf} takes
   * them, after the check that every path goes through.
   */
  readonly name: (layer: Descriptor) => string | undefined;
  /** Whether packed directories are unpacked. Default true. */
  readonly unpack?: boolean;
  /** Whether files that are there are replaced; a directory never is: files go into it, beside what it holds. Default false. */
  readonly overwrite?: boolean;
}

/** A layer on disk. */
export interface WrittenFile {
  readonly layer: Descriptor;
  /** Absolute. */
  readonly path: string;
}

/** The title that the author gave a layer, for {@link WriteFilesOptions.name}. */
export function titleOf({ annotations }: Descriptor): string | undefined {
  return annotations?.[titleAnnotation];
}

/**
 * Writes the layers of an artifact to disk. Each is checked against its digest before it appears under its name; links,
 * devices, and paths that leave the directory are refused; an error leaves no half-written file.
 *
 * @throws {OciError} `ERR_OCI_PATH`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_NOT_FOUND`
 *
 * @example
 * ```ts
 * const files = await writeFiles(repository, 'v1', { directory: 'out', name: titleOf });
 * ```
 */
export async function writeFiles(
  repository: Repository,
  reference: ArtifactReference,
  options: WriteFilesOptions,
): Promise<readonly WrittenFile[]> {
  const view = openGraph(repository);
  const { descriptor: root } = await view.resolve(reference, callOptions(options));
  const { manifest } = await view.manifest(root, callOptions(options));
  const planned = plan(
    successors(manifest)
      .filter(({ role }) => role === 'layer' || role === 'blob')
      .map((s) => s.descriptor),
    options,
  );
  try {
    await mkdir(options.directory, { recursive: true });
    const directory = await realpath(options.directory);
    return await withStaging(directory, async (staging) => {
      const files: WrittenFile[] = [];
      for (const { layer, name } of planned)
        files.push(await writeLayer(repository, { layer, name, directory, staging, options }));
      return files;
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw fileError(error, `the files of ${root.digest}`);
  }
}

interface PlannedFile {
  readonly layer: Descriptor;
  readonly name: string;
}

function plan(layers: readonly Descriptor[], { name }: WriteFilesOptions): readonly PlannedFile[] {
  const taken = new Set<string>();
  return layers.flatMap((layer) => {
    const given = name(layer);
    if (given === undefined) return [];
    const path = checkFilePath(given);
    if (taken.has(foldName(path))) throw new OciError('ERR_OCI_PATH', `two layers would be written to ${quote(path)}`);
    taken.add(foldName(path));
    return [{ layer, name: path }];
  });
}

interface LayerToWrite extends PlannedFile {
  readonly directory: string;
  readonly staging: SafeDirectory;
  readonly options: WriteFilesOptions;
}

async function writeLayer(repository: Repository, work: LayerToWrite): Promise<WrittenFile> {
  const { layer, name, directory, options } = work;
  const content = verifyStream(await repository.fetch(layer, callOptions(options)), layer);
  const packed = options.unpack !== false && layer.annotations?.[unpackAnnotation] === 'true';
  const staged = packed ? await unpackLayer(content, work) : await stageFile(content, work);
  const path = await (await safeDirectory(directory)).place(name);
  await moveInto(staged, path, options.overwrite === true);
  return { layer, path };
}

async function stageFile(content: ReadableStream<Uint8Array>, { staging, options }: LayerToWrite): Promise<string> {
  const name = randomUUID();
  await staging.writeFile(name, 0o644, iterate(content, options.signal));
  return join(staging.path, name);
}

async function unpackLayer(
  content: ReadableStream<Uint8Array>,
  { layer, staging, options }: LayerToWrite,
): Promise<string> {
  const digest = layer.annotations?.[contentDigestAnnotation];
  const name = randomUUID();
  await staging.makeDirectory(name);
  const inside = await safeDirectory(join(staging.path, name));
  await unpack({ content, compressed: /[+.]gzip$/.test(layer.mediaType), ...defined({ digest }) }, inside, options);
  return await belowTitle(inside.path, titleOf(layer));
}

/** Packers put the title before every name in the archive; the files are below it. */
async function belowTitle(path: string, title = ''): Promise<string> {
  let below = path;
  for (const part of title.split('/')) {
    const children = await readdir(below, { withFileTypes: true });
    const [only] = children;
    if (children.length !== 1 || only?.name !== part || !only.isDirectory()) return path;
    below = join(below, part);
  }
  return below;
}

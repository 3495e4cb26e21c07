import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import { type FileLayerOptions, fileLayer } from '@notarykit/artifact-graph/node';
import { mediaTypes } from '@notarykit/oci/internal';

/** A file as it is typed: its path, and what follows the last colon. */
export interface FileArgument {
  readonly path: string;
  readonly mediaType?: string;
}

/** `file`, `file:type`, or `file:` for a name with a colon and the usual type. */
export function parseFileArgument(text: string): FileArgument {
  const at = text.lastIndexOf(':');
  // What begins like a path is not a media type: `C:\sbom.json`, `./a:b/../c`.
  if (at < 1 || /^[\\/]/.test(text.slice(at + 1))) return { path: text };
  const [path, mediaType] = [text.slice(0, at), text.slice(at + 1)];
  return mediaType === '' ? { path } : { path, mediaType };
}

/** A file or folder as a layer, under the relative path that was typed, as oras names it. */
export async function layerOf(text: string): ReturnType<typeof fileLayer> {
  const { path, mediaType } = parseFileArgument(text);
  const title = posix.normalize(path.replaceAll('\\', '/')).replace(/\/+$/, '');
  return await fileLayer(path, { title, ...(await typeOf(path, mediaType)) });
}

async function typeOf(path: string, mediaType: string | undefined): Promise<FileLayerOptions> {
  if (mediaType !== undefined) return { mediaType };
  return (await lstat(path)).isDirectory() ? {} : { mediaType: mediaTypes.imageLayer };
}

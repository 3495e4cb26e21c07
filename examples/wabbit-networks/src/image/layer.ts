import { decodeUtf8, utf8 } from '@notarykit/common';
import { readTar, writeTar } from './tar.js';

/** A file of an image, by its path from the root. */
export interface ImageFile {
  readonly path: string;
  readonly content: string;
  readonly executable?: boolean;
}

/** A layer with the files in it and the directories above them; equal files give equal bytes. */
export function layerOf(files: readonly ImageFile[]): Uint8Array<ArrayBuffer> {
  const directories = new Set(files.flatMap(({ path }) => parentsOf(path)));
  return writeTar([
    ...[...directories].sort().map((name) => ({ name: `${name}/`, mode: 0o755, content: utf8('') })),
    ...files.map(({ path, content, executable }) => ({
      name: path,
      mode: executable === true ? 0o755 : 0o644,
      content: utf8(content),
    })),
  ]);
}

/** The files of a layer. */
export function filesOf(layer: Uint8Array<ArrayBuffer>): readonly ImageFile[] {
  return readTar(layer)
    .filter(({ name }) => !name.endsWith('/'))
    .map(({ name, content }) => ({ path: name, content: decodeUtf8(content) }));
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

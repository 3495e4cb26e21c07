import { concatBytes, decodeUtf8, utf8 } from '@notarykit/common';
import { buildTarEntry, readTarMembers, tarEnd, tarPadding, tarStream } from '@notarykit/oci';

/** A file of an image, by its path from the root. */
export interface ImageFile {
  readonly path: string;
  readonly content: string;
  readonly executable?: boolean;
}

/** A layer with the files in it and the directories above them; equal files give equal bytes. */
export function layerOf(files: readonly ImageFile[]): Uint8Array<ArrayBuffer> {
  const directories = new Set(files.flatMap(({ path }) => parentsOf(path)));
  const entries = [...directories]
    .sort()
    .map((name) => buildTarEntry({ name, type: 'directory', mode: 0o755, size: 0 }));
  const members = files.flatMap(({ path, content, executable }) => {
    const bytes = utf8(content);
    const mode = executable === true ? 0o755 : 0o644;
    return [buildTarEntry({ name: path, type: 'file', mode, size: bytes.length }), bytes, tarPadding(bytes.length)];
  });
  return concatBytes([...entries, ...members, tarEnd()]);
}

/** The files of a layer. */
export async function filesOf(layer: Uint8Array<ArrayBuffer>): Promise<readonly ImageFile[]> {
  const source = tarStream(new Blob([layer]).stream());
  const files: ImageFile[] = [];
  for await (const { name, type, size } of readTarMembers(source))
    if (type === 'file') files.push({ path: name, content: decodeUtf8(await source.read(size)) });
  return files;
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

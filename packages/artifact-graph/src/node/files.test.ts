import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { concatBytes, utf8 } from '@notarykit/common';
import { memoryRepository } from '@notarykit/oci';
import { buildTarEntry, tarEnd, tarPadding } from '@notarykit/oci/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packArtifact } from '../index.js';
import { fileLayer, titleOf, writeFiles } from '../node.js';

const artifactType = 'application/vnd.test.files';
const repository = () => memoryRepository('registry.test/files');
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'notarykit-files-'));
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

async function tree(name: string): Promise<string> {
  const path = join(root, name);
  await mkdir(join(path, 'sub', 'empty'), { recursive: true });
  await writeFile(join(path, 'b.txt'), 'second');
  await writeFile(join(path, 'a.sh'), 'first', { mode: 0o755 });
  await writeFile(join(path, 'sub', `${'long'.repeat(40)}.txt`), 'x'.repeat(100_000));
  return path;
}

describe('fileLayer', () => {
  it('gives equal digests for equal content, whatever times and order', async () => {
    const one = await tree('one');
    const two = await tree('two');
    await utimes(join(two, 'b.txt'), 1, 1);
    const [a, b] = [await fileLayer(one, { title: 'app' }), await fileLayer(two, { title: 'app' })];
    expect(a.descriptor).toEqual(b.descriptor);
  });

  it('L7 refuses to pack a link', async () => {
    const path = await tree('linked');
    await symlink('/etc/passwd', join(path, 'link'));
    await expect(fileLayer(path)).rejects.toMatchObject({ code: 'ERR_OCI_PATH' });
  });
});

describe('writeFiles', () => {
  it('reads back what was packed', async () => {
    const target = repository();
    const layers = [
      await fileLayer(await tree('app')),
      await fileLayer(join(root, 'app', 'b.txt'), { title: 'notes/b.txt' }),
    ];
    const { descriptor } = await packArtifact(target, { artifactType, layers });
    const out = join(root, 'out');
    const files = await writeFiles(target, descriptor, { directory: out, name: titleOf });
    expect(files).toHaveLength(2);
    expect(await readFile(join(out, 'app', 'a.sh'), 'utf8')).toBe('first');
    expect((await stat(join(out, 'app', 'a.sh'))).mode & 0o100).toBe(0o100);
    expect(await readdir(join(out, 'app', 'sub', 'empty'))).toEqual([]);
    expect(await readFile(join(out, 'notes', 'b.txt'), 'utf8')).toBe('second');
    expect((await readdir(out)).sort()).toEqual(['app', 'notes']);
    await expect(writeFiles(target, descriptor, { directory: out, name: titleOf })).rejects.toMatchObject({
      code: 'ERR_OCI_PATH',
    });
    await writeFiles(target, descriptor, { directory: out, name: titleOf, overwrite: true });
  });

  const titles = [
    '../x',
    '/etc/x',
    'CON',
    'aux.txt',
    'a/../../x',
    'C:x',
    'a\\b',
    'x'.repeat(300),
    '.git/hooks/x',
    'GIT~1/hooks/x',
    '.g\u200cit/hooks/x',
    'x.',
    'a\u0000',
    '',
  ];
  it.each(titles)('L9 never writes to the title %j', async (title) => {
    const target = repository();
    const annotations = { 'org.opencontainers.image.title': title };
    const layers = [{ mediaType: 'text/plain', content: utf8('x'), annotations }];
    const { descriptor } = await packArtifact(target, { artifactType, layers });
    const directory = join(root, 'out');
    await expect(writeFiles(target, descriptor, { directory, name: titleOf })).rejects.toMatchObject({
      code: 'ERR_OCI_PATH',
    });
    const written = await writeFiles(target, descriptor, { directory, name: () => 'safe.txt' });
    expect(written).toHaveLength(1);
  });

  it('L9 writes nothing through a link in the directory', async () => {
    const target = repository();
    const layers = [{ mediaType: 'text/plain', content: utf8('x') }];
    const { descriptor } = await packArtifact(target, { artifactType, layers });
    await mkdir(join(root, 'out'));
    await mkdir(join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), join(root, 'out', 'sub'));
    const writing = writeFiles(target, descriptor, { directory: join(root, 'out'), name: () => 'sub/x' });
    await expect(writing).rejects.toMatchObject({ code: 'ERR_OCI_PATH' });
    expect(await readdir(join(root, 'elsewhere'))).toEqual([]);
  });

  async function pushTitled(title: string, content = 'new') {
    const target = repository();
    const annotations = { 'org.opencontainers.image.title': title };
    const layers = [{ mediaType: 'text/plain', content: utf8(content), annotations }];
    return { target, subject: (await packArtifact(target, { artifactType, layers })).descriptor };
  }

  it('L10 never replaces a directory by a file', async () => {
    const directory = join(root, 'out');
    await mkdir(join(directory, 'src', 'deep'), { recursive: true });
    await writeFile(join(directory, 'src', 'deep', 'kept.txt'), 'kept');
    const { target, subject } = await pushTitled('src');
    const writing = writeFiles(target, subject, { directory, name: titleOf, overwrite: true });
    await expect(writing).rejects.toMatchObject({ code: 'ERR_OCI_PATH' });
    expect(await readFile(join(directory, 'src', 'deep', 'kept.txt'), 'utf8')).toBe('kept');
    expect(await readdir(directory)).toEqual(['src']);
  });

  it('L10 replaces files, and links themselves, where it may overwrite', async () => {
    const directory = join(root, 'out');
    await mkdir(directory);
    await writeFile(join(directory, 'src'), 'old');
    await writeFile(join(root, 'elsewhere.txt'), 'kept');
    await symlink(join(root, 'elsewhere.txt'), join(directory, 'link'));
    for (const title of ['src', 'link']) {
      const { target, subject } = await pushTitled(title);
      await writeFiles(target, subject, { directory, name: titleOf, overwrite: true });
      expect(await readFile(join(directory, title), 'utf8')).toBe('new');
    }
    expect(await readFile(join(root, 'elsewhere.txt'), 'utf8')).toBe('kept');
  });

  it('L10 unpacks into a directory that is there and keeps what else is in it', async () => {
    const target = repository();
    const layers = [await fileLayer(await tree('app'))];
    const { descriptor } = await packArtifact(target, { artifactType, layers });
    const directory = join(root, 'out');
    await mkdir(join(directory, 'app', 'sub'), { recursive: true });
    await writeFile(join(directory, 'app', 'sub', 'own.txt'), 'kept');
    await writeFile(join(directory, 'app', 'b.txt'), 'old');
    await writeFiles(target, descriptor, { directory, name: titleOf, overwrite: true });
    expect(await readFile(join(directory, 'app', 'sub', 'own.txt'), 'utf8')).toBe('kept');
    expect(await readFile(join(directory, 'app', 'b.txt'), 'utf8')).toBe('second');
  });

  it('L10 moves nothing of a packed directory when one of its files meets a directory', async () => {
    const target = repository();
    const layers = [await fileLayer(await tree('app'))];
    const { descriptor } = await packArtifact(target, { artifactType, layers });
    const directory = join(root, 'out');
    await mkdir(join(directory, 'app', 'b.txt'), { recursive: true });
    await writeFile(join(directory, 'app', 'b.txt', 'own.txt'), 'kept');
    const writing = writeFiles(target, descriptor, { directory, name: titleOf, overwrite: true });
    await expect(writing).rejects.toMatchObject({ code: 'ERR_OCI_PATH' });
    expect(await readdir(join(directory, 'app'))).toEqual(['b.txt']);
    expect(await readdir(join(directory, 'app', 'b.txt'))).toEqual(['own.txt']);
  });

  it('L11 refuses a path of more than 2,048 characters before anything is made', async () => {
    const { target, subject } = await pushTitled(Array(1025).fill('a').join('/'));
    const directory = join(root, 'out');
    await expect(writeFiles(target, subject, { directory, name: titleOf })).rejects.toMatchObject({
      code: 'ERR_OCI_PATH',
    });
    expect(await readdir(root)).toEqual([]);
  });

  async function packArchive(archive: Uint8Array) {
    const target = repository();
    const annotations = { 'org.opencontainers.image.title': 'app', 'io.deis.oras.content.unpack': 'true' };
    const layers = [
      { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', content: gzipSync(archive), annotations },
    ];
    return { target, subject: (await packArtifact(target, { artifactType, layers })).descriptor };
  }
  const member = (name: string, content = utf8('x')) =>
    concatBytes([
      buildTarEntry({ name, type: 'file', mode: 0o644, size: content.length }),
      content,
      tarPadding(content.length),
    ]);

  const archives: [string, () => Uint8Array, string][] = [
    ['a name that climbs out', () => member('../x'), 'ERR_OCI_PATH'],
    ['an absolute name', () => member('/tmp/x'), 'ERR_OCI_PATH'],
    ['names that differ in case only', () => concatBytes([member('app/a'), member('app/A')]), 'ERR_OCI_PATH'],
    [
      'a directory that differs in case only',
      () => concatBytes([member('app/d/a'), member('app/D/b')]),
      'ERR_OCI_PATH',
    ],
    ['a file as a parent', () => concatBytes([member('app/a'), member('app/a/b')]), 'ERR_OCI_PATH'],
    ['a hook of git', () => member('app/.git/hooks/post-checkout'), 'ERR_OCI_PATH'],
    ['a broken archive', () => member('app/a').subarray(0, 600), 'ERR_OCI_INVALID'],
    ['a symbolic link', () => linkMember(), 'ERR_OCI_PATH'],
  ];
  function linkMember(): Uint8Array {
    const header = member('app/link', utf8('')).slice();
    header[156] = 0x32;
    const sum = header.subarray(0, 512).reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
    header.set(utf8(`${sum.toString(8).padStart(6, '0')}\u0000 `), 148);
    return header;
  }

  it.each(archives)('L7 refuses %s and leaves nothing', async (_, archive, code) => {
    const { target, subject } = await packArchive(
      concatBytes([archive(), tarEnd()].slice(0, code === 'ERR_OCI_INVALID' ? 1 : 2)),
    );
    const directory = join(root, 'out');
    await expect(writeFiles(target, subject, { directory, name: titleOf })).rejects.toMatchObject({ code });
    expect(await readdir(directory)).toEqual([]);
  });

  it('L8 refuses an archive that grows beyond measure', async () => {
    const { target, subject } = await packArchive(
      concatBytes([member('app/zeros', new Uint8Array(8 * 1024 * 1024)), tarEnd()]),
    );
    const directory = join(root, 'out');
    await expect(writeFiles(target, subject, { directory, name: titleOf })).rejects.toMatchObject({
      code: 'ERR_OCI_TOO_LARGE',
    });
    await expect(
      writeFiles(target, subject, { directory, name: titleOf, maxRatio: 5000, maxBytes: 1024 }),
    ).rejects.toMatchObject({ code: 'ERR_OCI_TOO_LARGE' });
    expect(await readdir(directory)).toEqual([]);
    await writeFiles(target, subject, { directory, name: titleOf, maxRatio: 5000 });
  });

  it('refuses an archive that is not a gzip', async () => {
    const target = repository();
    const annotations = { 'org.opencontainers.image.title': 'app', 'io.deis.oras.content.unpack': 'true' };
    const layers = [{ mediaType: 'application/x+gzip', content: utf8('no gzip at all'), annotations }];
    const { descriptor } = await packArtifact(target, { artifactType, layers });
    const writing = writeFiles(target, descriptor, { directory: join(root, 'out'), name: titleOf });
    await expect(writing).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });
});

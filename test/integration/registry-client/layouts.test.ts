import { execFile, spawnSync } from 'node:child_process';
import * as fsPromises from 'node:fs/promises';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { temporaryName } from '@notarykit/common/internal/node';
import { type Descriptor, describe as describeContent, mediaTypes } from '@notarykit/oci';
import { type FileSystem, type LayoutRepository, openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobOf, bytesOf, listAll, readAll } from './support.js';
import { pushArtifact } from './workflow.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layout-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (name = 'layout'): Promise<LayoutRepository> => openLayout(join(folder, name), { create: true });
const blobPath = ({ digest }: Descriptor, name = 'layout'): string => join(folder, name, 'blobs', ...digest.split(':'));
const errorOf = (code: string): object => ({ code });

describe('layout', () => {
  it('behaves like a registry', async () => {
    const layout = await create();
    const subject = await pushArtifact(layout, 'application/vnd.test.image');
    await layout.tag(subject, 'v1', { ifMatch: null });
    const referrer = await pushArtifact(layout, 'application/vnd.cncf.notary.signature', {
      subject,
      annotations: { a: 'b' },
    });
    expect(await layout.resolve('v1')).toEqual(subject);
    expect(await layout.resolve(referrer.digest)).toEqual(referrer);
    const [found] = await listAll(layout.referrers(subject, { artifactType: 'application/vnd.cncf.notary.signature' }));
    expect(found).toMatchObject({ ...referrer, annotations: { a: 'b' } });
    await expect(layout.tag(referrer, 'v1', { ifMatch: referrer.digest })).rejects.toMatchObject(
      errorOf('ERR_OCI_CONFLICT'),
    );
    await layout.tag(referrer, 'v1', { ifMatch: subject.digest });
    expect(await listAll(layout.tags())).toEqual(['v1']);
    // What lost its tag is still found.
    expect(await layout.resolve(subject.digest)).toEqual(subject);
    await layout.untag('v1');
    await layout.delete(referrer);
    expect(await listAll(layout.referrers(subject))).toEqual([]);
    await expect(layout.fetch(referrer)).rejects.toMatchObject(errorOf('ERR_OCI_NOT_FOUND'));
    expect((await readdir(join(folder, 'layout'))).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('lists a child of an index only while no index names it', async () => {
    const layout = await create();
    const child = await pushArtifact(layout, 'application/vnd.child');
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [child] }));
    const index = describeContent(mediaTypes.imageIndex, bytes);
    await layout.push(index, bytes);
    const entries = async () => JSON.parse(await readFile(join(folder, 'layout', 'index.json'), 'utf8')).manifests;
    expect((await entries()).map(({ digest }: Descriptor) => digest)).toEqual([index.digest]);
    expect(await layout.resolve(child.digest)).toEqual(child);
    await layout.delete(index);
    expect((await entries()).map(({ digest }: Descriptor) => digest)).toEqual([child.digest]);
  });

  it('makes equal archives of equal content, whatever the order', async () => {
    const archive = async (name: string, order: readonly number[]): Promise<Buffer> => {
      const tar = await openLayoutTar(join(folder, name), { create: true });
      const made: Descriptor[] = [];
      for (const i of order) made[i] = await pushArtifact(tar, `application/vnd.n${i}`, {}, bytesOf(1000 + i));
      for (const i of order) await tar.tag(made[i] as Descriptor, `v${i}`);
      await tar.save();
      await tar.close();
      return await readFile(join(folder, name));
    };
    const [one, two] = [await archive('one.tar', [0, 1, 2]), await archive('two.tar', [2, 0, 1])];
    expect(Buffer.compare(one, two)).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['one.tar', 'two.tar']);
    const again = await openLayoutTar(join(folder, 'one.tar'));
    expect(await listAll(again.tags())).toEqual(['v0', 'v1', 'v2']);
    await again.tag(await again.resolve('v0'), 'latest');
    await writeFile(join(folder, 'one.tar'), two);
    await expect(again.save()).rejects.toMatchObject(errorOf('ERR_OCI_CONFLICT'));
    await again.close();
  });

  it('keeps sha512 content in an archive', async () => {
    const bytes = bytesOf(100);
    const { digestOf } = await import('@notarykit/oci');
    const descriptor = { ...blobOf(bytes), digest: digestOf(bytes, 'sha512') };
    const tar = await openLayoutTar(join(folder, 'a.tar'), { create: true });
    await tar.push(descriptor, bytes);
    await tar.save();
    await tar.close();
    const again = await openLayoutTar(join(folder, 'a.tar'));
    expect(Buffer.compare(await readAll(again, descriptor), bytes)).toBe(0);
    await again.close();
  });
});

it('L4 eight processes write to one layout, and a reader sees whole states only', async () => {
  await create();
  const program = bundle('layout-writer.ts', join(folder, 'writer.mjs'));
  const run = promisify(execFile);
  const reading = { stop: false };
  const reader = (async () => {
    while (!reading.stop) {
      const layout = await openLayout(join(folder, 'layout'));
      for (const tag of await listAll(layout.tags())) await readAll(layout, await layout.resolve(tag));
    }
  })();
  await Promise.all(
    Array.from({ length: 8 }, (_, i) => run(process.execPath, [program, join(folder, 'layout'), String(i), '5'])),
  ).finally(() => {
    reading.stop = true;
  });
  await reader;
  const tags = await listAll((await openLayout(join(folder, 'layout'))).tags());
  expect(tags.length).toBe(40);
  expect((await readdir(join(folder, 'layout'))).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
});

it('L4 the lock of a process that is gone is taken over', async () => {
  const layout = await create();
  const { hostname } = await import('node:os');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(join(folder, 'layout', 'index.json.lock'), `${pid} ${hostname()}`);
  const manifest = await pushArtifact(layout, 'application/vnd.test');
  await layout.tag(manifest, 'v1');
  expect(await listAll(layout.tags())).toEqual(['v1']);
});

it('D3 the lock of a process that had this id before this one is taken over', async () => {
  const layout = await create();
  const lock = join(folder, 'layout', 'index.json.lock');
  let text = '';
  const fileSystem = {
    ...fsPromises,
    link: async (...given: Parameters<typeof fsPromises.link>) => {
      text = await readFile(given[0] as string, 'utf8');
      return fsPromises.link(...given);
    },
  } as unknown as FileSystem;
  await pushArtifact(await openLayout(join(folder, 'layout'), { fileSystem }), 'application/vnd.first');
  await writeFile(lock, JSON.stringify({ ...JSON.parse(text), start: JSON.parse(text).start === '' ? '' : '1' }));
  await layout.tag(await pushArtifact(layout, 'application/vnd.test'), 'v1');
  expect(await listAll(layout.tags())).toEqual(['v1']);
}, 60_000);

it('L4 a lock that changed hands while it was looked at is not taken over', async () => {
  await create();
  const { hostname } = await import('node:os');
  const lock = join(folder, 'layout', 'index.json.lock');
  const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
  // Held by this process, which is alive; the first look shows the holder before, who has ended since.
  await writeFile(lock, `${process.pid} ${hostname()}`);
  let looks = 0;
  const fileSystem = {
    ...fsPromises,
    readFile: async (...given: Parameters<typeof readFile>) =>
      given[0] === lock && ++looks === 1 ? `${gone} ${hostname()}` : readFile(...given),
  } as unknown as FileSystem;
  const layout = await openLayout(join(folder, 'layout'), { fileSystem });
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
  let pushed = false;
  const pushing = layout.push(describeContent(mediaTypes.imageIndex, bytes), bytes).then(() => {
    pushed = true;
  });
  await expect.poll(() => looks, { timeout: 30_000 }).toBeGreaterThan(3);
  expect(pushed).toBe(false);
  await unlink(lock);
  await pushing;
  expect((await readdir(join(folder, 'layout'))).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
});

describe('L5 links', () => {
  it('L5 a blob, a folder of blobs, index.json or oci-layout that is a link is refused', async () => {
    const layout = await create();
    const manifest = await pushArtifact(layout, 'application/vnd.test');
    await layout.tag(manifest, 'v1');
    const root = join(folder, 'layout');
    const linked = async (path: string, work: () => Promise<unknown>): Promise<void> => {
      await rename(path, join(folder, 'aside'));
      await symlink(join(folder, 'aside'), path);
      await expect(work(), path).rejects.toMatchObject(errorOf('ERR_OCI_PATH'));
      await unlink(path);
      await rename(join(folder, 'aside'), path);
    };
    await linked(blobPath(manifest), () => layout.fetch(manifest));
    await linked(join(root, 'blobs', 'sha256'), () => layout.fetch(manifest));
    await linked(join(root, 'blobs'), () => layout.push(blobOf(bytesOf(5)), bytesOf(5)));
    await linked(join(root, 'index.json'), () => layout.resolve('v1'));
    await linked(join(root, 'oci-layout'), () => openLayout(root));
    await mkdir(join(root, 'blobs', 'sha256', 'a'.repeat(64)));
    const folderBlob = { ...manifest, digest: `sha256:${'a'.repeat(64)}` as const };
    await expect(layout.fetch(folderBlob)).rejects.toMatchObject(errorOf('ERR_OCI_PATH'));
    await expect(layout.fetch({ ...manifest, digest: 'sha256:../../index.json' })).rejects.toMatchObject(
      errorOf('ERR_OCI_INVALID'),
    );
  });
});

it('L6 a blob whose content does not fit its name is found when it is read', async () => {
  const layout = await create();
  const bytes = bytesOf(1000);
  await layout.push(blobOf(bytes), bytes);
  await unlink(blobPath(blobOf(bytes)));
  await writeFile(blobPath(blobOf(bytes)), bytesOf(1000, 2));
  await expect(readAll(layout, blobOf(bytes))).rejects.toMatchObject(errorOf('ERR_OCI_DIGEST_MISMATCH'));
  await unlink(blobPath(blobOf(bytes)));
  await writeFile(blobPath(blobOf(bytes)), bytesOf(999));
  await expect(layout.fetch(blobOf(bytes))).rejects.toMatchObject(errorOf('ERR_OCI_SIZE_MISMATCH'));
  // A file that a crash of another writer cut short is written again.
  expect(await layout.exists(blobOf(bytes))).toBe(false);
  await layout.push(blobOf(bytes), bytes);
  expect(Buffer.compare(await readAll(layout, blobOf(bytes)), bytes)).toBe(0);
});

describe('wrong content', () => {
  it('leaves nothing behind', async () => {
    const layout = await create();
    const bytes = bytesOf(1000);
    await expect(layout.push(blobOf(bytes), bytesOf(1000, 2))).rejects.toMatchObject(
      errorOf('ERR_OCI_DIGEST_MISMATCH'),
    );
    await expect(layout.push(blobOf(bytes), () => streamOf(bytesOf(2000)))).rejects.toMatchObject(
      errorOf('ERR_OCI_SIZE_MISMATCH'),
    );
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(layout.push(blobOf(bytes), bytes, { signal: controller.signal })).rejects.toThrow('enough');
    const bad = utf8('{"schemaVersion":2}');
    await expect(layout.push(describeContent(mediaTypes.imageIndex, bad), bad)).rejects.toMatchObject(
      errorOf('ERR_OCI_INVALID'),
    );
    expect(await listAll(layout.contents())).toEqual([]);
    expect(await readdir(join(folder, 'layout', 'blobs', 'sha256'))).toEqual([]);
  });
});

describe('L10 a failing file system', () => {
  const calls = ['lstat', 'mkdir', 'open', 'rename', 'write', 'sync'] as const;
  it.each(calls)(
    'L10 every failure of %s ends in a code, leaves the earlier state and no temporary file',
    async (call) => {
      const layout = await create();
      const first = await pushArtifact(layout, 'application/vnd.first');
      await layout.tag(first, 'v1');
      let failures = 0;
      for (let nth = 1; nth <= 40; nth++) {
        const { fileSystem, failed } = failing(call, nth, ['ENOSPC', 'EROFS', 'EDQUOT', 'EMFILE'][nth % 4] ?? 'EIO');
        const work = async (): Promise<void> => {
          const flaky = await openLayout(join(folder, 'layout'), { fileSystem });
          const manifest = await pushArtifact(flaky, `application/vnd.n${nth}`, {}, bytesOf(100 + nth));
          await flaky.tag(manifest, 'v2');
        };
        const error = await work().then(
          () => undefined,
          (cause: unknown) => cause as { code?: string },
        );
        if (!failed()) break;
        failures++;
        if (error !== undefined) expect(error.code, `${call} ${nth}`).toBe('ERR_REGISTRY_STORAGE');
        expect(await layout.resolve('v1')).toEqual(first);
        for (const tag of await listAll(layout.tags())) await readAll(layout, await layout.resolve(tag));
        const names = [
          ...(await readdir(join(folder, 'layout'))),
          ...(await readdir(join(folder, 'layout', 'blobs', 'sha256'))),
        ];
        expect(
          names.filter((name) => /\.(tmp|lock)/.test(name)),
          `${call} ${nth}`,
        ).toEqual([]);
      }
      expect(failures).toBeGreaterThan(0);
    },
  );
});

describe('an archive', () => {
  it('D6 removes files of killed writers, and nothing else', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const archive = join(folder, 'a.tar');
    const dead = (name: string): string => name.replace(`.${process.pid}-`, `.${pid}-`);
    const left = [temporaryName(archive), temporaryName(archive, 'staging'), temporaryName(`${archive}.lock`)].map(
      dead,
    );
    const kept = dead(temporaryName(join(folder, 'b.tar')));
    await mkdir(join(left[1] as string, 'blobs'), { recursive: true });
    for (const name of [left[0], left[2], kept]) await writeFile(name as string, '');
    const tar = await openLayoutTar(archive, { create: true });
    await pushArtifact(tar, 'application/vnd.test');
    await tar.save();
    await tar.close();
    expect((await readdir(folder)).sort()).toEqual(['a.tar', basename(kept)].sort());
  });

  const calls = ['lstat', 'mkdir', 'open', 'rename', 'write', 'sync', 'stat', 'link', 'rm'] as const;
  it.each(calls)('L10 every failure of %s ends in a code and leaves the earlier archive', async (call) => {
    const archive = join(folder, 'a.tar');
    const first = await openLayoutTar(archive, { create: true });
    await first.tag(await pushArtifact(first, 'application/vnd.first'), 'v1');
    await first.save();
    await first.close();
    let failures = 0;
    for (let nth = 1; nth <= 40; nth++) {
      const { fileSystem, failed } = failing(call, nth, ['ENOSPC', 'EACCES', 'EFBIG', 'EMFILE'][nth % 4] ?? 'EIO');
      const work = async (): Promise<void> => {
        const flaky = await openLayoutTar(archive, { fileSystem });
        try {
          const manifest = await pushArtifact(flaky, `application/vnd.n${nth}`, {}, bytesOf(100 + nth));
          await flaky.tag(manifest, 'v2');
          await flaky.save();
        } finally {
          await flaky.close();
        }
      };
      const error = await work().then(
        () => undefined,
        (cause: unknown) => cause as { code?: string },
      );
      if (!failed()) break;
      failures++;
      if (error !== undefined) expect(error.code, `${call} ${nth}`).toBe('ERR_REGISTRY_STORAGE');
      const again = await openLayoutTar(archive);
      await readAll(again, await again.resolve('v1'));
      await again.close();
      for (const name of await readdir(folder)) if (name !== 'a.tar') await rm(join(folder, name), { recursive: true });
    }
    expect(failures).toBeGreaterThan(0);
  });
});

/** One file of a TypeScript program with all that it imports, for its own process. */
function bundle(source: string, outfile: string): string {
  // The bundler belongs to the build tool of the workspace.
  const fromRoot = createRequire(join(import.meta.dirname, '../../../package.json'));
  const esbuild = createRequire(fromRoot.resolve('tsup'))('esbuild') as { buildSync(options: object): unknown };
  esbuild.buildSync({
    entryPoints: [join(import.meta.dirname, source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@notarykit/source', 'node', 'import'],
    outfile,
  });
  return outfile;
}

/** A file system whose n-th call of one kind fails. */
function failing(call: string, nth: number, code: string): { fileSystem: FileSystem; failed: () => boolean } {
  let count = 0;
  let failed = false;
  const hit = (name: string): void => {
    if (name !== call || ++count !== nth) return;
    failed = true;
    throw Object.assign(new Error(`${code}: a fault of the test`), { code });
  };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value = Reflect.get(object, name) as unknown;
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          hit(String(name));
          const result: unknown = await (value as (...all: unknown[]) => unknown).apply(object, given);
          return name === 'open' ? wrap(result as object) : result;
        };
      },
    });
  return { fileSystem: wrap({ ...fsPromises, open }) as unknown as FileSystem, failed: () => failed };
}

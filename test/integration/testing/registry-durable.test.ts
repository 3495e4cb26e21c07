import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, digestOf, mediaTypes } from '@notarykit/oci';
import { maxIndexSize } from '@notarykit/oci/internal';
import { openLayout } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry, type EmbeddedRegistry, type EmbeddedRegistryOptions } from '@notarykit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root = '';
let directory = '';
const open: EmbeddedRegistry[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'notarykit-durable-'));
  directory = join(root, 'registry');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.close().catch(() => undefined)));
  rmSync(root, { recursive: true, force: true });
});

function start(options: EmbeddedRegistryOptions = {}): EmbeddedRegistry {
  const registry = createEmbeddedRegistry({ directory, ...options });
  open.push(registry);
  return registry;
}

async function stop(registry: EmbeddedRegistry): Promise<void> {
  open.splice(open.indexOf(registry), 1);
  await registry.close();
}

const type = mediaTypes.imageIndex;
const manifest = (name: string, more: object = {}) => {
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [], annotations: { name }, ...more }),
  );
  return { bytes, descriptor: describeContent(type, bytes) };
};
const at = (path: string): string => `http://registry.test/v2/app/${path}`;

async function ask(registry: EmbeddedRegistry, method: string, path: string, body?: Bytes, headers = {}) {
  const response = await registry.fetch(at(path), { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await new Response(response.body as ReadableStream).text();
  const code = text.startsWith('{"errors"') ? (JSON.parse(text).errors[0].code as string) : undefined;
  return { status: response.status, code, text, headers: response.headers };
}

const put = (registry: EmbeddedRegistry, reference: string, bytes: Bytes) =>
  ask(registry, 'PUT', `manifests/${reference}`, bytes, { 'content-type': type });
const digestAt = async (registry: EmbeddedRegistry, reference: string) => {
  const { status, headers } = await ask(registry, 'HEAD', `manifests/${reference}`);
  return status === 200 ? headers.get('docker-content-digest') : status;
};
const referrersOf = async (registry: EmbeddedRegistry, { digest }: Descriptor): Promise<number> =>
  JSON.parse((await ask(registry, 'GET', `referrers/${digest}`)).text).manifests.length;

/** Makes a file one that cannot be replaced or written to, for whoever asks. */
function block(path: string): () => void {
  renameSync(path, `${path}.aside`);
  mkdirSync(join(path, 'in', 'the', 'way'), { recursive: true });
  return () => {
    rmSync(path, { recursive: true });
    renameSync(`${path}.aside`, path);
  };
}

/** A layout with so many manifests that are not there: enough for the log. */
function large(count = 600): void {
  const manifests = Array.from({ length: count }, (_, i) => ({
    mediaType: type,
    digest: digestOf(utf8(`${i}`)),
    size: 1,
  }));
  mkdirSync(join(directory, 'app'), { recursive: true });
  writeFileSync(join(directory, 'app', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, 'app', 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType: type, manifests }));
}

const log = (): string => join(directory, 'app', '.tables.jsonl');
const index = (): string => join(directory, 'app', 'index.json');

describe('D7 a change that the disk refuses', () => {
  it.each([
    ['small', () => undefined, index],
    ['large', large, log],
  ])('never shows, in a %s repository', async (_, prepare, file) => {
    prepare();
    const [one, two] = [manifest('one'), manifest('two')];
    const referrer = manifest('referrer', { subject: one.descriptor, artifactType: 'application/vnd.test' });
    const registry = start();
    expect((await put(registry, 'prod', one.bytes)).status).toBe(201);
    const free = block(file());
    expect((await put(registry, 'prod', two.bytes)).status).toBe(500);
    expect((await put(registry, referrer.descriptor.digest, referrer.bytes)).status).toBe(500);
    expect((await ask(registry, 'DELETE', `manifests/${one.descriptor.digest}`)).status).toBe(500);
    expect((await ask(registry, 'DELETE', 'manifests/prod')).status).toBe(500);
    const check = async (asked: EmbeddedRegistry): Promise<void> => {
      expect(await digestAt(asked, 'prod')).toBe(one.descriptor.digest);
      expect(await digestAt(asked, one.descriptor.digest)).toBe(one.descriptor.digest);
      expect(await digestAt(asked, two.descriptor.digest)).toBe(404);
      expect(await referrersOf(asked, one.descriptor)).toBe(0);
    };
    await check(registry);
    free();
    await stop(registry);
    await check(start());
  });

  it('leaves a manifest whose bytes cannot be removed', async () => {
    const one = manifest('one');
    const registry = start();
    await put(registry, 'v1', one.bytes);
    const blob = join(directory, 'app', 'blobs', ...one.descriptor.digest.split(':'));
    const free = block(blob);
    expect((await ask(registry, 'DELETE', `manifests/${one.descriptor.digest}`)).status).not.toBe(202);
    free();
    expect(await digestAt(registry, 'v1')).toBe(one.descriptor.digest);
  });

  it('leaves nothing of an upload', async () => {
    const registry = start();
    await put(registry, 'v1', manifest('one').bytes);
    rmSync(join(directory, 'app', 'blobs'), { recursive: true });
    writeFileSync(join(directory, 'app', 'blobs'), 'no folder');
    const bytes = utf8('a blob');
    expect((await ask(registry, 'POST', `blobs/uploads/?digest=${digestOf(bytes)}`, bytes)).status).toBe(500);
    expect(readdirSync(join(directory, '.uploads'))).toEqual([]);
    expect(registry.openUploads()).toBe(0);
  });
});

describe('a large repository', () => {
  it('D7 writes a change down without writing the index, which follows at the end', async () => {
    large();
    const registry = start();
    await put(registry, 'first', manifest('first').bytes);
    const before = statSync(index()).ino;
    const { descriptor, bytes } = manifest('one');
    expect((await put(registry, 'v1', bytes)).status).toBe(201);
    expect(statSync(index()).ino).toBe(before);
    await stop(registry);
    expect(await (await openLayout(join(directory, 'app'))).resolve('v1')).toEqual(descriptor);
    expect(await digestAt(start(), 'v1')).toBe(descriptor.digest);
  });

  /** What a kill leaves: the files as they are now. */
  async function killed(change: (directory: string) => void | Promise<void> = () => undefined) {
    large();
    const registry = start();
    const one = manifest('one');
    const referrer = manifest('referrer', { subject: one.descriptor });
    await put(registry, 'v1', one.bytes);
    await put(registry, referrer.descriptor.digest, referrer.bytes);
    await put(registry, 'gone', manifest('gone').bytes);
    await ask(registry, 'DELETE', 'manifests/gone');
    const copy = join(root, 'killed');
    cpSync(directory, copy, { recursive: true });
    rmSync(join(copy, '.registry.lock'));
    await change(copy);
    const again = start({ directory: copy });
    expect(await digestAt(again, 'v1')).toBe(one.descriptor.digest);
    expect(await referrersOf(again, one.descriptor)).toBe(1);
    expect(await digestAt(again, 'gone')).toBe(404);
    return { again, copy, one };
  }

  it('D7 loses nothing that was acknowledged when it is killed', async () => {
    await killed();
  });

  it('D7 passes over a line that the kill cut short', async () => {
    const { again } = await killed((copy) =>
      writeFileSync(join(copy, 'app', '.tables.jsonl'), '{"tags":[["cut","sha', { flag: 'a' }),
    );
    expect(await digestAt(again, 'cut')).toBe(404);
    expect((await put(again, 'v2', manifest('two').bytes)).status).toBe(201);
  });

  it('D2 takes over what another tool wrote meanwhile', async () => {
    const other = manifest('other');
    const { again, copy, one } = await killed(async (copied) => {
      const layout = await openLayout(join(copied, 'app'));
      await layout.push(other.descriptor, other.bytes);
      await layout.tag(other.descriptor, 'theirs');
    });
    expect(await digestAt(again, 'theirs')).toBe(other.descriptor.digest);
    expect((await put(again, 'v2', manifest('two').bytes)).status).toBe(201);
    await stop(again);
    const third = start({ directory: copy });
    expect(await digestAt(third, 'theirs')).toBe(other.descriptor.digest);
    expect(await digestAt(third, 'v1')).toBe(one.descriptor.digest);
    expect(await digestAt(third, 'v2')).toBe(manifest('two').descriptor.digest);
  });

  it('D7 a repository that became small again is a plain layout', async () => {
    large();
    const registry = start();
    await put(registry, 'v1', manifest('one').bytes);
    expect(existsSync(log())).toBe(true);
    for (let i = 0; i < 200; i++) await ask(registry, 'DELETE', `blobs/${digestOf(utf8(`${i}`))}`);
    await stop(registry);
    expect(await digestAt(start(), 'v1')).toBe(manifest('one').descriptor.digest);
  });
});

it('D1 a registry that is full refuses a push before anything shows', async () => {
  const { descriptor, bytes } = manifest('one');
  mkdirSync(join(directory, 'app', 'blobs', 'sha256'), { recursive: true });
  writeFileSync(join(directory, 'app', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const entry = {
    mediaType: type,
    digest: digestOf(utf8('x')),
    size: 1,
    annotations: { text: 'x'.repeat(maxIndexSize - 400) },
  };
  writeFileSync(index(), JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [entry] }));
  const registry = start();
  expect(await put(registry, 'v'.repeat(120), bytes)).toMatchObject({ status: 507, code: 'STORAGE_FULL' });
  expect(await digestAt(registry, descriptor.digest)).toBe(404);
  expect((await ask(registry, 'GET', 'tags/list')).text).toContain('"tags":[]');
});

it('D2 what others wrote into index.json stays when the registry writes it', async () => {
  const { descriptor, bytes } = manifest('one');
  const entry = {
    ...descriptor,
    platform: { os: 'linux', architecture: 'arm64' },
    urls: ['https://elsewhere.test/'],
    annotations: { 'org.opencontainers.image.ref.name': 'docker.io/library/app:v1', other: 'kept' },
  };
  mkdirSync(join(directory, 'app', 'blobs', 'sha256'), { recursive: true });
  writeFileSync(join(directory, 'app', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, 'app', 'blobs', ...descriptor.digest.split(':')), bytes);
  writeFileSync(index(), JSON.stringify({ schemaVersion: 2, annotations: { top: 'level' }, manifests: [entry] }));
  const registry = start();
  expect(await digestAt(registry, 'v1')).toBe(descriptor.digest);
  await put(registry, 'v2', bytes);
  const written = JSON.parse(readFileSync(index(), 'utf8'));
  expect(written).toMatchObject({ schemaVersion: 2, annotations: { top: 'level' } });
  expect(written.manifests).toContainEqual(entry);
});

describe('D8 the directory of a registry', () => {
  it('belongs to one registry at a time', async () => {
    const first = start();
    await put(first, 'v1', manifest('one').bytes);
    const second = start();
    await expect(second.listen()).rejects.toMatchObject({ code: 'ERR_TESTING_DIRECTORY_IN_USE' });
    expect(await put(second, 'v2', manifest('two').bytes)).toMatchObject({ status: 503, code: 'DIRECTORY_IN_USE' });
    await stop(first);
    expect((await put(second, 'v2', manifest('two').bytes)).status).toBe(201);
    expect(await digestAt(second, 'v1')).toBe(manifest('one').descriptor.digest);
  });

  it('is not written after another registry has taken it over', async () => {
    const first = start();
    await put(first, 'v1', manifest('one').bytes);
    rmSync(join(directory, '.registry.lock'));
    const second = start();
    await put(second, 'v2', manifest('two').bytes);
    expect(await put(first, 'v3', manifest('three').bytes)).toMatchObject({ status: 503, code: 'DIRECTORY_IN_USE' });
    await stop(second);
    expect(await digestAt(start(), 'v2')).toBe(manifest('two').descriptor.digest);
  });
});

describe('D9 uploads that are not finished', () => {
  const begin = async (registry: EmbeddedRegistry, bytes: Bytes): Promise<string> => {
    const { headers } = await ask(registry, 'POST', 'blobs/uploads/');
    const path = (headers.get('location') ?? '').replace('/v2/app/', '');
    expect((await ask(registry, 'PATCH', path, bytes)).status).toBe(202);
    return path;
  };
  const files = (): number => readdirSync(join(directory, '.uploads')).length;

  it('are bounded in number, the oldest goes first', async () => {
    const registry = start({ uploads: { maxOpen: 2 } });
    const paths = [
      await begin(registry, utf8('a')),
      await begin(registry, utf8('b')),
      await begin(registry, utf8('c')),
    ];
    const found = await Promise.all(paths.map(async (path) => (await ask(registry, 'GET', path)).status));
    expect(found).toEqual([404, 204, 204]);
    expect(files()).toBe(2);
  });

  it('are bounded in bytes', async () => {
    const registry = start({ uploads: { maxBytes: 10 } });
    const paths = [await begin(registry, utf8('12345678')), await begin(registry, utf8('123'))];
    const found = await Promise.all(paths.map(async (path) => (await ask(registry, 'GET', path)).status));
    expect(found).toEqual([404, 204]);
    expect(files()).toBe(1);
  });

  it('are bounded in age', async () => {
    let now = 0;
    const registry = start({ uploads: { maxAgeMs: 1000 }, now: () => now });
    const path = await begin(registry, utf8('a'));
    now = 1001;
    await begin(registry, utf8('b'));
    expect((await ask(registry, 'GET', path)).status).toBe(404);
    expect(files()).toBe(1);
  });

  it('are gone at once when the client that sent them in one request is', async () => {
    const registry = start();
    const { port } = await registry.listen();
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(port, '127.0.0.1');
        const path = `/v2/app/blobs/uploads/?digest=sha256:${'0'.repeat(64)}`;
        socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n${'x'.repeat(1000)}`);
        await expect
          .poll(() => registry.requests.some(({ bodyLength }) => bodyLength > 0), { timeout: 30_000 })
          .toBe(true);
        socket.destroy();
      }),
    );
    await expect.poll(() => registry.openUploads() + files(), { timeout: 30_000 }).toBe(0);
  });

  it('of a registry that was killed are swept at the start', async () => {
    mkdirSync(join(directory, '.uploads'), { recursive: true });
    writeFileSync(join(directory, '.uploads', 'left'), 'half of it');
    await ask(start(), 'GET', 'tags/list');
    expect(files()).toBe(0);
  });
});

describe('D17 modified files', () => {
  const layoutIn = (): string => {
    const layout = join(directory, 'app');
    mkdirSync(layout, { recursive: true });
    writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    writeFileSync(join(layout, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
    return layout;
  };

  it('D17 uploads that are a link elsewhere: only what has a name of an upload goes', async () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(directory);
    for (const name of ['notes.txt', '5f1f7a3e-8c1d-4f0a-9b0e-000000000000']) writeFileSync(join(elsewhere, name), 'x');
    symlinkSync(elsewhere, join(directory, '.uploads'));
    expect((await ask(start(), 'GET', 'tags/list')).status).toBe(404);
    expect(readdirSync(elsewhere)).toEqual(['notes.txt']);
  });

  it('D17 an incomplete record of the log is an error with its line', async () => {
    const put = { digest: digestOf(utf8('a')), mediaType: type };
    writeFileSync(join(layoutIn(), '.tables.jsonl'), `${JSON.stringify({ put })}\n`);
    const { status, text } = await ask(start(), 'GET', 'tags/list');
    expect([status, text.includes('line 1 is not a change')]).toEqual([500, true]);
  });

  it('D17 a pipe in place of index.json is an error', async () => {
    const index = join(layoutIn(), 'index.json');
    rmSync(index);
    execFileSync('mkfifo', [index]);
    const { status, text } = await ask(start(), 'GET', 'tags/list');
    expect([status, text.includes('expected a regular file')]).toEqual([500, true]);
  });
});

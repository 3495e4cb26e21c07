import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { buildIndexDocument, refName } from '@notarykit/oci/internal';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';
import { image } from './content.js';
import type { Curve, Work } from './curve.js';

const sizes = [1_000, 10_000, 100_000];
const name = 'app';

const repositoryOf = (registry: EmbeddedRegistry) =>
  createRegistry({ registry: 'bench.test', fetch: registry.fetch }).repository(name);

function* tagged(size: number) {
  for (let i = 0; i < size; i++) yield { ...image(i), tags: [tagOf(i)] };
}

const tagOf = (i: number): string => `v${String(i).padStart(7, '0')}`;

async function seed(registry: EmbeddedRegistry, size: number): Promise<void> {
  await registry.seed(name, { blobs: [utf8('{}')] });
  for (const one of tagged(size)) await registry.seed(name, { manifests: [one] });
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'bench-growth-'));
}

/** A folder with a layout that a registry opened before: the first start over files of another tool is not what is measured. */
async function openedBefore(size: number) {
  const directory = newFolder();
  writeLayout(join(directory, name), size);
  await answer(directory, size);
  return { directory, close: async () => rmSync(directory, { recursive: true }) };
}

/** Manifests with a tag each, taken into memory. */
export const registryMemory: Curve = {
  name: 'registry.memory',
  of: 'manifests',
  sizes,
  quick: 10_000,
  prepare: async (size): Promise<Work> => ({
    once: true,
    run: () => seed(createEmbeddedRegistry({ remember: false }), size),
  }),
};

/** The same, on disk: what is acknowledged is synced. */
export const registryDisk: Curve = {
  name: 'registry.disk',
  of: 'manifests',
  sizes,
  quick: 1_000,
  async prepare(size): Promise<Work> {
    const directory = newFolder();
    const registry = createEmbeddedRegistry({ remember: false, directory });
    return {
      once: true,
      run: () => seed(registry, size),
      facts: async () => ({ 'MiB on disk': bytesIn(directory) / 1024 ** 2 }),
      async close() {
        await registry.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
};

/** All tags, in pages of a thousand. */
export const registryPages: Curve = {
  name: 'registry.pages',
  of: 'tags',
  sizes,
  quick: 100_000,
  async prepare(size): Promise<Work> {
    const registry = createEmbeddedRegistry({ remember: false, tagsPageSize: 1_000 });
    await registry.seed(name, { manifests: [{ ...image(0), tags: Array.from({ length: size }, (_, i) => tagOf(i)) }] });
    return {
      async run() {
        let found = 0;
        for await (const _ of repositoryOf(registry).tags()) found++;
        if (found !== size) throw new Error(`${found} of ${size} tags`);
      },
      close: () => registry.close(),
    };
  },
};

/** A registry over what lies in a directory: from its start to the first answer. */
export const registryStart: Curve = {
  name: 'registry.start',
  of: 'manifests on disk',
  sizes,
  quick: 10_000,
  async prepare(size): Promise<Work> {
    const { directory, close } = await openedBefore(size);
    return { run: () => answer(directory, size), close };
  },
};

/** The same after its process was killed while it was written to. */
export const registryKilled: Curve = {
  name: 'registry.killed',
  of: 'manifests on disk',
  sizes,
  quick: 10_000,
  async prepare(size): Promise<Work> {
    const { directory, close } = await openedBefore(size);
    const { host, child } = await serve(directory);
    const repository = createRegistry({ registry: host }).repository(name);
    const last = image(size);
    const descriptor = describe(mediaTypes.imageManifest, last.bytes);
    await repository.push(descriptor, last.bytes);
    await repository.tag(descriptor, tagOf(size));
    child.kill('SIGKILL');
    await once(child, 'exit');
    return { once: true, run: () => answer(directory, size + 1), close };
  },
};

/** Opens a registry and asks for its last tag. */
async function answer(directory: string, size: number): Promise<void> {
  const registry = createEmbeddedRegistry({ remember: false, directory });
  await repositoryOf(registry).resolve(tagOf(size - 1));
  await registry.close();
}

/** A layout as another tool would write it. */
function writeLayout(folder: string, size: number): void {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  const write = ({ digest }: Descriptor, bytes: Uint8Array): void =>
    writeFileSync(join(folder, 'blobs', ...digest.split(':')), bytes);
  write(describe(mediaTypes.empty, utf8('{}')), utf8('{}'));
  const entries: Descriptor[] = [];
  for (const { bytes, mediaType, tags } of tagged(size)) {
    const descriptor = describe(mediaType, bytes);
    write(descriptor, bytes);
    entries.push({ ...descriptor, annotations: { [refName]: tags[0] as string } });
  }
  writeFileSync(join(folder, 'index.json'), buildIndexDocument(entries));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

async function serve(directory: string): Promise<{ readonly host: string; readonly child: ChildProcess }> {
  const program = fileURLToPath(new URL('growth.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'serve', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) return { host: line, child };
  throw new Error('the registry ended before it listened');
}

/** The program of {@link serve}. */
export async function serveDirectory(directory: string): Promise<void> {
  console.log((await createEmbeddedRegistry({ remember: false, directory }).listen()).host);
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );
}

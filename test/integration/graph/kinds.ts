import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyGraph } from '@notarykit/artifact-graph';
import { memoryRepository, type Repository } from '@notarykit/oci';
import { readLayoutTar } from '@notarykit/oci/internal';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry, type EmbeddedRegistryOptions } from '@notarykit/testing';

/** A kind of repository, filled with all that the tag `v1` of another leads to; `folder` is there while it is in use. */
export type Filled = (from: Repository, folder: string) => Promise<Repository>;

const name = 'registry.test/app';

async function fill<T extends Repository>(to: T, from: Repository): Promise<T> {
  await copyGraph(from, to, { reference: 'v1' });
  return to;
}

async function tarOf(from: Repository, folder: string): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'tar-')), 'app.tar');
  const tar = await fill(await openLayoutTar(path, { create: true, name }), from);
  await tar.save();
  await tar.close();
  return path;
}

/** As a bundle is opened: nothing can be written, and what stands behind the name is said. */
async function bundle(from: Repository): Promise<Repository> {
  const refuse = async (): Promise<never> => {
    throw new Error('read only');
  };
  return { ...(await fill(memoryRepository(name), from)), source: 'sha256:abc', push: refuse, tag: refuse };
}

async function registry(from: Repository, options: EmbeddedRegistryOptions): Promise<Repository> {
  const { fetch } = createEmbeddedRegistry(options);
  return await fill(createRegistry({ registry: 'registry.test', fetch }).repository('app'), from);
}

const open: { close(): Promise<void> }[] = [];

/** Closes what the tests opened. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0)) await one.close();
}

async function openTar(path: string): Promise<Repository> {
  const tar = await openLayoutTar(path, { name });
  open.push(tar);
  return tar;
}

export const kinds: readonly (readonly [name: string, filled: Filled])[] = [
  ['memory', (from) => fill(memoryRepository(name), from)],
  ['a bundle', bundle],
  [
    'a layout',
    async (from, folder) =>
      await fill(await openLayout(await mkdtemp(join(folder, 'layout-')), { create: true, name }), from),
  ],
  ['a tar', async (from, folder) => await openTar(await tarOf(from, folder))],
  ['a tar in memory', async (from, folder) => await readLayoutTar(await readFile(await tarOf(from, folder)), { name })],
  ['a registry', (from) => registry(from, {})],
  ['a registry that gives pages', (from) => registry(from, { referrersPageSize: 1 })],
  ['a registry without the referrers API', (from) => registry(from, { referrers: 'tag-schema' })],
];

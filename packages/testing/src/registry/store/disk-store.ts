import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { singleFlight, utf8 } from '@notarykit/common/internal';
import { Refusal } from '../http/answers.js';
import { diskBlobs } from './disk-blobs.js';
import { isMissing, replaceFile } from './disk-files.js';
import { isReserved, scratchOf, useFolder } from './folder-use.js';
import { indexOf, nothingKept } from './layout-index.js';
import { isLayout, type LayoutFolder, type LayoutTables, newLayoutTables, readLayoutTables } from './layout-tables.js';
import type { RegistryStore } from './registry-store.js';
import { type StoredRepository, storedRepository } from './repository.js';

interface OnDisk {
  readonly repository: StoredRepository;
  readonly tables: LayoutTables;
}

/**
 * Repositories as OCI image layouts: `directory/<name>` each. Any layout that lies there is served as it is. One registry uses a
 * directory at a time. What was acknowledged is on the disk; beyond 512 manifests and tags `index.json` follows when the registry closes.
 */
export function diskStore(directory: string): RegistryStore {
  const repositories = new Map<string, OnDisk>();
  const once = singleFlight<OnDisk | undefined>();
  const scratch = scratchOf(directory);
  const use = useFolder(directory);

  const folderOf = (name: string): LayoutFolder => ({ layout: layoutOf(directory, name), scratch, check: use.check });
  const keep = (name: string, folder: LayoutFolder, tables: LayoutTables): OnDisk => {
    const repository = storedRepository(name, diskBlobs(folder), tables.tables, (change) => tables.persist(change));
    repositories.set(name, { repository, tables });
    return { repository, tables };
  };
  const load = async (name: string): Promise<OnDisk | undefined> => {
    const folder = folderOf(name);
    if (!(await isLayout(folder.layout))) return undefined;
    return keep(name, folder, await readLayoutTables(folder, diskBlobs(folder)));
  };
  const create = async (name: string): Promise<OnDisk> => {
    const folder = folderOf(name);
    await use.check();
    const tables = newLayoutTables(folder);
    await replaceFile(scratch, join(folder.layout, 'index.json'), indexOf(tables.tables, nothingKept));
    await replaceFile(scratch, join(folder.layout, 'oci-layout'), utf8('{"imageLayoutVersion":"1.0.0"}'));
    return keep(name, folder, tables);
  };
  // find and create of one name share a flight: two first pushes make one repository.
  const find = async (name: string): Promise<OnDisk | undefined> => {
    await use.begin();
    return await once(name, async () => repositories.get(name) ?? (await load(name)));
  };

  return {
    begin: () => use.begin(),
    find: async (name) => (await find(name))?.repository,
    async open(name) {
      const found = (await find(name)) ?? (await once(name, async () => repositories.get(name) ?? create(name)));
      return (found as OnDisk).repository;
    },
    async names() {
      await use.begin();
      return await layoutsBelow(directory);
    },
    async close() {
      try {
        for (const { repository, tables } of repositories.values()) await repository.exclusive(() => tables.close());
      } finally {
        repositories.clear();
        await use.end();
      }
    },
  };
}

function layoutOf(directory: string, name: string): string {
  const components = name.split('/');
  if (components.some(isReserved))
    throw new Refusal(400, 'NAME_INVALID', `${name}: this name means something inside a layout`);
  return join(directory, ...components);
}

async function layoutsBelow(directory: string): Promise<readonly string[]> {
  const names: string[] = [];
  const waiting = [''];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const entries = await readdir(join(directory, name), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    if (entries.some((entry) => entry.name === 'oci-layout' && entry.isFile())) names.push(name);
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.') && !isReserved(entry.name))
        waiting.push(name === '' ? entry.name : `${name}/${entry.name}`);
    }
  }
  return names.sort();
}

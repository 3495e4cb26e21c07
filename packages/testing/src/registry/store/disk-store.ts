import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { singleFlight, utf8 } from '@notarykit/common';
import { Refusal } from '../http/answers.js';
import { diskBlobs } from './disk-blobs.js';
import { createTemporary, fileSize, isMissing, moveInto } from './disk-files.js';
import { indexOf, readTables } from './layout-tables.js';
import type { RegistryStore } from './registry-store.js';
import { type StoredRepository, storedRepository } from './repository.js';

// Names that a layout uses itself: a repository of that name inside another one would land in its content.
const reserved = new Set(['blobs', 'index.json', 'oci-layout']);
// No repository name begins with a dot.
const scratchName = '.uploads';

/** Repositories as OCI image layouts: `directory/<name>` each. Any layout that lies there is served as it is. */
export function diskStore(directory: string): RegistryStore {
  const repositories = new Map<string, StoredRepository>();
  const once = singleFlight<StoredRepository | undefined>();
  const scratch = join(directory, scratchName);

  const load = async (name: string): Promise<StoredRepository | undefined> => {
    const layout = layoutOf(directory, name);
    if ((await fileSize(join(layout, 'oci-layout'))) === undefined) return undefined;
    const repository = repositoryAt(name, layout, scratch);
    await readTables(repository, layout);
    repositories.set(name, repository);
    return repository;
  };

  const create = async (name: string): Promise<StoredRepository> => {
    const layout = layoutOf(directory, name);
    const repository = repositoryAt(name, layout, scratch);
    await repository.save();
    await replace(scratch, join(layout, 'oci-layout'), utf8('{"imageLayoutVersion":"1.0.0"}'));
    repositories.set(name, repository);
    return repository;
  };

  const find = (name: string): Promise<StoredRepository | undefined> =>
    once(name, async () => repositories.get(name) ?? (await load(name)));

  return {
    find,
    async open(name) {
      const found = await find(name);
      // find and create of one name share a flight: two first pushes make one repository.
      return found ?? ((await once(name, async () => repositories.get(name) ?? create(name))) as StoredRepository);
    },
    names: () => layoutsBelow(directory),
  };
}

function layoutOf(directory: string, name: string): string {
  const components = name.split('/');
  if (components.some((component) => reserved.has(component)))
    throw new Refusal(400, 'NAME_INVALID', `${name}: this name means something inside a layout`);
  return join(directory, ...components);
}

function repositoryAt(name: string, layout: string, scratch: string): StoredRepository {
  return storedRepository(name, diskBlobs(layout, scratch), (repository) =>
    replace(scratch, join(layout, 'index.json'), indexOf(repository)),
  );
}

/** Writes a file so that a reader sees the old one or the new one, also after a crash. */
async function replace(scratch: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = await createTemporary(scratch);
  try {
    await temporary.file.writeFile(bytes);
    await temporary.file.sync();
  } finally {
    await temporary.file.close();
  }
  await moveInto(temporary.path, path);
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
      if (entry.isDirectory() && !entry.name.startsWith('.') && !reserved.has(entry.name))
        waiting.push(name === '' ? entry.name : `${name}/${entry.name}`);
    }
  }
  return names.sort();
}

import { memoryBlobs } from './memory-blobs.js';
import { type StoredRepository, storedRepository } from './repository.js';

/** All repositories of a registry. */
export interface RegistryStore {
  /** A repository that has been pushed to. */
  find(name: string): Promise<StoredRepository | undefined>;
  /** A repository, made if need be. */
  open(name: string): Promise<StoredRepository>;
  /** Names in byte order. */
  names(): Promise<readonly string[]>;
}

/** Repositories in memory. */
export function memoryStore(): RegistryStore {
  const repositories = new Map<string, StoredRepository>();
  return {
    async find(name) {
      return repositories.get(name);
    },
    async open(name) {
      const repository = repositories.get(name) ?? storedRepository(name, memoryBlobs());
      repositories.set(name, repository);
      return repository;
    },
    async names() {
      return [...repositories.keys()].sort();
    },
  };
}

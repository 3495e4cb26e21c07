import { memoryBlobs } from './memory-blobs.js';
import { type StoredRepository, storedRepository } from './repository.js';

/** All repositories of a registry. */
export interface RegistryStore {
  /** Makes ready what is needed; called before the registry listens, and by itself with the first request. */
  begin(): Promise<void>;
  /** A repository that has been pushed to. */
  find(name: string): Promise<StoredRepository | undefined>;
  /** A repository, made if need be. */
  open(name: string): Promise<StoredRepository>;
  /** Names in byte order. */
  names(): Promise<readonly string[]>;
  /** Writes down what is not yet, and lets go. */
  close(): Promise<void>;
}

/** Repositories in memory. */
export function memoryStore(): RegistryStore {
  const repositories = new Map<string, StoredRepository>();
  return {
    begin: async () => undefined,
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
    close: async () => undefined,
  };
}

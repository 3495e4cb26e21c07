import type { Fetch } from '@notarykit/common/internal';
import type { ClosingTimes } from '@notarykit/common/internal/node';
import { abilitiesOf } from './abilities-of.js';
import { type TokenIssuer, tokenIssuer } from './auth/tokens.js';
import { handle, type RegistryParts } from './handler.js';
import { inProcess } from './in-process.js';
import { twistsOf } from './like/personality.js';
import type { Listener, ListenerOptions } from './listen.js';
import { createListeners } from './listeners.js';
import type { EmbeddedRegistryOptions } from './options.js';
import type { RecordedRequest } from './request-log.js';
import type { Rule } from './rules/rule.js';
import { ruleBook } from './rules/rule-book.js';
import { type SeededContent, seed } from './seed.js';
import { type Collected, collectRepository } from './store/collect.js';
import { diskStore } from './store/disk-store.js';
import { memoryStore } from './store/registry-store.js';
import { uploadSessions } from './store/upload-sessions.js';

/** An OCI registry in this process. */
export interface EmbeddedRegistry {
  /** Answers without a socket; takes any URL, its host does not matter. */
  readonly fetch: Fetch;
  /**
   * Serves the same content over a socket, on loopback unless told otherwise. May be called again: one more listener.
   *
   * @throws {CodedError} `ERR_TESTING_DIRECTORY_IN_USE` when another registry uses the directory
   */
  listen(options?: ListenerOptions): Promise<Listener>;
  /** Every request so far, in order; secrets hashed. */
  readonly requests: readonly RecordedRequest[];
  forgetRequests(): void;
  /** How many uploads were begun and neither finished nor given up: what a client that cleans up leaves at none. */
  openUploads(): number;
  /** Adds a rule: a fault, or another behaviour. The function that comes back removes it. */
  rule(rule: Rule): () => void;
  clearRules(): void;
  /** Puts content in without asking whether it is valid: what a hostile or damaged registry would hold. */
  seed(repository: string, content: SeededContent): Promise<void>;
  /**
   * Removes blobs that no manifest names; with `untagged` also manifests that neither a tag nor what a tag leads to needs: what refers to
   * a manifest that stays, stays. As with other registries, nothing should be written meanwhile: a blob whose manifest is yet to come would go.
   */
  collect(options?: { readonly untagged?: boolean }): Promise<Collected>;
  /** Ends all listeners, throws uploads away that are under way, and lets go of the directory. */
  close(times?: ClosingTimes): Promise<void>;
}

/**
 * A real OCI registry for tests: distribution-spec 1.1 and the additions of its main branch, in memory or on disk, with
 * accounts, and with faults on demand.
 *
 * @example
 * ```ts
 * const registry = createEmbeddedRegistry();
 * const { host, close } = await registry.listen();
 * // … push to `${host}/net-monitor:v1`
 * await close();
 * ```
 */
export function createEmbeddedRegistry(options: EmbeddedRegistryOptions = {}): EmbeddedRegistry {
  const parts = partsOf(options);
  const closed = new AbortController();
  const serve = (request: Parameters<typeof handle>[1]): ReturnType<typeof handle> => handle(parts, request);
  const listeners = createListeners(serve);
  return {
    fetch: inProcess(serve, closed.signal),
    async listen(given) {
      await parts.store.begin();
      return await listeners.listen(given);
    },
    requests: parts.records,
    forgetRequests: () => void parts.records.splice(0),
    openUploads: () => parts.uploads.count(),
    rule: (rule) => parts.rules.add(rule),
    clearRules: () => parts.rules.clear(),
    seed: (repository, content) => seed(parts.store, repository, content),
    async collect({ untagged = false } = {}) {
      const total = { manifests: 0, blobs: 0 };
      for (const name of await parts.store.names()) {
        const { manifests, blobs } = await collectRepository(await parts.store.open(name), untagged);
        total.manifests += manifests;
        total.blobs += blobs;
      }
      return total;
    },
    async close(times) {
      closed.abort();
      await listeners.closeAll(times);
      await parts.uploads.discardAll();
      await parts.store.close();
    },
  };
}

function partsOf(options: EmbeddedRegistryOptions): RegistryParts {
  const now = options.now ?? Date.now;
  const issuer: TokenIssuer | undefined = options.auth === undefined ? undefined : tokenIssuer(options.auth, now);
  return {
    options,
    abilities: abilitiesOf(options),
    store: options.directory === undefined ? memoryStore() : diskStore(options.directory),
    uploads: uploadSessions(options.uploads ?? {}, options.now ?? (() => performance.now())),
    issuer,
    rules: ruleBook(),
    twists: twistsOf(options),
    records: [],
  };
}

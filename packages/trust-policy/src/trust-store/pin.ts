import { type CallOptions, defined, memoized, sha256Hex, utf8 } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { TrustStoreReference } from '../document/policy.js';
import type { TrustStore } from '../trust-store.js';
import { refuseStore } from './check-anchors.js';

/** The stores of one request, read once: they answer the same for as long as the request is decided. */
export interface PinnedAnchors extends TrustStore {
  /** Over names and certificates of all stores that were named. Absent where one could not be read: then nothing is remembered. */
  readonly digest?: string;
  /** Why the first of those could not be read. */
  readonly problem?: { readonly error: unknown };
}

type Pinned = { readonly certificates: readonly Certificate[] } | { readonly error: unknown };

/**
 * Reads the named stores, each once. A store that cannot be read does not reject: a reader of that store gets its error, so that the
 * report says which one it was. A store that was not named is refused.
 */
export async function pinAnchors(
  store: TrustStore,
  named: readonly TrustStoreReference[],
  call: CallOptions = {},
): Promise<PinnedAnchors> {
  const pinned = new Map<string, Pinned>();
  for (const { type, name, text } of named)
    if (!pinned.has(text)) pinned.set(text, await read(store, type, name, call));
  const digest = digestOfStores(pinned);
  const problem = [...pinned.values()].find((store) => 'error' in store);
  return {
    async certificates(type, name) {
      const found = pinned.get(`${type}:${name}`);
      if (found === undefined) throw refuseStore(`${type}:${name}`, 'the statement does not name it');
      if ('error' in found) throw found.error;
      return found.certificates;
    },
    ...defined({ digest, problem }),
  };
}

async function read(
  store: TrustStore,
  type: TrustStoreReference['type'],
  name: string,
  call: CallOptions,
): Promise<Pinned> {
  try {
    const found: unknown = await store.certificates(type, name, call);
    if (!isCertificates(found)) throw refuseStore(`${type}:${name}`, 'its answer is not a list of certificates');
    return { certificates: unchanging(found) };
  } catch (error) {
    call.signal?.throwIfAborted();
    return { error };
  }
}

/** A store written by others may answer anything. A list that was digested before is known to hold certificates. */
function isCertificates(found: unknown): found is readonly Certificate[] {
  if (!Array.isArray(found)) return false;
  return digests.has(found) || Array.from<Partial<Certificate> | undefined>(found).every(hasFingerprint);
}

function hasFingerprint(certificate: Partial<Certificate> | undefined | null): boolean {
  return typeof certificate?.fingerprint === 'string';
}

function digestOfStores(pinned: ReadonlyMap<string, Pinned>): string | undefined {
  const parts: string[] = [];
  for (const [text, store] of pinned) {
    if ('error' in store) return undefined;
    parts.push(text, digestOfCertificates(store.certificates));
  }
  return digestOfText(JSON.stringify(parts));
}

const digestOfText = /* @__PURE__ */ memoized((text) => sha256Hex(utf8(text)), 100, 4_096);

/** A list that its store may still change is copied: the request, and the digest of it, are about what was read. */
function unchanging(certificates: readonly Certificate[]): readonly Certificate[] {
  return Object.isFrozen(certificates) ? certificates : Object.freeze([...certificates]);
}

const digests = new WeakMap<readonly Certificate[], string>();

/** Made once for a frozen array: a store that did not change gives the same one. */
function digestOfCertificates(certificates: readonly Certificate[]): string {
  const known = digests.get(certificates);
  if (known !== undefined) return known;
  const digest = sha256Hex(utf8(certificates.map(({ fingerprint }) => fingerprint).join()));
  digests.set(certificates, digest);
  return digest;
}

import { type Certificate, parseCertificates } from '@notarykit/pki/internal/core';
import { listNames } from '../list-names.js';
import type { TrustStore, TrustStoreType } from '../trust-store.js';
import { type AnchorOptions, checkAnchors, checkCount, checkStoreName, refuseStore } from './check-anchors.js';

/** Certificates as a caller has them: parsed, DER, or PEM text. */
export type CertificateSource = Certificate | Uint8Array | string;

/** Certificates by type and name of their store. */
export type MemoryTrustStoreContent = Readonly<
  Partial<Record<TrustStoreType, Readonly<Record<string, CertificateSource | readonly CertificateSource[]>>>>
>;

/**
 * A trust store in memory. A store is read and checked when it is first asked for, by the rules that a directory follows.
 * `certificates` rejects with a `TrustError` `ERR_TRUST_STORE` for a store that does not exist, is empty or breaks a rule.
 *
 * @example
 * ```ts
 * const trustStore = memoryTrustStore({ ca: { 'wabbit-networks': pem } });
 * ```
 */
export function memoryTrustStore(content: MemoryTrustStoreContent, options: AnchorOptions = {}): TrustStore {
  const loaded = new Map<string, Promise<readonly Certificate[]>>();
  return {
    certificates(type, name) {
      const store = `${type}:${name}`;
      const known = loaded.get(store) ?? load(content, type, name, options);
      loaded.set(store, known);
      return known;
    },
  };
}

async function load(
  content: MemoryTrustStoreContent,
  type: string,
  name: string,
  options: AnchorOptions,
): Promise<readonly Certificate[]> {
  checkStoreName(type, name);
  const stores = content[type] ?? {};
  if (!Object.hasOwn(stores, name))
    throw refuseStore(`${type}:${name}`, `there is no such store; ${existing(content)}`);
  const source = stores[name] as CertificateSource | readonly CertificateSource[];
  const sources = Array.isArray(source) ? (source as readonly CertificateSource[]) : [source as CertificateSource];
  const certificates = sources.flatMap((item) => read(item, `${type}:${name}`));
  const usable = await checkAnchors(type, name, certificates, options);
  checkCount(`${type}:${name}`, usable);
  return Object.freeze(usable);
}

/** The stores that there are: what was misspelt, or stands under another type, is found by them. */
function existing(content: MemoryTrustStoreContent): string {
  const names = Object.entries(content).flatMap(([type, stores]) =>
    Object.keys(stores ?? {}).map((name) => `${type}:${name}`),
  );
  return names.length === 0 ? 'there are none' : `there are ${listNames(names)}`;
}

function read(source: CertificateSource, store: string): readonly Certificate[] {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) return [source];
  try {
    return parseCertificates(source);
  } catch (cause) {
    throw refuseStore(store, (cause as Error).message, undefined, cause);
  }
}

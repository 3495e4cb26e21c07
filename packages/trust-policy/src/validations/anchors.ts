import { defined } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { TrustStatement } from '../document/policy.js';
import { TrustError } from '../errors.js';
import type { Fact } from '../facts.js';
import { errorFact } from '../report/error-fact.js';
import type { TrustStoreType } from '../trust-store.js';
import type { Context } from './check.js';

/** Trust anchors of one type that a statement names, by store. */
export interface Anchors {
  readonly stores: readonly { readonly store: string; readonly certificates: readonly Certificate[] }[];
}

/** The stores of one type that a statement names, each once. */
export function storesOfType(statement: TrustStatement, type: TrustStoreType): readonly string[] {
  return [...new Set(statement.trustStores.filter((store) => store.type === type).map((store) => store.name))];
}

/** Loads the anchors of one type; a store that cannot be used spoils them all, as in notation. */
export async function loadAnchors(context: Context, type: TrustStoreType): Promise<Anchors | Fact> {
  const { statement, trustStore, signal } = context;
  const names = storesOfType(statement, type);
  if (names.length === 0) {
    return { fact: 'noStoreOfType', type, configured: statement.trustStores.map((store) => store.text) };
  }
  const stores: { store: string; certificates: readonly Certificate[] }[] = [];
  for (const name of names) {
    const store = `${type}:${name}`;
    try {
      const certificates = await trustStore.certificates(type, name, defined({ signal }));
      // An empty store would make every chain untrusted without a reason; the report should name the store.
      if (certificates.length === 0) throw new TrustError('ERR_TRUST_STORE', 'it holds no certificate');
      stores.push({ store, certificates });
    } catch (error) {
      signal?.throwIfAborted();
      return storeFact(store, error);
    }
  }
  return { stores };
}

function storeFact(store: string, error: unknown): Fact {
  const file = error instanceof TrustError ? error.detail?.file : undefined;
  return {
    fact: 'storeRefused',
    store,
    ...errorFact(error),
    ...defined({ file }),
  };
}

const fingerprints = new WeakMap<readonly Certificate[], ReadonlySet<string>>();

/** The fingerprints of a store; made once per array, so that the cost is not the product of signatures and anchors. */
export function fingerprintsOf(certificates: readonly Certificate[]): ReadonlySet<string> {
  const known = fingerprints.get(certificates);
  if (known !== undefined) return known;
  const set = new Set(certificates.map((certificate) => certificate.fingerprint));
  fingerprints.set(certificates, set);
  return set;
}

import { parseTime } from '@notarykit/common';
import { offlineRevocationChecker } from '@notarykit/pki';
import { type MemoryTrustStoreContent, memoryTrustStore } from '@notarykit/trust-policy';
import { readBundle } from 'notarykit';

/** What is trusted, as a form has it. */
export interface TrustTexts {
  /** The policy document. */
  readonly policy: string;
  /** PEM certificates by the name that the policy gives to their store, such as `ca:wabbit-networks`. */
  readonly stores: Readonly<Record<string, string>>;
  /** The date as of which is verified, RFC 3339; empty for now. */
  readonly at?: string;
  /** A bundle whose recorded answers say whether certificates are revoked. */
  readonly evidence?: Uint8Array;
}

const storeName = /^(ca|signingAuthority|tsa):[a-zA-Z0-9_.-]{1,100}$/;

/** The stores that a policy document names, in order; undefined where the text is not JSON. */
export function storesOf(policy: string): readonly string[] | undefined {
  const stores = new Set<string>();
  try {
    JSON.parse(policy, (key, value: unknown) => {
      if (key === 'trustStores' && Array.isArray(value)) for (const name of value) stores.add(String(name));
      return value;
    });
  } catch {
    return undefined;
  }
  return [...stores].filter((name) => storeName.test(name));
}

/** Certificates of the stores. A store whose field is empty is missing. */
export function trustStoreOf(stores: TrustTexts['stores']) {
  const content: Record<string, Record<string, string>> = { ca: {}, signingAuthority: {}, tsa: {} };
  for (const [store, pem] of Object.entries(stores)) {
    const [, type = '', name = ''] = /^(\w+):(.+)$/.exec(store) ?? [];
    if (pem.trim() !== '') content[type] = Object.fromEntries([...Object.entries(content[type] ?? {}), [name, pem]]);
  }
  return memoryTrustStore(content as MemoryTrustStoreContent);
}

/** The date of the verification, where one is given. */
export const dateOf = ({ at = '' }: Pick<TrustTexts, 'at'>) => (at.trim() === '' ? {} : { at: parseTime(at.trim()) });

/** Revocation by the answers in a bundle, where one is given: a page cannot ask responders that speak plain http. */
export async function revocationOf({ evidence }: Pick<TrustTexts, 'evidence'>) {
  if (evidence === undefined) return {};
  return { revocation: offlineRevocationChecker({ answers: (await readBundle(evidence)).evidence }) };
}

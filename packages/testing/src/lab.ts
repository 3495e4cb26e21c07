import type { Bytes } from '@notarykit/common';
import type { KeySpec, Signer } from '@notarykit/signature-envelope';
import { type Authority, type AuthorityOptions, createAuthority, type Issued } from './authority/authority.js';

/** How a lab is set up. */
export interface TrustLabOptions extends AuthorityOptions {
  /** Key of the signer. Default `EC-256`. */
  readonly signerKeySpec?: KeySpec;
  /** Name of the trust stores. Default `lab`. */
  readonly storeName?: string;
}

/** Certificates of trust stores, DER, by type and name. */
export type TrustStoreMaterial = Readonly<
  Record<'ca' | 'signingAuthority' | 'tsa', Readonly<Record<string, readonly Bytes[]>>>
>;

/** What a test of a supply-chain tool needs to sign and to trust. */
export interface TrustLab {
  readonly authority: Authority;
  /** The signer's certificate, key and chain. */
  readonly leaf: Issued;
  readonly signer: Signer;
  /** The root of the authority under every type of store. */
  readonly trustStore: TrustStoreMaterial;
}

/**
 * Sets up an authority, a signer and the trust store that trusts it.
 *
 * @example
 * ```ts
 * const { signer, trustStore } = await createTrustLab();
 * ```
 */
export async function createTrustLab(options: TrustLabOptions = {}): Promise<TrustLab> {
  const authority = await createAuthority(options);
  const leaf = await authority.issueLeaf({ keySpec: options.signerKeySpec ?? 'EC-256' });
  const store = { [options.storeName ?? 'lab']: [authority.root.certificate] };
  return { authority, leaf, signer: leaf.signer, trustStore: { ca: store, signingAuthority: store, tsa: store } };
}

import { type Bytes, defined } from '@notarykit/common/internal';
import type { KeySpec, Signer } from '@notarykit/signature-envelope/internal';
import { type Authority, type AuthorityOptions, createAuthority, type Issued } from './authority/authority.js';
import { type AuthorityServices, createAuthorityServices } from './authority/services.js';
import { createEmbeddedRegistry, type EmbeddedRegistry } from './registry/embedded-registry.js';
import type { EmbeddedRegistryOptions } from './registry/options.js';

/** How a lab is set up. */
export interface TrustLabOptions extends AuthorityOptions {
  /** Key of the signer. Default `EC-256`. */
  readonly signerKeySpec?: KeySpec;
  /** Name of the trust stores. Default `lab`. */
  readonly storeName?: string;
  /** How the registry is set up. */
  readonly registry?: EmbeddedRegistryOptions;
  /** The clock of the authority's services. Default the system's. */
  readonly now?: () => Date;
}

/** Certificates of trust stores, DER, by type and name. */
export type TrustStoreMaterial = Readonly<
  Record<'ca' | 'signingAuthority' | 'tsa', Readonly<Record<string, readonly Bytes[]>>>
>;

/** What a test of a supply-chain tool needs to sign, to store and to trust. */
export interface TrustLab {
  readonly authority: Authority;
  /** The authority's OCSP responder, CRLs and timestamping service. */
  readonly services: AuthorityServices;
  /** The signer's certificate, key and chain. */
  readonly leaf: Issued;
  readonly signer: Signer;
  /** The root of the authority under every type of store. */
  readonly trustStore: TrustStoreMaterial;
  readonly registry: EmbeddedRegistry;
  /** Ends every listener of registry and services, and their connections. */
  close(): Promise<void>;
}

/**
 * Sets up an authority with its services, a signer, the trust store that trusts it, and a registry. Nothing listens until it is
 * asked to.
 *
 * @example
 * ```ts
 * const { signer, trustStore, registry, close } = await createTrustLab();
 * const { host } = await registry.listen();
 * ```
 */
export async function createTrustLab(options: TrustLabOptions = {}): Promise<TrustLab> {
  const authority = await createAuthority(options);
  const services = createAuthorityServices(authority, defined({ now: options.now }));
  const leaf = await authority.issueLeaf({ keySpec: options.signerKeySpec ?? 'EC-256' });
  const store = { [options.storeName ?? 'lab']: [authority.root.certificate] };
  const trustStore = { ca: store, signingAuthority: store, tsa: store };
  const registry = createEmbeddedRegistry(options.registry);
  const close = async (): Promise<void> => void (await Promise.all([registry.close(), services.close()]));
  return { authority, services, leaf, signer: leaf.signer, trustStore, registry, close };
}

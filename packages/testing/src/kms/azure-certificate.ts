import type { Issued } from '../authority/authority.js';

/** A version of a certificate: of it the vault shows nothing but what its policy allows. */
export type KeyVaultVersion = Pick<Issued, 'certificate' | 'chain' | 'keyPair' | 'keySpec' | 'pem' | 'privateKeyPem'>;

/** A certificate of {@link serveKeyVault}, with its key and its secret. */
export interface KeyVaultCertificate {
  readonly name: string;
  /** Oldest first; the last is current. A test adds one to rotate. */
  readonly versions: KeyVaultVersion[];
  /** How the secret is written. Default `application/x-pem-file`. */
  readonly contentType?: 'application/x-pem-file' | 'application/x-pkcs12';
  /** Whether the secret holds the private key too. Default no. */
  readonly exportable?: boolean;
  /** What the key may do. Default `sign`, `verify`. */
  readonly keyOperations?: readonly string[];
  readonly notBefore?: Date;
  readonly expires?: Date;
}

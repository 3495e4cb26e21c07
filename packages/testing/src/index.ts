export {
  type Authority,
  type AuthorityOptions,
  createAuthority,
  type Issued,
  type IssuedCa,
  type IssueOptions,
} from './authority/authority.js';
export { buildCsr, type CertificateOptions, type Issuer } from './authority/certificate.js';
export {
  basicConstraints,
  type ExtensionSpec,
  extendedKeyUsage,
  keyUsage,
  purposes,
} from './authority/extensions.js';
export { createKeyPair, type KeyPair, type SignatureScheme } from './authority/keys.js';
export type { SubjectAttributes } from './authority/names.js';
export type { SigningOptions } from './authority/sign.js';
export { createTrustLab, type TrustLab, type TrustLabOptions, type TrustStoreMaterial } from './lab.js';

export {
  type Authority,
  type AuthorityOptions,
  createAuthority,
  type Issued,
  type IssuedCa,
  type IssueOptions,
} from './authority/authority.js';
export { buildCsr, type Issuer } from './authority/certificate.js';
export type { ExtensionSpec } from './authority/extension-spec.js';
export {
  basicConstraints,
  crlDistributionPoints,
  extendedKeyUsage,
  freshestCrl,
  keyUsage,
  ocspResponders,
  purposes,
  subjectAltName,
} from './authority/extensions.js';
export { createKeyPair, type KeyPair } from './authority/keys.js';
export type { SubjectAttributes } from './authority/names.js';
export {
  type AuthorityServices,
  type AuthorityServicesOptions,
  createAuthorityServices,
  type RevokedCertificate,
  type ServiceFaults,
} from './authority/services.js';
export type { SigningOptions } from './authority/signing-options.js';
export type { KmsAnswer } from './kms/answer.js';
export { serveAwsKms } from './kms/aws.js';
export { type KeyVaultDouble, serveKeyVault } from './kms/azure.js';
export type { KeyVaultCertificate } from './kms/azure-certificate.js';
export { serveGcpKms } from './kms/gcp.js';
export type { KmsFaults, KmsKey } from './kms/key.js';
export type { KmsDouble } from './kms/serve.js';
export { signDigest } from './kms/sign-digest.js';
export { serveVault, type VaultDouble, type VaultOptions } from './kms/vault.js';
export { type AdmissionOutcome, acceptAdmissionAnswer, type WebhookAnswer } from './kubernetes/admission-answer.js';
export { acceptMutation, type MutationOutcome, type RegoView, regoView } from './kubernetes/provider-answer.js';
export { createTrustLab, type TrustLab, type TrustLabOptions } from './lab.js';
export { createEmbeddedRegistry, type EmbeddedRegistry } from './registry/embedded-registry.js';
export { type Answer, ConnectionCut, headerOf, type RegistryRequest, withHeader } from './registry/http/exchange.js';
export type { Route } from './registry/http/route.js';
export {
  type Personality,
  personalities,
  type Quirk,
  type QuirkName,
  quirkNames,
  type Serve,
  type Twist,
} from './registry/like/quirk.js';
export { registryQuirks } from './registry/like/table.js';
export type { Listener, ListenerOptions } from './registry/listen.js';
export type { EmbeddedRegistryOptions } from './registry/options.js';
export type { RecordedRequest } from './registry/request-log.js';
export * as faults from './registry/rules/faults.js';
export type { Action, Rule, RuleContext } from './registry/rules/rule.js';
export type { SeededContent } from './registry/seed.js';
export type { Collected } from './registry/store/collect.js';
export {
  buildCrl,
  type CrlOptions,
  type Revocation,
  type RevocationReason,
  revocationReasons,
} from './revocation/crl.js';
export {
  buildOcspResponse,
  certIdOf,
  type OcspResponseOptions,
  type SingleResponse,
} from './revocation/ocsp-response.js';
export type { OcspFault } from './revocation/responder.js';
export type { TimestampFault } from './timestamp/responder.js';
export { attribute, buildTimestampToken, type TokenOptions } from './timestamp/token.js';

// The sections that verdicts rest on. Every case names one of them.
const commit = 'd4b62b949228911bd5e62da4f5f8dd38682d293a';
const notary = (document) => (section, anchor) => ({
  document: `${document}.md`,
  section,
  url: `https://github.com/notaryproject/specifications/blob/${commit}/specs/${document}.md#${anchor}`,
});
const signature = notary('signature-specification');
const jws = notary('signature-envelope-jws');
const cose = notary('signature-envelope-cose');
const trust = notary('trust-store-trust-policy');
const scheme = notary('signing-scheme');
const plugin = notary('plugin-extensibility');
const workflow = notary('signing-and-verification-workflow');

/** A section of an RFC. */
export const rfc = (number, section) => ({
  document: `RFC ${number}`,
  section,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#${/^[A-Z]/.test(section) ? 'appendix' : 'section'}-${section}`,
});

export const sections = {
  payload: signature('Payload', 'payload'),
  signedAttributes: signature('Signed Attributes', 'signed-attributes'),
  standardAttributes: signature('Standard attributes', 'standard-attributes'),
  extendedAttributes: signature('Extended attributes', 'extended-attributes'),
  pluginAttributes: signature('Extended attributes for Notation Plugins', 'extended-attributes-for-notation-plugins'),
  unsignedAttributes: signature('Unsigned Attributes', 'unsigned-attributes'),
  ociSignatures: signature('OCI Signatures', 'oci-signatures'),
  compatibility: signature(
    'OCI Signature Verification Forward and Backward Compatibility',
    'oci-signature-verification-forward-and-backward-compatibility',
  ),
  discovery: signature('OCI Signature Discovery', 'oci-signature-discovery'),
  blobSignatures: signature('Blob Signatures', 'blob-signatures'),
  algorithms: signature('Signature Algorithm Requirements', 'signature-algorithm-requirements'),
  algorithmSelection: signature('Algorithm Selection', 'algorithm-selection'),
  caCertificates: signature('Root and Intermediate CA Certificates', 'root-and-intermediate-ca-certificates'),
  leafCertificates: signature('Leaf Certificates', 'leaf-certificates'),
  otherRequirements: signature('Other requirements', 'other-requirements'),
  signingTime: signature('Signing time & Authentic Signing time', 'signing-time--authentic-signing-time'),
  expiry: signature('Expiry', 'expiry'),
  guidelines: signature(
    'Guidelines for implementations of the Notary Project signature specification',
    'guidelines-for-implementations-of-the-notary-project-signature-specification',
  ),
  jwsProtected: jws('Protected Headers', 'protected-headers'),
  jwsUnprotected: jws('Unprotected Headers', 'unprotected-headers'),
  jwsSigningInput: jws('Create the JWS Signing Input', 'create-the-jws-signing-input'),
  jwsEnvelope: jws('Signature Envelope', 'signature-envelope'),
  jwsSignature: jws('Generate the signature', 'generate-the-signature'),
  jwsAlg: jws('Supported alg header values', 'supported-alg-header-values'),
  coseProtected: cose('Protected Header', 'protected-header'),
  coseUnprotected: cose('Unprotected Headers', 'unprotected-headers'),
  coseSignature: cose('Signature', 'signature'),
  coseEnvelope: cose('Signature Envelope', 'signature-envelope'),
  coseAlg: cose('Supported alg header values', 'supported-alg-header-values'),
  trustStore: trust('Trust Store', 'trust-store'),
  ociPolicy: trust('OCI Trust Policy', 'oci-trust-policy'),
  blobPolicy: trust('Blob Trust Policy', 'blob-trust-policy'),
  levels: trust('Signature Verification details', 'signature-verification-details'),
  customLevel: trust('Custom Verification Level', 'custom-verification-level'),
  timestampDetails: trust(
    'Timestamp Countersignature Verification details',
    'timestamp-countersignature-verification-details',
  ),
  ociConstraints: trust('OCI Trust Policy Constraints', 'oci-trust-policy-constraints'),
  blobConstraints: trust('Blob Trust Policy Constraints', 'blob-trust-policy-constraints'),
  selectOci: trust(
    'Selecting a trust policy to verify a signed OCI artifact',
    'selecting-a-trust-policy-to-verify-a-signed-oci-artifact',
  ),
  selectBlob: trust(
    'Selecting a trust policy to verify a signed blob',
    'selecting-a-trust-policy-to-verify-a-signed-blob',
  ),
  identities: trust('Trusted Identities Constraints', 'trusted-identities-constraints'),
  steps: trust('Signature Verification, Steps', 'steps'),
  revocation: trust('Certificate Revocation Evaluation', 'certificate-revocation-evaluation'),
  crls: trust('CRLs', 'crls'),
  crlDownload: trust('CRL Download', 'crl-download'),
  crlChecking: trust('Revocation Checking with CRL', 'revocation-checking-with-crl'),
  deltaCrls: trust('Revocation Checking with Delta CRLs', 'revocation-checking-with-delta-crls'),
  ocspDownload: trust('OCSP Download', 'ocsp-download'),
  ocspChecking: trust('Revocation Checking with OCSP', 'revocation-checking-with-ocsp'),
  schemeX509: scheme('notary.x509', 'notaryx509'),
  schemeAuthority: scheme('notary.x509.signingAuthority', 'notaryx509signingauthority'),
  schemeStores: scheme('Trust Stores', 'trust-stores'),
  pluginContract: plugin('Plugin contract', 'plugin-contract'),
  pluginMetadata: plugin('Plugin metadata', 'plugin-metadata'),
  pluginWorkflow: plugin('Verification workflow using plugin', 'verification-workflow-using-plugin'),
  verifySignature: plugin('verify-signature command', 'verify-signature-command'),
  pluginInstallation: plugin('Plugin installation path', 'plugin-installation-path'),
  ociSteps: workflow('OCI artifact verification workflow', 'oci-artifact-verification-workflow'),
  blobSteps: workflow('Arbitrary blob verification workflow', 'arbitrary-blob-verification-workflow'),
};

/** What a library with a hole in it could have put there: every name that a document of ours may have, with what an attacker would want it to be. */
const wanted: Readonly<Record<string, unknown>> = {
  alg: 'ES256',
  cty: 'application/vnd.cncf.notary.payload.v1+json',
  crit: ['io.cncf.notary.signingScheme'],
  'io.cncf.notary.signingScheme': 'notary.x509',
  'io.cncf.notary.signingTime': '2025-01-01T00:00:00Z',
  x5c: [],
  payload: 'e30',
  protected: 'e30',
  header: {},
  signature: 'AAAA',
  targetArtifact: {},
  version: '1.0',
  trustPolicies: [],
  name: 'polluted',
  registryScopes: ['*'],
  signatureVerification: { level: 'skip' },
  level: 'skip',
  override: { authenticity: 'log', expiry: 'log' },
  verifyTimestamp: 'afterCertExpiry',
  trustStores: ['ca:polluted'],
  trustedIdentities: ['*'],
  globalPolicy: true,
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
  config: {},
  layers: [],
  manifests: [],
  subject: {},
  artifactType: 'application/vnd.cncf.notary.signature',
  annotations: { polluted: 'yes' },
  urls: ['http://169.254.169.254/'],
  signers: {},
  image: {},
  sbom: {},
  scan: {},
  signedBy: ['polluted'],
  exceptions: [],
};

/** Puts them on the prototype of all objects, where loops find them too. */
export function pollute(): void {
  for (const [name, value] of Object.entries(wanted))
    Object.defineProperty(Object.prototype, name, { value, enumerable: true, configurable: true, writable: true });
}

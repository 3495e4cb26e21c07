const trusted = (CN: string) => ({
  trustStores: ['ca:wabbit-networks'],
  trustedIdentities: [`x509.subject:C=US,ST=WA,O=Wabbit Networks,CN=${CN}.wabbit-networks.test`],
});

const statement = (name: string, scope: string, rest: object): object => ({
  name,
  registryScopes: [scope],
  signatureVerification: { level: 'strict' },
  ...rest,
});

const signedBy = (...kinds: readonly string[]) => ({
  signers: {
    required: kinds.length,
    of: kinds.map((kind) => ({ name: kind, kind, ...trusted(kind === 'vendor' ? 'build' : 'quality') })),
  },
});

/** A policy of a whole registry: what is in it must be signed by its vendor and by a certifier. Base images need one signature. */
export function registryPolicy(host: string, kinds: readonly string[] = ['vendor', 'certifier']): string {
  return JSON.stringify({
    version: '1.0+notarykit.3',
    trustPolicies: [
      statement('release', host, signedBy(...kinds)),
      statement('base-images', `${host}/base/*`, trusted('build')),
      statement('production', `${host}/production/net-monitor`, trusted('build')),
    ],
  });
}

/** What may be deployed: built from known sources, on verified base images; a fresh summary of the gate itself will do. */
export const gatePolicy = `version: '1.0'
name: release
signers:
  release: { trustPolicy: release }
  gate: { trustPolicy: production }
image: { signedBy: [release], platforms: [linux/amd64, linux/arm64] }
provenance:
  signedBy: [release]
  sources: [{ repository: 'https://git.wabbit-networks.example/net-monitor' }]
  baseImages: verified
summary: { signedBy: [gate], verifiers: ['https://gate.wabbit-networks.example'], maxAge: 1h }
output:
  verifierId: https://gate.wabbit-networks.example
  promote: { signWith: gate }
`;

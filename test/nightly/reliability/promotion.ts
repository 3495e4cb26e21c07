import { createPrivateKey, sign } from 'node:crypto';
import { decodeBase64 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { fromPayloadSigner } from '@notarykit/signature-envelope';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import type { PromoteOptions } from 'notarykit';

/** What a process must know to promote `v1`: JSON. */
export interface PromotionTask {
  /** Hosts of the two registries. */
  readonly source: string;
  readonly target: string;
  /** The production key, PEM, and its certificates, base64, leaf first. */
  readonly key: string;
  readonly chain: readonly string[];
  /** Base64. */
  readonly root: string;
}

const statement = (OU: string, registryScopes: readonly string[]): object => ({
  name: OU,
  registryScopes,
  signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
  trustStores: ['ca:lab'],
  trustedIdentities: [`x509.subject:C=US,ST=WA,O=Wabbit,OU=${OU}`],
});

const gate = {
  version: '1.0',
  name: 'production-gate',
  signers: { build: { trustPolicy: 'build' }, production: { trustPolicy: 'production' } },
  image: { signedBy: ['build'] },
  sbom: { signedBy: ['build'], requirePackages: [{ purl: 'pkg:npm/left-pad' }] },
};

/** The two places of a promotion, and its options. */
export function promotionOf({ source, target, key, chain, root }: PromotionTask) {
  const trustPolicies = [statement('build', ['*']), statement('production', [`${target}/app`])];
  const privateKey = createPrivateKey(key);
  const options: PromoteOptions = {
    reference: 'v1',
    tag: ['v1', 'stable'],
    trust: {
      policy: parseTrustPolicy(JSON.stringify({ version: '1.0', trustPolicies })),
      trustStore: memoryTrustStore({ ca: { lab: [decodeBase64(root)] } }),
    },
    policy: parseGatePolicy(JSON.stringify(gate)),
    signer: fromPayloadSigner(chain.map(decodeBase64), async (payload) =>
      Uint8Array.from(sign('sha256', payload, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
    ),
  };
  const open = (registry: string) =>
    createRegistry({ registry, plainHttp: true, retry: { maxRetries: 0 } }).repository('app');
  return { source: open(source), target: open(target), options };
}

import { decodeBase64, encodeBase64 } from '@notarykit/common';
import { signEnvelope } from '@notarykit/signature-envelope';
import { createAuthority, type Issued } from '@notarykit/testing';

/** One signature and the root that it is trusted by; as JSON between processes. */
export interface BenchCase {
  readonly name: 'chain-of-three' | 'self-signed-rsa';
  readonly envelope: string;
  readonly anchor: string;
}

export const mediaType = 'application/jose+json';
export const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;

/** A strict policy without revocation, as a document: both sides read it. */
export const policy = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'bench',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:bench'],
      trustedIdentities: ['x509.subject:C=US,ST=WA,O=NotaryKit Test'],
    },
  ],
};

async function issue(name: BenchCase['name']): Promise<Issued> {
  if (name === 'self-signed-rsa') return (await createAuthority()).issueSelfSigned({ keySpec: 'RSA-2048' });
  return (await createAuthority({ keySpec: 'EC-384' })).issueLeaf({ keySpec: 'EC-256' });
}

/** A signature whose certificates exist for the first time. */
export async function makeCase(name: BenchCase['name']): Promise<BenchCase> {
  const leaf = await issue(name);
  const { envelope } = await signEnvelope(target, { signer: leaf.signer });
  return { name, envelope: encodeBase64(envelope), anchor: encodeBase64(leaf.chain.at(-1) as Uint8Array) };
}

export const bytesOf = (text: string): Uint8Array => decodeBase64(text);

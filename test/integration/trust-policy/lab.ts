import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, type MemoryRepository, mediaTypes, memoryRepository } from '@notarykit/oci';
import {
  buildSignatureManifest,
  type SignEnvelopeOptions,
  signEnvelope,
  type VerifiedEnvelope,
} from '@notarykit/signature-envelope';
import { createTrustLab, type TrustLab, type TrustLabOptions } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy, type TrustPolicy, type TrustStore } from '@notarykit/trust-policy';
import type { OciTrustStatement } from '@notarykit/trust-policy/internal';

export const repositoryName = 'registry.test/net-monitor';
export const identity = 'x509.subject:C=US,ST=WA,O=NotaryKit Test';

/** A repository with one artifact, a signer, and what trusts it. */
export interface Lab extends TrustLab {
  readonly repository: MemoryRepository;
  readonly artifact: Descriptor;
  readonly anchors: TrustStore;
  sign(options?: Partial<SignEnvelopeOptions> & { readonly target?: Descriptor }): Promise<Signed>;
  /** Attaches an envelope to the artifact. */
  attach(envelope: VerifiedEnvelope, form?: 'artifactType' | 'legacy'): Promise<Descriptor>;
}

export interface Signed {
  readonly envelope: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  readonly verified: VerifiedEnvelope;
}

export async function createLab(options: TrustLabOptions = {}): Promise<Lab> {
  const lab = await createTrustLab(options);
  const repository = memoryRepository(repositoryName);
  const manifest = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      config: describe(mediaTypes.empty, utf8('{}')),
      layers: [],
    }),
  );
  const artifact = describe(mediaTypes.imageManifest, manifest);
  await repository.push(artifact, manifest);
  const push = async ({ descriptor, bytes }: { descriptor: Descriptor; bytes: Uint8Array }): Promise<void> =>
    repository.push(descriptor, bytes);
  return {
    ...lab,
    repository,
    artifact,
    anchors: memoryTrustStore(lab.trustStore),
    sign: ({ target = artifact, ...given } = {}) => signEnvelope(target, { signer: lab.signer, ...given }),
    async attach(envelope, form = 'artifactType') {
      const built = buildSignatureManifest(artifact, { envelope, form });
      await push(built.config);
      await push(built.envelope);
      await push(built);
      return built.descriptor;
    },
  };
}

export type PolicyPatch = Readonly<Record<string, unknown>>;

/** A policy of one statement, strict unless the patch says otherwise; revocation is skipped by default. */
export function policy(patch: PolicyPatch = {}): TrustPolicy {
  return parseTrustPolicy({
    version: '1.0',
    trustPolicies: [
      {
        name: 'lab',
        registryScopes: [repositoryName],
        signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
        trustStores: ['ca:lab'],
        trustedIdentities: [identity],
        ...patch,
      },
    ],
  });
}

export function statement(patch: PolicyPatch = {}): OciTrustStatement {
  return policy(patch).statements[0] as OciTrustStatement;
}

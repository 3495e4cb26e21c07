import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe,
  mediaTypes,
  memoryRepository,
  type Platform,
  type Repository,
} from '@notarykit/oci';
import { type GateDecision, GateError, type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import { createAuthority, type Issued } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { type GateOptions, gate, type SignOptions, sign, type Trust } from 'notarykit';

/** A repository, signers of images and of evidence, and who is trusted for what. */
export interface GateSetup {
  readonly repository: Repository;
  readonly build: Issued;
  readonly scanner: Issued;
  /** Signs summaries. */
  readonly verifier: Issued;
  trust(verification?: object): Trust;
  policy(blocks?: object): GatePolicy;
  image(content: string, platform?: Platform): Promise<Descriptor>;
  /** An image that `build` has signed. */
  signed(content: string, signing?: Partial<SignOptions>): Promise<Descriptor>;
  /** An index, signed by `build`. */
  index(manifests: readonly Descriptor[]): Promise<Descriptor>;
  /** A document on a manifest, signed by `scanner` unless told otherwise. */
  attach(
    subject: Descriptor,
    artifactType: string,
    document: object,
    signing?: Partial<SignOptions> | null,
  ): Promise<Descriptor>;
}

const subject = (CN: string) => ({ C: 'US', ST: 'WA', O: 'lab', CN });

const signerNames = ['build', 'scanner', 'verifier'];

/** A policy of a gate setup: its images are signed by `build`. */
export function gatePolicyOf(blocks: object = {}): GatePolicy {
  return parseGatePolicy(
    JSON.stringify({
      version: '1.0',
      name: 'test',
      signers: Object.fromEntries(signerNames.map((trustPolicy) => [trustPolicy, { trustPolicy }])),
      image: { signedBy: ['build'] },
      ...blocks,
    }),
  );
}

export async function createGateSetup(): Promise<GateSetup> {
  const authority = await createAuthority();
  const [build, scanner, verifier] = await Promise.all(
    signerNames.map((name) => authority.issueLeaf({ subject: subject(name) })),
  );
  const repository = memoryRepository('registry.test/app');
  const statement = (name: string, signatureVerification: object): object => ({
    name,
    registryScopes: [`registry.test/${name}`],
    signatureVerification,
    trustStores: ['ca:lab'],
    trustedIdentities: [`x509.subject:C=US,ST=WA,O=lab,CN=${name}`],
  });
  const pushed = async (mediaType: string, content: object): Promise<Descriptor> => {
    const bytes = utf8(JSON.stringify(content));
    await repository.push(describe(mediaType, bytes), bytes);
    return describe(mediaType, bytes);
  };
  const setup: GateSetup = {
    repository,
    build: build as Issued,
    scanner: scanner as Issued,
    verifier: verifier as Issued,
    trust: (verification = { level: 'strict', override: { revocation: 'skip' } }) => ({
      policy: parseTrustPolicy(
        JSON.stringify({
          version: '1.0',
          trustPolicies: signerNames.map((name) => statement(name, verification)),
        }),
      ),
      trustStore: memoryTrustStore({ ca: { lab: authority.root.certificate } }),
    }),
    policy: gatePolicyOf,
    async image(content, platform = { os: 'linux', architecture: 'amd64' }) {
      const config = await pushed(mediaTypes.imageConfig, { ...platform, content });
      const manifest = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [] };
      return { ...(await pushed(mediaTypes.imageManifest, manifest)), platform };
    },
    async signed(content, signing = {}) {
      const image = await setup.image(content);
      await sign(repository, image, { signer: setup.build.signer, ...signing });
      return image;
    },
    async index(manifests) {
      const root = await pushed(mediaTypes.imageIndex, {
        schemaVersion: 2,
        mediaType: mediaTypes.imageIndex,
        manifests,
      });
      await sign(repository, root, { signer: setup.build.signer });
      return root;
    },
    async attach(to, artifactType, document, signing = {}) {
      const { mediaType, digest, size } = to;
      const layers = [{ mediaType: artifactType, content: utf8(JSON.stringify(document)) }];
      const { descriptor } = await packArtifact(repository, {
        artifactType,
        subject: { mediaType, digest, size },
        layers,
      });
      if (signing !== null) await sign(repository, descriptor, { signer: setup.scanner.signer, ...signing });
      return descriptor;
    },
  };
  return setup;
}

/** The decision of the verb, whichever it is. */
export async function decisionOf(
  repository: Repository,
  image: Descriptor,
  options: GateOptions,
): Promise<GateDecision> {
  try {
    return await gate(repository, image, options);
  } catch (error) {
    if (error instanceof GateError && error.code === 'ERR_GATE_DENIED') return error.detail as GateDecision;
    throw error;
  }
}

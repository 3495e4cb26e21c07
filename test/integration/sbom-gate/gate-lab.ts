import { openGraph } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  type Digest,
  describe,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
} from '@notarykit/oci';
import {
  decide,
  type GateDecision,
  type GatePolicy,
  type GateRequest,
  type GateRule,
  parseGatePolicy,
  type SignerOutcome,
} from '@notarykit/sbom-gate';
import type { GateSignature } from '@notarykit/sbom-gate/internal';
import { collectEvidence } from 'notarykit';

/** When the lab's clock stands. */
export const labNow = new Date('2026-11-24T12:00:00Z');

/** A repository with an image, and a verifier that knows who has signed what. */
export interface GateLab {
  readonly repository: MemoryRepository;
  readonly image: Descriptor;
  readonly configDigest: Digest;
  /** Pushes an artifact that is attached to the image, or to `subject`. */
  attach(artifactType: string, document: string | Uint8Array, options?: AttachOptions): Promise<Descriptor>;
  sign(manifest: Descriptor, statement: string, signature?: Partial<GateSignature>): void;
  decide(policy: unknown, options?: DecideOptions): Promise<GateDecision>;
  verify(manifest: Descriptor, statement: string): Promise<SignerOutcome>;
}

/** How the lab decides. */
export interface DecideOptions {
  readonly now?: Date;
  readonly rules?: readonly GateRule[];
  readonly reference?: string;
}

/** How the lab attaches. */
export interface AttachOptions {
  readonly subject?: Descriptor;
  /** Statement that signs it; `null`: nobody. Default: `build` for everything. */
  readonly signedBy?: string | null;
  readonly signature?: Partial<GateSignature>;
  readonly mediaType?: string;
  /** Further layers. */
  readonly more?: readonly (string | Uint8Array)[];
  readonly layerAnnotations?: Record<string, string>;
}

export async function createGateLab(): Promise<GateLab> {
  const repository = memoryRepository('registry.test/app');
  const config = utf8(JSON.stringify({ os: 'linux', architecture: 'amd64' }));
  const configDescriptor = describe(mediaTypes.imageConfig, config);
  await repository.push(configDescriptor, config);
  const image = await pushManifest(repository, { config: configDescriptor, layers: [] });
  const signed = new Map<string, GateSignature[]>();

  const lab: GateLab = {
    repository,
    image,
    configDigest: configDescriptor.digest,
    async attach(artifactType, document, options = {}) {
      const layers: Descriptor[] = [];
      for (const content of [document, ...(options.more ?? [])]) {
        const bytes = typeof content === 'string' ? utf8(content) : content;
        const layer = describe(options.mediaType ?? artifactType, bytes);
        await repository.push(layer, bytes);
        layers.push(
          options.layerAnnotations === undefined ? layer : { ...layer, annotations: options.layerAnnotations },
        );
      }
      const empty = utf8('{}');
      await repository.push(describe(mediaTypes.empty, empty), empty);
      const subject = options.subject ?? image;
      const manifest = await pushManifest(repository, {
        artifactType,
        config: describe(mediaTypes.empty, empty),
        layers,
        subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
      });
      if (options.signedBy !== null) lab.sign(manifest, options.signedBy ?? 'build', options.signature);
      return manifest;
    },
    sign({ digest }, statement, signature = {}) {
      const key = `${digest} ${statement}`;
      const one: GateSignature = {
        digest: `sha256:${'5'.repeat(64)}`,
        subject: `CN=${statement}`,
        thumbprint: '00',
        timeKind: 'claimed',
        group: signature.subject ?? statement,
        ...signature,
      };
      signed.set(key, [...(signed.get(key) ?? []), one]);
    },
    async verify({ digest }, statement) {
      const signatures = signed.get(`${digest} ${statement}`);
      if (signatures !== undefined) return { trusted: true, signatures };
      const other = [...signed.keys()].some((key) => key.startsWith(digest));
      return other
        ? { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason: `no signature is trusted under ${statement}` }
        : { trusted: false, code: 'EVIDENCE_UNSIGNED', reason: 'it has no signature' };
    },
    async decide(document, { now = labNow, rules = [], ...named } = {}) {
      const policy = parseGatePolicy(JSON.stringify(document));
      const evidence = await collectEvidence(openGraph(repository), image, { policy, verify: lab.verify, ...named });
      return decide(evidence, { ...requestOf(policy), rules }, now);
    },
  };
  lab.sign(image, 'build');
  return lab;
}

/** A request with nothing but a policy. */
export function requestOf(policy: GatePolicy): GateRequest {
  return { policy, rules: [], seen: [] };
}

/** Pushes an image manifest. */
export async function pushManifest(repository: MemoryRepository, members: object): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, ...members }));
  const descriptor = describe(mediaTypes.imageManifest, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

/** A policy with the given blocks; signers build, scanner and security. */
export function policyOf(blocks: Record<string, unknown>): unknown {
  return {
    version: '1.0',
    name: 'test',
    signers: {
      build: { trustPolicy: 'build' },
      scanner: { trustPolicy: 'scanner' },
      security: { trustPolicy: 'security' },
    },
    image: { signedBy: ['build'] },
    ...blocks,
  };
}

/** Codes of everything that denies. */
export function deniedFor(decision: GateDecision): readonly string[] {
  return [...new Set(decision.outcomes.filter(({ level }) => level === 'deny').map(({ code }) => code))];
}

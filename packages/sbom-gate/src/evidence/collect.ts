import { type CallOptions, isCodedError, mapConcurrent } from '@notarykit/common';
import {
  artifactTypeOf,
  type Descriptor,
  type Digest,
  fetchManifest,
  type Manifest,
  type Repository,
  verifyStream,
} from '@notarykit/oci';
import type { GatePolicy } from '../policy/document.js';
import { type ClassHint, combineHints, hintOf, layerHint } from './classify.js';
import type {
  EvidenceClass,
  EvidenceDocument,
  EvidenceSignature,
  GateEvidence,
  IgnoredEvidence,
  PlatformEvidence,
} from './evidence.js';
import { expandImage, type PlatformTarget } from './platforms.js';
import { readDocument, unreadable } from './read-document.js';
import { SignerChecker, type VerifySigner } from './signers.js';

/** Options of {@link collectEvidence}. */
export interface CollectEvidenceOptions extends CallOptions {
  readonly policy: GatePolicy;
  /** Verifies the signature of a manifest under a statement of the trust policy. */
  readonly verify: VerifySigner;
  /** The reference that the subject was resolved from, for reports and for exceptions. */
  readonly reference?: string;
}

/** What collecting needs of a repository. */
export type EvidenceRepository = Pick<Repository, 'fetch' | 'exists' | 'referrers'>;

interface Candidate {
  readonly descriptor: Descriptor;
  readonly target: Digest;
  /** Trust that comes from the index which lists an attestation manifest. */
  readonly index?: Descriptor;
}

/**
 * Gathers what a decision rests on. Signatures come first: of each artifact that is attached to the image, only the manifest
 * is read until a signer allowed for its class has signed it; then all its layers are read. Artifacts without such a
 * signature are listed as ignored, and can neither help nor hinder.
 *
 * @throws whatever aborts the call; failures of the registry become problems that deny
 */
export async function collectEvidence(
  repository: EvidenceRepository,
  subject: Descriptor,
  options: CollectEvidenceOptions,
): Promise<GateEvidence> {
  const collector = new Collector(repository, subject, options);
  return collector.collect();
}

class Collector {
  readonly #repository: EvidenceRepository;
  readonly #subject: Descriptor;
  readonly #options: CollectEvidenceOptions;
  readonly #policy: GatePolicy;
  readonly #signers: SignerChecker;
  readonly #call: CallOptions;
  readonly #ignored: IgnoredEvidence[] = [];
  readonly #documents: EvidenceDocument[] = [];
  readonly #problems: GateEvidence['problems'][number][] = [];

  constructor(repository: EvidenceRepository, subject: Descriptor, options: CollectEvidenceOptions) {
    this.#repository = repository;
    this.#subject = subject;
    this.#options = options;
    this.#policy = options.policy;
    this.#signers = new SignerChecker(options.policy, options.verify);
    this.#call = options.signal === undefined ? {} : { signal: options.signal };
  }

  async collect(): Promise<GateEvidence> {
    const { reference } = this.#options;
    const image = await this.#guard(() => this.#signers.check(this.#subject, this.#policy.image.signedBy), {
      signatures: [],
      untrusted: [],
    });
    const expanded = await this.#guard(() => expandImage(this.#repository, this.#subject, this.#call), {
      platforms: [],
      attestations: [],
    });
    const { chosen, missing } = choosePlatforms(expanded.platforms, this.#policy.image.platforms);
    const candidates = await this.#candidates(chosen);
    for (const { descriptor, target } of expanded.attestations)
      if (chosen.some(({ digest }) => digest === target)) candidates.push({ descriptor, target, index: this.#subject });
    await mapConcurrent(candidates, 3, (candidate) => this.#guard(() => this.#consider(candidate), undefined));
    return {
      image: { ...(reference === undefined ? {} : { reference }), digest: this.#subject.digest, ...image },
      platforms: chosen.map(withoutDescriptor),
      missingPlatforms: missing,
      documents: this.#documents.sort((a, b) => compareText(`${a.manifest}${a.blob}`, `${b.manifest}${b.blob}`)),
      ignored: this.#ignored.sort((a, b) => compareText(`${a.manifest}${a.code}`, `${b.manifest}${b.code}`)),
      problems: this.#problems,
    };
  }

  /** Turns a failure into a problem that denies: evidence that could not be looked at might be the one that matters. */
  async #guard<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#call.signal?.throwIfAborted();
      if (!isCodedError(error)) throw error;
      this.#problems.push({ code: 'REGISTRY_UNAVAILABLE', message: `${error.code}: ${error.message}` });
      return otherwise;
    }
  }

  async #candidates(platforms: readonly PlatformTarget[]): Promise<Candidate[]> {
    const targets = new Map<Digest, Descriptor>([[this.#subject.digest, this.#subject]]);
    for (const { digest, descriptor } of platforms) targets.set(digest, descriptor);
    const found: Candidate[] = [];
    for (const target of targets.values()) await this.#guard(() => this.#list(target, found), undefined);
    return found;
  }

  async #list(target: Descriptor, found: Candidate[]): Promise<void> {
    let count = 0;
    for await (const descriptor of this.#repository.referrers(target, this.#call)) {
      if (hintOf(descriptor.artifactType) === 'none') continue;
      if (++count > this.#policy.limits.referrers) {
        const message = `more than ${this.#policy.limits.referrers} artifacts are attached to ${target.digest}`;
        this.#problems.push({ code: 'LIMIT_EXCEEDED', message });
        return;
      }
      found.push({ descriptor, target: target.digest });
    }
  }

  #ignore({ descriptor, target }: Candidate, code: IgnoredEvidence['code'], reason: string): void {
    const { artifactType, digest } = descriptor;
    this.#ignored.push({
      manifest: digest,
      target,
      ...(artifactType === undefined ? {} : { artifactType }),
      code,
      reason,
    });
  }

  async #consider(candidate: Candidate): Promise<void> {
    const manifest = await this.#manifest(candidate);
    if (manifest === undefined) return;
    if (candidate.index === undefined && manifest.subject?.digest !== candidate.target)
      return this.#ignore(candidate, 'EVIDENCE_SUBJECT_MISMATCH', 'its manifest names another subject, or none');
    const layers = manifest.kind === 'image' ? manifest.layers : manifest.kind === 'artifact' ? manifest.blobs : [];
    const hints = layers.map((layer) => layerHint(layer.mediaType, predicateTypeOf(layer, manifest)));
    const artifactType = artifactTypeOf(manifest);
    const hint = combineHints(hintOf(artifactType), hints);
    if (hint === 'none') return this.#ignore(candidate, 'EVIDENCE_UNRECOGNISED', 'its type is none of evidence');
    const trusted = await this.#trustedClasses(candidate, hint);
    if (trusted.size === 0) return;
    for (const [i, layer] of layers.entries()) {
      const own = hints[i];
      if (own === 'none') continue;
      const told = own === undefined || own === 'any' ? hint : own;
      await this.#read({ ...candidate, ...(artifactType === undefined ? {} : { artifactType }) }, layer, told, trusted);
    }
  }

  /** The manifest of a candidate; anybody can list one that is not there or not well-formed, so that is no problem. */
  async #manifest(candidate: Candidate): Promise<Manifest | undefined> {
    try {
      return (await fetchManifest(this.#repository, candidate.descriptor, this.#call)).manifest;
    } catch (error) {
      if (!isCodedError(error) || !error.code.startsWith('ERR_OCI_')) throw error;
      this.#ignore(candidate, 'EVIDENCE_UNAVAILABLE', `its manifest cannot be read: ${error.message}`);
      return undefined;
    }
  }

  /** The classes that a signer of the candidate may vouch for. */
  async #trustedClasses(
    candidate: Candidate,
    hint: Exclude<ClassHint, 'none'>,
  ): Promise<ReadonlyMap<EvidenceClass, readonly EvidenceSignature[]>> {
    const trusted = new Map<EvidenceClass, readonly EvidenceSignature[]>();
    const reasons: { code: IgnoredEvidence['code']; reason: string }[] = [];
    for (const name of ['sbom', 'scan', 'vex'] as const) {
      const block = this.#policy[name];
      if (block === undefined || (hint !== 'any' && hint !== name)) continue;
      for (const manifest of [candidate.descriptor, ...(candidate.index === undefined ? [] : [candidate.index])]) {
        if (trusted.has(name)) break;
        const { signatures, untrusted } = await this.#signers.check(manifest, block.signedBy);
        if (signatures.length > 0) trusted.set(name, signatures);
        for (const { alias, code, reason } of untrusted)
          reasons.push({ code, reason: `${name} signer ${alias}: ${reason}` });
      }
    }
    if (trusted.size === 0) {
      const code = reasons.find((one) => one.code !== 'EVIDENCE_UNSIGNED')?.code ?? reasons[0]?.code;
      const reason = [...new Set(reasons.map((one) => one.reason))].join('; ');
      this.#ignore(candidate, code ?? 'EVIDENCE_UNRECOGNISED', reason || 'the policy has no rules about its class');
    }
    return trusted;
  }

  async #read(
    candidate: Candidate & { readonly artifactType?: string },
    layer: Descriptor,
    hint: ClassHint,
    trusted: ReadonlyMap<EvidenceClass, readonly EvidenceSignature[]>,
  ): Promise<void> {
    const wanted = hint === 'any' || hint === 'none' ? undefined : hint;
    const outcome = await this.#readLayer(layer, wanted);
    // What is broken and might be of several classes counts for the first that its signer may vouch for.
    const [first] = trusted.keys();
    const name = 'content' in outcome ? outcome.content.class : (wanted ?? first);
    const signatures = name === undefined ? undefined : trusted.get(name);
    if (name === undefined || signatures === undefined)
      return this.#ignore(candidate, 'EVIDENCE_UNTRUSTED', `its signer may not vouch for a document of class ${name}`);
    if ('problem' in outcome && outcome.problem.code === 'EVIDENCE_UNRECOGNISED')
      return this.#ignore(candidate, 'EVIDENCE_UNRECOGNISED', outcome.problem.message);
    this.#documents.push({
      class: name,
      target: candidate.target,
      manifest: candidate.descriptor.digest,
      ...(candidate.artifactType === undefined ? {} : { artifactType: candidate.artifactType }),
      blob: layer.digest,
      signatures,
      ...('content' in outcome
        ? { content: outcome.content, warnings: outcome.warnings }
        : { problem: outcome.problem, warnings: [] }),
    });
  }

  async #readLayer(layer: Descriptor, wanted: EvidenceClass | undefined): ReturnType<typeof readDocument> {
    const { limits } = this.#policy;
    if (layer.size > limits.documentBytes) {
      const message = `a document has at most ${limits.documentBytes} bytes, this one has ${layer.size}`;
      return { problem: { code: 'LIMIT_EXCEEDED', message } };
    }
    try {
      const stream = await this.#repository.fetch(layer, this.#call);
      const checked = verifyStream(stream, layer);
      return await readDocument(checked, { ...this.#call, limits, ...(wanted === undefined ? {} : { wanted }) });
    } catch (error) {
      this.#call.signal?.throwIfAborted();
      if (!isCodedError(error)) throw error;
      return {
        problem: {
          code: wanted === undefined ? 'EVIDENCE_UNAVAILABLE' : unreadable(wanted),
          message: `${error.code}: ${error.message}`,
        },
      };
    }
  }
}

function predicateTypeOf(layer: Descriptor, manifest: Manifest): string | undefined {
  return layer.annotations?.['in-toto.io/predicate-type'] ?? manifest.annotations?.['in-toto.io/predicate-type'];
}

function withoutDescriptor({ platform, digest, configDigest }: PlatformTarget): PlatformEvidence {
  return { platform, digest, ...(configDigest === undefined ? {} : { configDigest }) };
}

function choosePlatforms(
  all: readonly PlatformTarget[],
  wanted: 'all' | readonly string[],
): { chosen: readonly PlatformTarget[]; missing: readonly string[] } {
  if (wanted === 'all') return { chosen: all, missing: [] };
  const chosen = all.filter(({ platform }) => wanted.includes(platform));
  return { chosen, missing: wanted.filter((name) => !chosen.some(({ platform }) => platform === name)) };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { GraphView, Referrer } from '@notarykit/artifact-graph/internal';
import { type CallOptions, compareText, defined, mapConcurrent } from '@notarykit/common/internal';
import type { Descriptor, Digest, Manifest } from '@notarykit/oci/internal';
import {
  type EvidenceClass,
  type EvidenceDocument,
  type EvidenceSignature,
  type GateEvidence,
  type GatePolicy,
  type IgnoredEvidence,
  isNoEvidence,
  judgeSigners,
  planReferrer,
  type ReferrerPlan,
  type SignerCheck,
  statementsOf,
} from '@notarykit/sbom-gate/internal/core';
import { expandImage, type ImagePlatform } from './platforms.js';
import { Problems } from './problems.js';
import { readLayer } from './read-layer.js';
import type { SignerAnswer } from './signer-outcome.js';

/**
 * Says whether a manifest carries trusted signatures under a statement of the trust policy. It answers with a reason when there is
 * none, and rejects when it could not find out.
 */
export type VerifySigner = (manifest: Descriptor, statement: string) => Promise<SignerAnswer>;

/** Options of {@link collectEvidence}. */
export interface CollectEvidenceOptions extends CallOptions {
  readonly policy: GatePolicy;
  readonly verify: VerifySigner;
  /** The reference that the subject was resolved from, for reports and for exceptions. */
  readonly reference?: string;
}

/** An artifact that may be evidence. */
interface Candidate {
  readonly descriptor: Descriptor;
  readonly target: Digest;
  readonly manifest: Manifest;
  /** Trust that comes from the index which lists an attestation manifest. */
  readonly index?: Descriptor;
}

/**
 * Gathers what a decision rests on. Signatures come first: of each artifact that is attached to the image, only the manifest
 * is read until a signer allowed for its class has signed it; then all its layers are read. Artifacts without such a
 * signature are listed as ignored, and can neither help nor hinder.
 *
 * What the repository fails to give is a problem of the evidence, which denies; whatever else fails passes through as it is.
 */
export async function collectEvidence(
  view: GraphView,
  subject: Descriptor,
  options: CollectEvidenceOptions,
): Promise<GateEvidence> {
  return await new Collector(view, subject, options).collect();
}

class Collector {
  readonly #view: GraphView;
  readonly #subject: Descriptor;
  readonly #options: CollectEvidenceOptions;
  readonly #policy: GatePolicy;
  readonly #call: CallOptions;
  readonly #problems: Problems;
  readonly #asked = new Map<string, Promise<SignerAnswer>>();
  readonly #ignored: IgnoredEvidence[] = [];
  readonly #documents: EvidenceDocument[] = [];

  constructor(view: GraphView, subject: Descriptor, options: CollectEvidenceOptions) {
    this.#view = view;
    this.#subject = subject;
    this.#options = options;
    this.#policy = options.policy;
    this.#call = defined({ signal: options.signal });
    this.#problems = new Problems(this.#call);
  }

  async collect(): Promise<GateEvidence> {
    const none: SignerCheck = { signatures: [], untrusted: [] };
    const { signatures, untrusted } = await this.#problems.guard(
      () => this.#check(this.#subject, this.#policy.image.signedBy),
      none,
    );
    const { platforms, others, missing, attestations } = await expandImage(
      this.#view,
      this.#subject,
      this.#policy.image.platforms,
      this.#problems,
      this.#call,
    );
    const candidates = new Map((await this.#candidates(platforms)).map((one) => [placeOf(one), one]));
    for (const { descriptor, target } of attestations)
      if (platforms.some(({ digest }) => digest === target)) await this.#addAttestation(candidates, descriptor, target);
    await mapConcurrent([...candidates.values()], 3, (one) =>
      this.#problems.guard(() => this.#consider(one), undefined),
    );
    const { reference } = this.#options;
    return {
      image: { ...defined({ reference }), digest: this.#subject.digest, signatures, untrusted },
      platforms: platforms.map(withoutDescriptor),
      others: others.map(withoutDescriptor),
      missingPlatforms: missing,
      documents: this.#documents.sort((a, b) => compareText(`${a.manifest}${a.blob}`, `${b.manifest}${b.blob}`)),
      ignored: this.#ignored.sort((a, b) => compareText(`${a.manifest}${a.code}`, `${b.manifest}${b.code}`)),
      problems: this.#problems.found,
    };
  }

  async #candidates(platforms: readonly ImagePlatform[]): Promise<Candidate[]> {
    const targets = new Map<Digest, Descriptor>([[this.#subject.digest, this.#subject]]);
    for (const { digest, descriptor } of platforms) targets.set(digest, descriptor);
    const found: Candidate[] = [];
    for (const target of targets.values()) await this.#problems.guard(() => this.#list(target, found), undefined);
    return found;
  }

  /** Signatures are not evidence and are not counted; of the rest the policy says how many are looked at. */
  async #list(target: Descriptor, found: Candidate[]): Promise<void> {
    let count = 0;
    for await (const referrer of this.#view.referrers(target, { ...this.#call, unread: isNoEvidence })) {
      if (++count > this.#policy.limits.referrers) {
        const message = `more than ${this.#policy.limits.referrers} artifacts are attached to ${target.digest}`;
        this.#problems.add('LIMIT_EXCEEDED', message);
        return;
      }
      if (referrer.kind === 'setAside') this.#setAside(referrer, target.digest);
      else {
        const { descriptor, fetched } = referrer;
        found.push({ descriptor, target: target.digest, manifest: fetched.manifest });
      }
    }
  }

  /** Anyone who may push can list something that is not evidence; what only could not be fetched now may be the evidence that matters. */
  #setAside({ descriptor, reason, cause }: Extract<Referrer, { kind: 'setAside' }>, target: Digest): void {
    const name = descriptor === undefined ? {} : { manifest: descriptor.digest };
    const mismatch = reason === 'subjectMismatch' || reason === 'noSubject';
    const code = mismatch ? 'EVIDENCE_SUBJECT_MISMATCH' : 'EVIDENCE_UNAVAILABLE';
    this.#ignored.push({ ...name, target, code, reason: `${cause.code}: ${cause.message}` });
    if (reason === 'unavailable') this.#problems.addError(cause);
  }

  /** BuildKit's attestation manifests may be referrers of their image, too: one candidate has the signatures of both ways. */
  async #addAttestation(candidates: Map<string, Candidate>, descriptor: Descriptor, target: Digest): Promise<void> {
    const fetched = await this.#problems.guard(() => this.#view.manifest(descriptor, this.#call), undefined);
    const candidate = { descriptor, target };
    if (fetched !== undefined)
      candidates.set(placeOf(candidate), { ...candidate, manifest: fetched.manifest, index: this.#subject });
  }

  #ignore(
    { descriptor, target }: Candidate,
    { artifactType }: ReferrerPlan,
    reason: Pick<IgnoredEvidence, 'code' | 'reason'>,
  ): void {
    const typed = defined({ artifactType });
    this.#ignored.push({ manifest: descriptor.digest, target, ...typed, ...reason });
  }

  async #consider(candidate: Candidate): Promise<void> {
    const plan = planReferrer(candidate.manifest, this.#policy);
    if (plan.kind === 'ignore') return this.#ignore(candidate, plan, plan);
    const trusted = await this.#trustedClasses(candidate, plan);
    if (trusted.size === 0) return;
    for (const { layer, wanted } of plan.layers) {
      const read = await readLayer(this.#view, layer, wanted, { ...this.#call, limits: this.#policy.limits, trusted });
      if ('reason' in read) this.#ignore(candidate, plan, read);
      else {
        const { artifactType } = plan;
        this.#documents.push({
          target: candidate.target,
          manifest: candidate.descriptor.digest,
          ...defined({ artifactType }),
          blob: layer.digest,
          ...read,
        });
      }
    }
  }

  /** The classes for which a signer vouches, with the signatures. */
  async #trustedClasses(
    candidate: Candidate,
    plan: Extract<ReferrerPlan, { kind: 'read' }>,
  ): Promise<ReadonlyMap<EvidenceClass, readonly EvidenceSignature[]>> {
    const trusted = new Map<EvidenceClass, readonly EvidenceSignature[]>();
    const reasons: Pick<IgnoredEvidence, 'code' | 'reason'>[] = [];
    for (const name of plan.classes) {
      let missed: string | undefined;
      const doubts: string[] = [];
      for (const manifest of [candidate.descriptor, ...(candidate.index === undefined ? [] : [candidate.index])]) {
        if (trusted.has(name)) break;
        const check = await this.#check(manifest, this.#policy[name]?.signedBy ?? []);
        if (check.signatures.length > 0) trusted.set(name, check.signatures);
        missed ??= check.missed;
        for (const { alias, code, reason } of check.untrusted) {
          reasons.push({ code, reason: `${name} signer ${alias}: ${reason}` });
          if (code === 'EVIDENCE_UNDECIDED') doubts.push(`${name} signer ${alias}: ${reason}`);
        }
      }
      // Not unsigned: it may be the piece of evidence that matters.
      if (missed !== undefined && !trusted.has(name))
        this.#problems.add('REGISTRY_UNAVAILABLE', `a signature of ${candidate.descriptor.digest}: ${missed}`);
      // A permitted signer may have signed it: left out, a newer scan with findings would count as absent.
      if (missed === undefined && !trusted.has(name) && doubts.length > 0)
        this.#problems.add('EVIDENCE_UNDECIDED', `${candidate.descriptor.digest}: ${[...new Set(doubts)].join('; ')}`);
    }
    if (trusted.size === 0) {
      const code = reasons.find((one) => one.code !== 'EVIDENCE_UNSIGNED')?.code ?? 'EVIDENCE_UNSIGNED';
      this.#ignore(candidate, plan, { code, reason: [...new Set(reasons.map((one) => one.reason))].join('; ') });
    }
    return trusted;
  }

  async #check(manifest: Descriptor, aliases: readonly string[]): Promise<SignerCheck & Pick<SignerAnswer, 'missed'>> {
    const found = new Map<string, SignerAnswer>();
    for (const statement of statementsOf(this.#policy, aliases))
      found.set(statement, await this.#ask(manifest, statement));
    const lost = [...found.values()].find(({ missed }) => missed !== undefined);
    return {
      ...judgeSigners(this.#policy, aliases, found),
      ...(lost?.missed === undefined ? {} : { missed: lost.missed }),
    };
  }

  /** Signers of several classes may be one statement: it is asked once for a manifest. */
  #ask(manifest: Descriptor, statement: string): Promise<SignerAnswer> {
    const key = `${manifest.digest} ${statement}`;
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const asked = this.#options.verify(manifest, statement);
    this.#asked.set(key, asked);
    return asked;
  }
}

/** What a candidate is, and of what: one that is found twice is looked at once. */
function placeOf({ descriptor, target }: Pick<Candidate, 'descriptor' | 'target'>): string {
  return `${target} ${descriptor.digest}`;
}

function withoutDescriptor({ platform, digest, configDigest }: ImagePlatform): GateEvidence['platforms'][number] {
  return { platform, digest, ...defined({ configDigest }) };
}

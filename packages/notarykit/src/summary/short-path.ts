import type { GraphView } from '@notarykit/artifact-graph/internal';
import { type CallOptions, isCodedError, type NonEmpty } from '@notarykit/common/internal';
import { type Descriptor, type Digest, mediaTypes } from '@notarykit/oci/internal';
import {
  type AcceptedSummary,
  acceptVsa,
  decideBySummary,
  type EvidenceSignature,
  type GateDecision,
  judgeSigners,
  type SignedSummary,
  statementsOf,
} from '@notarykit/sbom-gate/internal/core';
import type { TrustDecision } from '@notarykit/trust-policy/internal';
import { outcomeOf } from '../gate/signer-outcome.js';
import { decideSignatures } from '../verdict/decide-signatures.js';
import { endsOf } from '../verdict/decide-trusted.js';
import { resourceOf, summaryDigest } from '../verdict/summary-key.js';
import type { VerdictRequest } from '../verdict/verdict-request.js';
import { attachmentsOf, type FoundSummary } from './attachments.js';
import { revokedSigner } from './revocation.js';

/** Result of the short path: a decision and until when it holds, or why the whole graph must be read. */
export type ShortPath =
  | { readonly decision: GateDecision & { readonly verdict: 'ALLOW' }; readonly validUntil: Date }
  | { readonly reason: string };

type Request = VerdictRequest & { readonly gate: NonNullable<VerdictRequest['gate']> };

/** Summaries whose signatures are verified. If more are not too old, the whole graph is read: this limit refuses nothing. */
const maxSummaries = 16;
const maxSummaryBytes = 1024 * 1024;

/**
 * Looks for a verification summary that can be accepted in place of the evidence. Nothing here refuses: whatever is missing, in doubt or
 * fails is a reason to read the whole graph. `undefined` where the policy has no block `summary`.
 */
export async function shortPath(
  view: GraphView,
  request: VerdictRequest,
  call: CallOptions = {},
): Promise<ShortPath | undefined> {
  if (request.gate?.policy.summary === undefined) return undefined;
  try {
    return await new Search(view, request as Request, call).run();
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!(error instanceof Doubt) && !isCodedError(error)) throw error;
    return { reason: error.message };
  }
}

/** Why no summary counts. */
class Doubt extends Error {}

class Search {
  readonly #view: GraphView;
  readonly #request: Request;
  readonly #call: CallOptions;
  readonly #ends: TrustDecision[] = [];

  constructor(view: GraphView, request: Request, call: CallOptions) {
    this.#view = view;
    this.#request = request;
    this.#call = call;
  }

  async run(): Promise<ShortPath> {
    const { subject, gate, time } = this.#request;
    const { digest } = subject.descriptor;
    const resourceUri = resourceOf(this.#view.repository, digest);
    const asked = this.#asked(resourceUri);
    const { policy, revokedSummaries: revoked } = gate;
    const { others, summaries } = await this.#list(subject.descriptor, new Set());
    const signed = await this.#signed(summaries);
    const accepted = acceptVsa(signed, {
      digest,
      resourceUri,
      policy: this.#policy,
      policyDigest: policy.digest,
      request: asked,
      now: time.now,
      revoked,
    });
    if (!accepted.accepted) throw new Doubt(accepted.reason);
    await this.#checkNow(accepted, others);
    const { reference = resourceUri } = subject;
    const decision = decideBySummary(accepted, { digest, reference }, policy, time.now);
    const ends = [
      endsOf(this.#ends.map(({ report }) => report.validUntil)) ?? accepted.validUntil,
      accepted.validUntil,
    ];
    return { decision, validUntil: new Date(Math.min(...ends.map((end) => end.getTime()))) };
  }

  get #policy() {
    const { summary } = this.#request.gate.policy;
    if (summary === undefined) throw new Doubt('the policy names no verifier');
    return summary;
  }

  /** The digest of what is asked. Rules of the caller see the name of the image; a summary states only its repository. */
  #asked(resource: string): string {
    const { gate, subject } = this.#request;
    const digest = summaryDigest(this.#request);
    if (digest === undefined) throw new Doubt('this request accepts no summaries');
    if (gate.rules.length > 0 && subject.reference !== undefined && subject.reference !== resource)
      throw new Doubt('rules of the caller may depend on the tag');
    return digest;
  }

  async #list(subject: Descriptor, known: ReadonlySet<Digest>) {
    const found = await attachmentsOf(
      this.#view,
      subject,
      known,
      this.#request.gate.policy.limits.referrers,
      this.#call,
    );
    if (found.problem !== undefined) throw new Doubt(found.problem);
    return found;
  }

  /** The summaries that a signer of the policy has signed, as far as that could be found out for all of them. */
  async #signed(found: readonly FoundSummary[]): Promise<readonly SignedSummary[]> {
    // What is too old cannot be accepted, nor be newer than what is.
    const oldest = this.#request.time.now.getTime() - this.#policy.maxAge;
    const fresh = found.filter(({ created }) => created === undefined || created.getTime() >= oldest);
    if (fresh.length > maxSummaries) throw new Doubt(`more than ${maxSummaries} summaries are attached`);
    const signed: SignedSummary[] = [];
    for (const { descriptor, layer } of fresh) {
      const signatures = await this.#signaturesOf(descriptor);
      if (signatures === undefined) continue;
      if (layer.size > maxSummaryBytes) throw new Doubt(`${descriptor.digest} is larger than ${maxSummaryBytes} bytes`);
      signed.push({ manifest: descriptor.digest, signatures, bytes: await this.#view.bytes(layer, this.#call) });
    }
    return signed;
  }

  async #signaturesOf(summary: Descriptor): Promise<NonEmpty<EvidenceSignature> | undefined> {
    const { policy, signers } = this.#request.gate;
    const aliases = this.#policy.signedBy;
    const found = new Map<string, ReturnType<typeof outcomeOf>>();
    for (const statement of statementsOf(policy, aliases)) {
      const trust = signers.get(statement);
      if (trust === undefined) throw new Doubt(`the statement "${statement}" is not a part of the request`);
      const decision = await decideSignatures(this.#view, summary, trust, this.#call);
      const outcome = outcomeOf(decision, statement);
      // It may be the one that revokes the others.
      if (decision.verdict === 'undecided' || outcome.missed !== undefined)
        throw new Doubt(`cannot determine whether ${summary.digest} is signed`);
      this.#ends.push(decision);
      found.set(statement, outcome);
    }
    const [first, ...more] = judgeSigners(policy, aliases, found).signatures;
    return first === undefined ? undefined : [first, ...more];
  }

  /** What can change while every digest stays the same: what is attached, and whether signers are revoked. */
  async #checkNow({ grounds, platforms }: AcceptedSummary, others: readonly Digest[]): Promise<void> {
    const known = new Set(grounds.attachments);
    const { digest: image } = this.#request.subject.descriptor;
    const listed = [...others];
    for (const { digest } of platforms)
      if (digest !== image) listed.push(...(await this.#list(manifestOf(digest), known)).others);
    const fresh = listed.find((digest) => !known.has(digest));
    if (fresh !== undefined) throw new Doubt(`${fresh} was attached after the image was verified`);
    const { signers } = this.#request.gate;
    const revoked = await revokedSigner(grounds.signers, signers, this.#call);
    if (revoked !== undefined) throw new Doubt(revoked);
  }
}

/** Only the digest is used to ask for a list. */
function manifestOf(digest: Digest): Descriptor {
  return { mediaType: mediaTypes.imageManifest, digest, size: 0 };
}

import { type CallOptions, defined, formatTime } from '@notarykit/common/internal';
import type { Descriptor, Digest } from '@notarykit/oci/internal';
import {
  type ArtifactTrustOptions,
  type RecordedOutcome,
  requestTime,
  type SignatureCandidate,
} from '@notarykit/trust-policy/internal';
import { callOptions } from '../../reference.js';
import { signaturesOf } from '../../verdict/signatures.js';
import { type AuditedRepository, type AuditOpinion, type AuditProblem, problemOf } from '../judge.js';
import type { AuditResult } from '../result.js';
import type { AuditRecorder, UnrecordedOutcome } from './entry.js';

/** What an audit is to record of one manifest. */
export type Seen =
  | { readonly recorded: true; readonly outcome: Omit<RecordedOutcome, 'tags'> }
  | { readonly recorded: false; readonly problem: Omit<UnrecordedOutcome, 'tags'> };

/**
 * The candidates that an opinion was formed from. They are listed once more, which costs nothing where the view has them; where the
 * policy did not ask for any, because it skips the repository or says nothing of it, they are what the record is for.
 */
export async function seenOf(
  { repository, view }: AuditedRepository,
  descriptor: Descriptor,
  opinion: AuditOpinion,
  options: ArtifactTrustOptions,
): Promise<Seen> {
  const call = callOptions(options);
  const { scope, maxSignatures = 100 } = options;
  const about = { repository: view.repository };
  try {
    // One more than is examined, so that a record with too many says so again.
    const candidates = await some(signaturesOf(view, descriptor, call), maxSignatures + 1, call);
    const { mediaType, digest, size } = descriptor;
    const at = opinion.report?.at ?? opinion.report?.now ?? formatTime(requestTime(options).at);
    const selected = defined({ scope });
    const outcome = { ...about, ...selected, descriptor: { mediaType, digest, size }, at, candidates };
    return { recorded: true, outcome: { ...outcome, ...verdictOf(opinion) } };
  } catch (error) {
    call.signal?.throwIfAborted();
    return unseen(repository, problemOf(error), descriptor);
  }
}

/** An artifact that could not be examined, or whose manifests could not be. */
export function unseen(
  { name }: AuditedRepository['repository'],
  problem: AuditProblem,
  descriptor?: Descriptor,
): Seen {
  const about = descriptor === undefined ? {} : { digest: descriptor.digest };
  return { recorded: false, problem: { repository: name, ...about, ...problem } };
}

/** Hands over what was seen of one result: the artifact, then the manifests in it, in their order. */
export async function recordSeen(
  recorder: AuditRecorder,
  seen: readonly Seen[],
  { tags, descriptor, manifests }: Pick<AuditResult, 'tags' | 'descriptor' | 'manifests'>,
): Promise<void> {
  const order = [descriptor, ...manifests.map((manifest) => manifest.descriptor)].map((each) => each?.digest);
  const placeOf = (one: Seen): number => order.indexOf(digestOf(one));
  for (const one of [...seen].sort((a, b) => placeOf(a) - placeOf(b)))
    if (one.recorded) await recorder.outcome({ ...one.outcome, tags });
    else await recorder.unrecorded({ ...one.problem, tags });
}

function digestOf(seen: Seen): Digest | undefined {
  return seen.recorded ? seen.outcome.descriptor.digest : (seen.problem.digest as Digest | undefined);
}

/** What could not be decided stays undecided; else the report decides, not the verifier that returned it. */
function verdictOf({ verdict, problem, report }: AuditOpinion): Pick<RecordedOutcome, 'verdict' | 'code'> {
  const found = verdict === 'undecided' ? verdict : (report?.verdict ?? verdict);
  return { verdict: found, ...(problem && { code: problem.code }) };
}

async function some(
  candidates: AsyncIterable<SignatureCandidate>,
  most: number,
  { signal }: CallOptions,
): Promise<readonly SignatureCandidate[]> {
  const taken: SignatureCandidate[] = [];
  if (most <= 0) return taken;
  for await (const candidate of candidates) {
    signal?.throwIfAborted();
    if (taken.push(candidate) >= most) break;
  }
  return taken;
}

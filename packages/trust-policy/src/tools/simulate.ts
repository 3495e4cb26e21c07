import type { SignatureCandidate } from '../candidate.js';
import { decideTrust } from '../decide-trust.js';
import type { RefusedDecision } from '../decision.js';
import type { TrustPolicy } from '../document/policy.js';
import { TrustError } from '../errors.js';
import type { ExtendedTrustPolicy } from '../extended/policy.js';
import type { Fact } from '../facts.js';
import { type ArtifactTrustOptions, trustRequest } from '../request.js';
import type { RecordedOutcome, RecordedVerdict } from './recorded.js';

/** What a policy would have said of a recorded outcome. */
export interface SimulatedOutcome {
  readonly repository: string;
  readonly digest: string;
  readonly tags?: readonly string[];
  readonly before: RecordedVerdict;
  readonly after: RecordedVerdict;
  /** Whether the verdict would be another; never where one of the two is `undecided`. */
  readonly flips: boolean;
  /** Why it would not be trusted, when it would not. */
  readonly because?: Fact;
  readonly statement?: string;
}

/** Options of {@link simulate}: those of a verification, but for what the recorded outcomes say themselves. */
export type SimulateOptions = Omit<ArtifactTrustOptions, 'policy' | 'scope' | 'at'>;

/**
 * What would flip if this policy had been in force: each recorded outcome is decided again, as of its own time, by the same code that
 * verifies. No repository is asked; revocation is, by the checker that is given: `offlineRevocationChecker` over the recorded answers.
 * What was not recorded, such as an answer that the policy of that time did not ask for, leaves the verdict `undecided`.
 */
export async function simulate(
  policy: TrustPolicy | ExtendedTrustPolicy,
  outcomes: readonly RecordedOutcome[],
  options: SimulateOptions,
): Promise<readonly SimulatedOutcome[]> {
  const simulated: SimulatedOutcome[] = [];
  for (const outcome of outcomes) {
    options.signal?.throwIfAborted();
    const { repository, descriptor, tags, verdict: before } = outcome;
    const found = await decideAgain(outcome, { ...options, policy, at: new Date(outcome.at) });
    const flips = found.after !== before && ![found.after, before].includes('undecided');
    simulated.push({ repository, digest: descriptor.digest, ...(tags && { tags }), before, flips, ...found });
  }
  return simulated;
}

async function decideAgain(
  { repository, scope, descriptor, candidates }: RecordedOutcome,
  options: ArtifactTrustOptions,
): Promise<Pick<SimulatedOutcome, 'after' | 'because' | 'statement'>> {
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const asked = { ...options, ...(scope === undefined ? {} : { scope }) };
  try {
    const request = await trustRequest(asked, repository, undefined, call);
    const decision = await decideTrust(descriptor, inOrder(candidates), request, call);
    const { statement } = decision.report.policy;
    if (decision.verdict === 'trusted' || decision.verdict === 'skipped') return { after: decision.verdict, statement };
    const after = decision.verdict === 'undecided' ? 'undecided' : 'notTrusted';
    return { after, statement, because: reasonOf(decision) };
  } catch (error) {
    if (error instanceof TrustError && error.code === 'ERR_TRUST_NO_STATEMENT') return { after: 'noStatement' };
    throw error;
  }
}

async function* inOrder(candidates: readonly SignatureCandidate[]): AsyncGenerator<SignatureCandidate> {
  yield* candidates;
}

/** What decided about the whole; else about the last signature. */
function reasonOf({ report }: RefusedDecision): Fact {
  const failed = report.signatures.flatMap(({ validations }) =>
    validations.flatMap(({ result, fact }) => (result === 'failed' && fact !== undefined ? [fact] : [])),
  );
  return report.fact ?? failed.at(-1) ?? { fact: 'noSignature', referrers: 0 };
}

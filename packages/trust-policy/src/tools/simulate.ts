import { defined, type VerdictName } from '@notarykit/common/internal';
import type { SignatureCandidate } from '../candidate.js';
import { decideTrust } from '../decide-trust.js';
import type { RefusedDecision } from '../decision.js';
import type { TrustPolicy } from '../document/policy.js';
import { TrustError, type TrustErrorCode } from '../errors.js';
import type { ExtendedTrustPolicy } from '../extended/policy.js';
import type { Fact } from '../facts.js';
import { type ArtifactTrustOptions, trustRequest } from '../request.js';
import type { RecordedOutcome } from './recorded.js';

/** What a policy would have said of a recorded outcome. */
export interface SimulatedOutcome {
  readonly repository: string;
  readonly digest: string;
  readonly tags?: readonly string[];
  readonly before: VerdictName;
  readonly after: VerdictName;
  /** Why it would not be trusted: `ERR_TRUST_NO_STATEMENT` where no statement of the policy applies. */
  readonly code?: TrustErrorCode;
  /** Whether the verdict would be another, or a statement applies where none did; never where one of the two is `undecided`. */
  readonly flips: boolean;
  /** What was found that refuses, where a statement applies. */
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
    const flips = answerOf(found.after, found.code) !== answerOf(before, outcome.code);
    const known = ![found.after, before].includes('undecided');
    simulated.push({
      repository,
      digest: descriptor.digest,
      ...(tags && { tags }),
      before,
      flips: known && flips,
      ...found,
    });
  }
  return simulated;
}

const noStatement = 'ERR_TRUST_NO_STATEMENT';

/** What flips when it becomes another: the verdict, and whether there was a statement to decide by. */
function answerOf(verdict: VerdictName, code: string | undefined): string {
  return code === noStatement ? code : verdict;
}

async function decideAgain(
  { repository, scope, descriptor, candidates }: RecordedOutcome,
  options: ArtifactTrustOptions,
): Promise<Pick<SimulatedOutcome, 'after' | 'code' | 'because' | 'statement'>> {
  const call = defined({ signal: options.signal });
  const asked = { ...options, ...defined({ scope }) };
  try {
    const request = await trustRequest(asked, repository, undefined, call);
    const decision = await decideTrust(descriptor, inOrder(candidates), request, call);
    const { statement } = decision.report.policy;
    if (decision.verdict === 'trusted' || decision.verdict === 'skipped') return { after: decision.verdict, statement };
    return { after: decision.verdict, code: decision.code, statement, because: reasonOf(decision) };
  } catch (error) {
    if (error instanceof TrustError && error.code === noStatement) return { after: 'refused', code: noStatement };
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

import type { Descriptor } from '@notarykit/oci';
import type { SignatureCandidate } from '../candidate.js';
import { decideTrust } from '../decide-trust.js';
import type { RefusedDecision } from '../decision.js';
import type { TrustPolicy } from '../document/policy.js';
import { TrustError } from '../errors.js';
import type { ExtendedTrustPolicy } from '../extended/policy.js';
import type { Fact } from '../report/facts.js';
import type { TrustReport } from '../report/report.js';
import { type ArtifactTrustOptions, trustRequest } from '../request.js';

/** A verdict of the past with the candidates that led to it: enough to ask what another policy would have said. */
export interface RecordedOutcome {
  readonly report: TrustReport;
  /** In the order in which they were listed. */
  readonly candidates: readonly SignatureCandidate[];
}

/** What a simulated verification ends in. */
export type SimulatedVerdict = TrustReport['verdict'] | 'noStatement';

/** What a policy would have said of a recorded outcome. */
export interface SimulatedOutcome {
  readonly repository: string;
  readonly digest: string;
  readonly before: TrustReport['verdict'];
  readonly after: SimulatedVerdict;
  /** Whether the verdict would be another. */
  readonly flips: boolean;
  /** Why it would not be trusted, when it would not. */
  readonly because?: Fact;
  readonly statement?: string;
}

/** Options of {@link simulate}: those of a verification, but for what the recorded outcomes say themselves. */
export type SimulateOptions = Omit<ArtifactTrustOptions, 'policy' | 'scope' | 'at'>;

/**
 * What would flip if this policy had been in force: each recorded outcome is decided again, as of its own time, by the same code that
 * verifies. No repository is asked.
 */
export async function simulate(
  policy: TrustPolicy | ExtendedTrustPolicy,
  outcomes: readonly RecordedOutcome[],
  options: SimulateOptions,
): Promise<readonly SimulatedOutcome[]> {
  const simulated: SimulatedOutcome[] = [];
  for (const { report, candidates } of outcomes) {
    const { subject } = report;
    if (subject.kind !== 'artifact') continue;
    const { repository, digest } = subject;
    const found = await decideAgain(subject, candidates, { ...options, policy, at: new Date(report.at ?? report.now) });
    const flips = found.after !== report.verdict;
    simulated.push({ repository, digest, before: report.verdict, flips, ...found });
  }
  return simulated;
}

async function decideAgain(
  { repository, ...recorded }: Extract<TrustReport['subject'], { kind: 'artifact' }>,
  candidates: readonly SignatureCandidate[],
  options: ArtifactTrustOptions,
): Promise<Pick<SimulatedOutcome, 'after' | 'because' | 'statement'>> {
  const call = options.signal === undefined ? {} : { signal: options.signal };
  try {
    const request = await trustRequest(options, repository, undefined, call);
    const decision = await decideTrust(recorded as Descriptor, inOrder(candidates), request, call);
    const { statement } = decision.report.policy;
    if (decision.verdict === 'trusted' || decision.verdict === 'skipped') return { after: decision.verdict, statement };
    return { after: 'notTrusted', statement, because: reasonOf(decision) };
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

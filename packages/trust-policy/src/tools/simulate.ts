import type { OciTrustStatement, TrustPolicy } from '../document/policy.js';
import { TrustError } from '../errors.js';
import type { Fact } from '../report/facts.js';
import type { TrustReport } from '../report/report.js';
import { type Selection, selectStatement } from '../select.js';
import { type TrustOptions, verifySignature } from '../verify-signature.js';

/** A verdict of the past with the envelopes that led to it: enough to ask what another policy would have said. */
export interface RecordedOutcome {
  readonly report: TrustReport;
  readonly envelopes: readonly { readonly bytes: Uint8Array; readonly mediaType: string }[];
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

/** Options of {@link simulate}. */
export type SimulateOptions = Pick<
  TrustOptions,
  'trustStore' | 'revocation' | 'plugins' | 'metadata' | 'signal' | 'now'
>;

/**
 * What would flip if this policy had been in force: each recorded outcome is judged again, as of its own time, by the same
 * code that verifies.
 */
export async function simulate(
  policy: TrustPolicy,
  outcomes: readonly RecordedOutcome[],
  options: SimulateOptions,
): Promise<readonly SimulatedOutcome[]> {
  const simulated: SimulatedOutcome[] = [];
  for (const outcome of outcomes) {
    if (outcome.report.subject.kind === 'artifact') simulated.push(await simulateOne(policy, outcome, options));
  }
  return simulated;
}

async function simulateOne(
  policy: TrustPolicy,
  outcome: RecordedOutcome,
  options: SimulateOptions,
): Promise<SimulatedOutcome> {
  const { report } = outcome;
  const { repository = '', digest = '' } = report.subject as { repository?: string; digest?: string };
  const result = (after: SimulatedVerdict, because?: Fact, statement?: string): SimulatedOutcome => ({
    repository,
    digest,
    before: report.verdict,
    after,
    flips: after !== report.verdict,
    ...(because === undefined ? {} : { because }),
    ...(statement === undefined ? {} : { statement }),
  });
  const selection = select(policy, repository);
  if (selection === undefined) return result('noStatement');
  const { statement } = selection;
  if (statement.level.base === 'skip') return result('skipped', undefined, statement.name);
  const because = await judgeAll(outcome, statement, options);
  return result(because === undefined ? 'trusted' : 'notTrusted', because, statement.name);
}

function select(policy: TrustPolicy, repository: string): Selection<OciTrustStatement> | undefined {
  try {
    return selectStatement(policy, repository);
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}

/** Nothing when a signature is trusted; else the fact that decided about the last one. */
async function judgeAll(
  { report, envelopes }: RecordedOutcome,
  statement: OciTrustStatement,
  options: SimulateOptions,
): Promise<Fact | undefined> {
  let fact: Fact = { fact: 'noSignature', referrers: envelopes.length };
  for (const { bytes, mediaType } of envelopes) {
    const outcome = await verifySignature(bytes, {
      at: new Date(report.at ?? report.now),
      ...options,
      mediaType,
      statement,
      target: report.subject as { mediaType: string; digest: string; size: number },
    });
    if (outcome.trusted) return undefined;
    fact = outcome.report.validations.find(({ result }) => result === 'failed')?.fact ?? fact;
  }
  return fact;
}

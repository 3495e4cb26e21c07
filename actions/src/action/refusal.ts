import { explainDecision, formatSarif, type GateDecision, GateError } from '@notarykit/sbom-gate';
import { explain, TrustError, toSarif } from '@notarykit/trust-policy';
import type { Conclusion } from './action.js';
import { withHelp } from './message.js';
import { placeFindings, refusalLog, type SarifLog } from './sarif.js';

/** What was judged, and by which files. */
export interface Judged {
  readonly subject: string;
  readonly trustPolicy: string | undefined;
  readonly gatePolicy?: string | undefined;
}

/** The conclusion of an error that is a verdict. Any other error is thrown again: nothing was decided. */
export function concludeRefusal(error: unknown, judged: Judged): Conclusion<'verdict'> {
  if (error instanceof TrustError && error.isVerdict) return concludeDistrust(error, judged);
  if (error instanceof GateError && error.code === 'ERR_GATE_DENIED')
    return concludeDenial(error as GateError<GateDecision>, judged);
  throw error;
}

function concludeDistrust(error: TrustError, { subject, trustPolicy }: Judged) {
  const { code, message, detail } = error;
  const { report } = detail ?? {};
  const log: SarifLog = report === undefined ? refusalLog(code, message) : toSarif([report]);
  return {
    passed: false,
    headline: `${subject} is not trusted`,
    explanation: withHelp(report === undefined ? message : explain(report), error),
    outputs: { verdict: report?.verdict ?? 'refused' },
    findings: placeFindings(log, { subject, policy: trustPolicy }),
  };
}

/** An error is a refusal, whatever its decision says: an ALLOW without a proof is thrown, too. */
function concludeDenial(error: GateError<GateDecision>, judged: Judged): Conclusion<'verdict'> {
  const { code, message, detail } = error;
  if (detail !== undefined && detail.verdict !== 'ALLOW') {
    const decided = concludeDecision(detail, judged);
    return { ...decided, explanation: withHelp(decided.explanation, error) };
  }
  const { subject, gatePolicy } = judged;
  return {
    passed: false,
    headline: `${subject} ${headlines.DENY}`,
    explanation: withHelp(message, error),
    outputs: { verdict: 'deny' },
    findings: placeFindings(refusalLog(code, message), { subject, policy: gatePolicy }),
  };
}

const headlines = { ALLOW: 'may be deployed', DENY: 'must not be deployed', RESCAN: 'needs a new scan' } as const;

/** The conclusion of a decision of the gate. */
export function concludeDecision(decision: GateDecision, { subject, gatePolicy }: Judged): Conclusion<'verdict'> {
  return {
    passed: decision.verdict === 'ALLOW',
    headline: `${subject} ${headlines[decision.verdict]}`,
    explanation: explainDecision(decision).trimEnd(),
    outputs: { verdict: decision.verdict.toLowerCase() },
    findings: placeFindings(JSON.parse(formatSarif(decision)) as SarifLog, { subject, policy: gatePolicy }),
  };
}

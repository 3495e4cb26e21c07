import { defined, formatTime } from '@notarykit/common/internal';
import { describeFact } from '../describe/fact.js';
import type { Policy, TrustStatement } from '../document/policy.js';
import type { Fact } from '../facts.js';
import type { Selection } from '../select.js';
import type {
  IgnoredReferrer,
  PolicyReport,
  ReportSubject,
  SignatureReport,
  TrustReport,
  ValidUntil,
} from './report.js';

/** What a whole report is made of. */
export interface ReportParts {
  readonly verdict: TrustReport['verdict'];
  readonly subject: ReportSubject;
  readonly now: Date;
  readonly at: Date | undefined;
  readonly policy: PolicyReport;
  readonly signatures?: readonly SignatureReport[];
  readonly ignored?: readonly IgnoredReferrer[];
  readonly fact?: Fact | undefined;
  /** When the verdict would change by itself. */
  readonly validUntil?: ValidUntil | undefined;
}

/** The statement that was applied, as reports tell it. */
export function policyReport<Statement extends TrustStatement>(
  policy: Policy<Statement>,
  { statement, matchedBy, matched }: Selection<Statement>,
): PolicyReport {
  return {
    statement: statement.name,
    matchedBy,
    matched,
    level: statement.level.name,
    actions: statement.level.actions,
    verifyTimestamp: statement.verifyTimestamp,
    trustStores: statement.trustStores.map(({ text }) => text),
    trustedIdentities: statement.trustedIdentities.map(({ text }) => text),
    digest: policy.digest,
    warnings: policy.warnings.filter(
      (warning) => warning.statement === undefined || warning.statement === statement.name,
    ),
  };
}

/** Puts a report together. */
export function buildReport(parts: ReportParts): TrustReport {
  const { verdict, subject, now, at, policy, signatures = [], ignored = [], fact, validUntil } = parts;
  return {
    reportVersion: '2.0',
    verdict,
    subject,
    now: formatTime(now),
    ...(at === undefined || at.getTime() === now.getTime() ? {} : { at: formatTime(at) }),
    policy,
    signatures,
    ignored,
    ...(fact === undefined ? {} : { fact, remedy: describeFact(fact).remedy }),
    ...defined({ validUntil }),
  };
}

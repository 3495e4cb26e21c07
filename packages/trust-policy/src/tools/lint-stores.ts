import { defined, formatTime, quote } from '@notarykit/common/internal';
import { formatName } from '@notarykit/pki/internal/core';
import type { OciTrustStatement } from '../document/policy.js';
import { errorFact } from '../report/error-fact.js';
import type { TrustStore } from '../trust-store.js';
import type { LintFinding, LintOptions } from './lint-finding.js';

/** Findings about the stores that a statement names: those that cannot be used, and anchors at their end. */
export async function lintStores(
  statement: OciTrustStatement,
  trustStore: TrustStore,
  options: LintOptions,
): Promise<readonly LintFinding[]> {
  const findings: LintFinding[] = [];
  for (const [i, { type, name, text }] of statement.trustStores.entries()) {
    const member = `trustStores[${i}]`;
    try {
      const call = defined({ signal: options.signal });
      const certificates = await trustStore.certificates(type, name, call);
      findings.push(
        ...certificates.flatMap((certificate) => lintAnchor(certificate, statement.name, member, text, options)),
      );
    } catch (error) {
      options.signal?.throwIfAborted();
      const { message } = errorFact(error);
      const remedy = `create or repair the store ${quote(text)}`;
      findings.push({ rule: 'unusable', severity: 'error', statement: statement.name, member, message, remedy });
    }
  }
  return findings;
}

function lintAnchor(
  certificate: Awaited<ReturnType<TrustStore['certificates']>>[number],
  statement: string,
  member: string,
  store: string,
  { now = new Date(), soonDays = 30 }: LintOptions,
): readonly LintFinding[] {
  const left = certificate.notAfter.getTime() - now.getTime();
  if (left > soonDays * 86_400_000) return [];
  const when = `${left < 0 ? 'expired' : 'expires'} on ${formatTime(certificate.notAfter)}`;
  return [
    {
      rule: 'expired',
      severity: left < 0 ? 'warning' : 'note',
      statement,
      member,
      message: `${quote(formatName(certificate.subject))} in ${quote(store)} ${when}`,
      remedy: 'put its successor into the store; keep it as long as timestamped signatures below it are to be trusted',
    },
  ];
}

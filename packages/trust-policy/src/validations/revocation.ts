import { defined, formatTime } from '@notarykit/common/internal';
import type { Certificate, CertificateStatus, RevocationEvidence } from '@notarykit/pki/internal/core';
import type { RevocationAttempt } from '../facts.js';
import { certificateFact } from '../report/certificate.js';
import { errorFact } from '../report/error-fact.js';
import type { Evidence } from '../report/report.js';
import { type Check, type Context, failed, type Until } from './check.js';

/** Answers may be dated so many milliseconds ahead of us. */
const skew = 5 * 60 * 1000;

/** The signing chain: the authentic signing time counts, the claimed one and that of a timestamp never do. */
export function checkRevocation(context: Context): Promise<Check> {
  return checkChain(context, 'signing', context.envelope.certificateChain);
}

/** A chain, the root excluded: revoked before unavailable, and the certificate nearest to the leaf is named. */
export async function checkChain(
  context: Context,
  chain: 'signing' | 'timestamp',
  certificates: readonly Certificate[],
): Promise<Check> {
  const statuses = await askChecker(context, chain, certificates);
  if (!isAnswered(statuses)) return statuses;
  const judged = statuses.map((status) => asOf(status, context.time));
  const evidence = judged.map((status) => statusEvidence(status, chain, context.time));
  const about = ({ certificate, evidence: answers }: CertificateStatus) => ({
    chain,
    certificate: certificateFact(certificate),
    attempts: answers.map(attempt),
  });
  // A revoked certificate decides even where another one is unknown: "unavailable" may only be logged, "revoked" must be seen.
  const revoked = judged.find((status) => status.status === 'revoked');
  if (revoked !== undefined) return failed({ fact: 'certificateRevoked', ...about(revoked) }, evidence);
  const unknown = judged.find((status) => status.status === 'unavailable');
  if (unknown !== undefined) return failed({ fact: 'revocationUnavailable', ...about(unknown) }, evidence);
  return { message: summary(judged, context.time), evidence, until: judged.flatMap(untilOf) };
}

async function askChecker(
  context: Context,
  chain: 'signing' | 'timestamp',
  certificates: readonly Certificate[],
): Promise<readonly CertificateStatus[] | Check> {
  const refuse = (reason: string): Check => failed({ fact: 'revocationNotChecked', chain, reason });
  const { revocation, time, signal, envelope } = context;
  if (revocation === undefined) return refuse('no revocation checker was given');
  const { authenticSigningTime } = envelope.signedAttributes;
  try {
    const statuses = await revocation.check(certificates, {
      now: time,
      ...defined({ signal }),
      // An invalidity date after this time does not matter (RFC 5280, 5.3.2). A claimed time would let a thief date signatures back.
      ...(chain === 'signing' && authenticSigningTime !== undefined ? { authenticSigningTime } : {}),
    });
    if (!statuses.every(isUnderstood))
      return refuse('expected a list of certificate statuses from the revocation checker, found something else');
    return covers(statuses, certificates)
      ? statuses
      : refuse('the revocation checker did not answer for every certificate');
  } catch (error) {
    signal?.throwIfAborted();
    return refuse(errorFact(error).message);
  }
}

function isAnswered(answer: readonly CertificateStatus[] | Check): answer is readonly CertificateStatus[] {
  return Array.isArray(answer);
}

const known: readonly unknown[] = ['good', 'revoked', 'unavailable', 'notRevocable'];

/** A checker written by others may answer anything: an unknown status must not count as good. */
function isUnderstood({ status, evidence, certificate }: CertificateStatus): boolean {
  return known.includes(status) && Array.isArray(evidence) && typeof certificate?.fingerprint === 'string';
}

/** Every certificate but the root must have its answer: a checker that answers less has not checked. */
function covers(statuses: readonly CertificateStatus[], certificates: readonly Certificate[]): boolean {
  const asked = new Set(statuses.map((status) => status.certificate.fingerprint));
  // The root has no issuer that could revoke it; it is trusted by being in the store.
  return certificates.slice(0, -1).every((certificate) => asked.has(certificate.fingerprint));
}

/** Today's answer says nothing about an earlier date: an answer made after the time of verification does not count. */
function asOf(status: CertificateStatus, time: Date): CertificateStatus {
  const late = ({ outcome, thisUpdate }: RevocationEvidence): boolean =>
    outcome === 'good' && thisUpdate !== undefined && thisUpdate.getTime() > time.getTime() + skew;
  if (status.status !== 'good' || !status.evidence.some(late)) return status;
  const evidence = status.evidence.map((answer) =>
    late(answer)
      ? { ...answer, outcome: 'unavailable' as const, reason: 'the answer was produced after the time of verification' }
      : answer,
  );
  // Several CRLs count together: one that says nothing leaves the certificate unknown.
  return { ...status, evidence, status: 'unavailable' };
}

function attempt(answer: RevocationEvidence): RevocationAttempt {
  const { method, url, outcome, reason, thisUpdate, nextUpdate, revokedAt } = answer;
  return {
    method,
    outcome,
    ...defined({ url, reason }),
    ...(thisUpdate === undefined ? {} : { thisUpdate: formatTime(thisUpdate) }),
    ...(nextUpdate === undefined ? {} : { nextUpdate: formatTime(nextUpdate) }),
    ...(revokedAt === undefined ? {} : { revokedAt: formatTime(revokedAt) }),
  };
}

function statusEvidence(status: CertificateStatus, chain: 'signing' | 'timestamp', time: Date): Evidence {
  const answer = status.evidence.find(({ outcome }) => outcome === status.status);
  const age = answer?.thisUpdate === undefined ? undefined : time.getTime() - answer.thisUpdate.getTime();
  return {
    kind: 'revocation',
    chain,
    certificate: certificateFact(status.certificate),
    status: status.status,
    attempts: status.evidence.map(attempt),
    ...(age === undefined ? {} : { ageSeconds: Math.max(0, Math.floor(age / 1000)) }),
  };
}

function untilOf({ status, evidence, certificate }: CertificateStatus): readonly Until[] {
  if (status !== 'good') return [];
  const answer = evidence.find(({ outcome }) => outcome === 'good');
  return answer?.nextUpdate === undefined
    ? []
    : [{ time: new Date(answer.nextUpdate.getTime() + 1000), reason: 'revocationEvidence', certificate }];
}

function summary(statuses: readonly CertificateStatus[], time: Date): string {
  const good = statuses.filter(({ status }) => status === 'good');
  const silent = statuses.filter(({ status }) => status === 'notRevocable').length;
  if (good.length === 0) return 'no certificate names an OCSP or CRL server, so none can be revoked';
  const answers = good.flatMap(({ evidence }) => evidence.filter(({ outcome }) => outcome === 'good'));
  const dates = answers.flatMap(({ thisUpdate }) => (thisUpdate === undefined ? [] : [thisUpdate.getTime()]));
  const age = dates.length === 0 ? '' : `, by answers up to ${duration(time.getTime() - Math.min(...dates))} old`;
  return `not revoked: ${good.length} certificate${good.length === 1 ? '' : 's'}${age}${silent === 0 ? '' : `; ${silent} name no source`}`;
}

function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
}

import { type Bytes, formatTime } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { VerifiedTimestamp } from '@notarykit/pki/internal/timestamp';
import { verifyEnvelopeTimestamp } from '@notarykit/signature-envelope/internal';
import { certificateFact } from '../report/certificate.js';
import { errorFact } from '../report/error-fact.js';
import type { Evidence } from '../report/report.js';
import { type Anchors, loadAnchors } from './anchors.js';
import { type Check, type Context, failed } from './check.js';
import { checkChain } from './revocation.js';

/** A timestamp may lie so many milliseconds ahead of the time of verification. */
const skew = 5 * 60 * 1000;

/**
 * Verifies an RFC 3161 countersignature: the token over the signature bytes, its authority's path to a `tsa` store of the
 * statement and nothing else, that authority's rules, that every signing certificate was valid over the whole stamped
 * interval, and the revocation of the authority, which is always enforced.
 */
export async function verifyCountersignature(context: Context, token: Bytes): Promise<Check> {
  const anchors = await loadAnchors(context, 'tsa');
  if ('fact' in anchors) return failed(anchors);
  const timestamp = await openToken(context, token, anchors);
  if (!('certificateChain' in timestamp)) return timestamp;
  const evidence = timestampEvidence(timestamp);
  // The accuracy makes the time an interval (RFC 3161, 2.4.2): the certificates must be valid over all of it.
  const outside = firstOutside(context.envelope.certificateChain, timestamp);
  if (outside !== undefined) return { ...outside, evidence };
  // Enforced at every level: a revoked authority could put any date on any signature.
  const revocation = await checkChain(context, 'timestamp', timestamp.certificateChain);
  const whole = { ...revocation, evidence: [...evidence, ...(revocation.evidence ?? [])] };
  if (revocation.fact !== undefined) return whole;
  return { ...whole, message: `every certificate was valid at the stamped time, ${formatTime(timestamp.time)}` };
}

async function openToken(context: Context, token: Bytes, { stores }: Anchors): Promise<VerifiedTimestamp | Check> {
  const refused = (problem: { readonly code: string; readonly message: string }): Check =>
    failed({ fact: 'timestampRefused', ...problem });
  try {
    // Only `tsa` stores: a root that is trusted for code must not vouch for time.
    const roots = stores.flatMap(({ certificates }) => certificates);
    const timestamp = await verifyEnvelopeTimestamp(token, context.envelope.signature, {
      roots,
      ...context.authorities,
    });
    // As of an earlier date, the timestamp had not been made yet.
    if (timestamp.earliest.getTime() <= context.time.getTime() + skew) return timestamp;
    const message = `it was made at ${formatTime(timestamp.time)}, after the time of verification`;
    return refused({ code: 'ERR_PKI_TIMESTAMP', message });
  } catch (error) {
    context.signal?.throwIfAborted();
    return refused(errorFact(error));
  }
}

/** The first signing certificate that may not have been valid at the stamped time; bounds included. */
function firstOutside(chain: readonly Certificate[], { earliest, latest }: VerifiedTimestamp): Check | undefined {
  for (const certificate of chain) {
    const before = earliest < certificate.notBefore;
    if (!before && latest <= certificate.notAfter) continue;
    return failed({
      fact: 'timestampOutsideValidity',
      certificate: certificateFact(certificate),
      earliest: earliest.toISOString(),
      latest: latest.toISOString(),
      side: before ? 'before' : 'after',
    });
  }
  return undefined;
}

function timestampEvidence({ time, earliest, latest, certificateChain }: VerifiedTimestamp): readonly Evidence[] {
  const [authority] = certificateChain;
  const accuracySeconds = (latest.getTime() - earliest.getTime()) / 2000;
  return [
    { kind: 'time', time: formatTime(time), source: 'timestamp', accuracySeconds },
    ...(authority === undefined
      ? []
      : [{ kind: 'timestampAuthority', certificate: certificateFact(authority) } as const]),
  ];
}

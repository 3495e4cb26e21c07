import type { CallOptions, NonEmpty } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import type { SignatureCandidate } from './candidate.js';
import type { RefusedDecision, TrustDecision, TrustedDecision } from './decision.js';
import { demandOf } from './demand.js';
import type { TrustErrorCode } from './errors.js';
import { type CountedSigner, signaturesOf } from './extended/signers.js';
import type { Fact } from './facts.js';
import { Hearing } from './hearing.js';
import { isUndecided } from './report/undecided.js';
import type { TrustRequest } from './request.js';

/**
 * Decides whether an artifact has the signatures that the policy demands. It asks no repository: candidates are pulled one after the
 * other, none before it is needed and none after enough is trusted, and each is judged for every signer of the policy. Level `skip`
 * pulls none and is a separate verdict. What is awaited besides are anchors, revocation and plugins, once a chain holds.
 *
 * Resolves for whatever the candidates are; what their source throws passes through.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 *
 * @example
 * ```ts
 * const request = await trustRequest({ policy, trustStore, revocation }, 'registry.wabbit-networks.io/net-monitor');
 * const decision = await decideTrust(descriptor, candidates, request);
 * console.log(decision.verdict, explain(decision.report));
 * ```
 */
export async function decideTrust(
  subject: Descriptor,
  candidates: AsyncIterable<SignatureCandidate>,
  request: TrustRequest,
  call: CallOptions = {},
): Promise<TrustDecision> {
  const demand = demandOf({ ...request, statement: request.statement, at: request.time.at });
  const hearing = new Hearing(subject, demand, request);
  if (demand.skip) return { verdict: 'skipped', subject, report: hearing.report('skipped'), reports: [] };
  for await (const candidate of candidates) {
    call.signal?.throwIfAborted();
    // Not the code of an untrusted artifact, which would say that all signatures were examined.
    if (hearing.full) return refused(hearing, 'ERR_TRUST_TOO_MANY_SIGNATURES', tooMany(request));
    await hearing.hear(candidate, call);
    // What was found so far stands, however many there are; the report says that there may be more.
    if (hearing.satisfied && (request.examine === 'first' || hearing.full)) break;
  }
  const { counted } = hearing;
  return hearing.satisfied && isSome(counted) ? trusted(hearing, counted) : refused(hearing, ...hearing.lack());
}

function trusted(hearing: Hearing, signers: NonEmpty<CountedSigner>): TrustedDecision {
  const { subject, request } = hearing;
  const all = request.examine === 'all' ? hearing.trusted : [];
  const fact = request.examine === 'all' && hearing.full ? tooMany(request) : undefined;
  return {
    verdict: 'trusted',
    subject,
    signatures: isSome(all) ? all : signaturesOf(signers),
    signers,
    report: hearing.report('trusted', fact),
    reports: hearing.reports(),
  };
}

function refused(hearing: Hearing, code: TrustErrorCode, fact?: Fact): RefusedDecision {
  const { subject } = hearing;
  const reports = hearing.reports();
  const report = hearing.report('refused', fact);
  const verdict = [report, ...reports].some(isUndecided) ? 'undecided' : 'refused';
  return { verdict, code, subject, report: { ...report, verdict }, reports };
}

function tooMany({ maxSignatures }: TrustRequest): Fact {
  return { fact: 'tooManySignatures', limit: maxSignatures };
}

function isSome<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

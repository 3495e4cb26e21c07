import { type CallOptions, decodeBase64, encodeBase64 } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki/internal';
import type { SummarySigner } from '@notarykit/sbom-gate/internal/core';
import type { TrustDecision, TrustRequest } from '@notarykit/trust-policy/internal';
import type { AskedSigner } from '../verdict/decide-gate.js';

/** The chains on which a decision rests and whose revocation the policy asks about, each once. */
export function signersOf(asked: readonly AskedSigner[]): readonly SummarySigner[] {
  const found = new Map<string, SummarySigner>();
  for (const { statement, decision } of asked) {
    if (decision.verdict !== 'trusted' || !asksRevocation(decision)) continue;
    for (const { envelope } of decision.signatures) {
      const chain = envelope.certificateChain.map(({ der }) => encodeBase64(der));
      found.set(JSON.stringify([statement, chain]), { statement, chain });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, signer]) => signer);
}

function asksRevocation({ report, reports }: TrustDecision): boolean {
  return [report, ...reports].some(({ policy }) => policy.actions.revocation !== 'skip');
}

/** Why a signer that a summary rests on cannot be trusted now; nothing if all can. An unknown status is not good. */
export async function revokedSigner(
  signers: readonly SummarySigner[],
  requests: ReadonlyMap<string, TrustRequest>,
  call: CallOptions,
): Promise<string | undefined> {
  for (const { statement, chain } of signers) {
    const request = requests.get(statement);
    if (request === undefined) return `the statement "${statement}" is not a part of the request`;
    if (!(await isBelieved(chain, request, call)))
      return `a certificate of a signer under "${statement}" is revoked, or its revocation status is unknown`;
  }
  return undefined;
}

/** Every certificate but the root must have an answer, and every answer must be good. A checker of the caller may fail with any error. */
async function isBelieved(
  chain: readonly string[],
  { revocation, time }: TrustRequest,
  call: CallOptions,
): Promise<boolean> {
  // The same request had no checker when the summary was made: the policy only logs what could not be asked.
  if (revocation === undefined) return true;
  try {
    const certificates = chain.map((text) => parseCertificate(decodeBase64(text)));
    const statuses = await revocation.check(certificates, { now: time.now, ...call });
    const answered = new Set(statuses.map(({ certificate }) => certificate.fingerprint));
    const complete = certificates.slice(0, -1).every(({ fingerprint }) => answered.has(fingerprint));
    return certificates.length > 0 && complete && statuses.every(({ status }) => isGood(status));
  } catch {
    call.signal?.throwIfAborted();
    return false;
  }
}

function isGood(status: string): boolean {
  return status === 'good' || status === 'notRevocable';
}

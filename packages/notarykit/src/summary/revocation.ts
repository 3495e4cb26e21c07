import { type CallOptions, decodeBase64, encodeBase64 } from '@notarykit/common';
import { parseCertificate } from '@notarykit/pki';
import type { SummarySigner } from '@notarykit/sbom-gate';
import type { TrustDecision, TrustRequest } from '@notarykit/trust-policy';
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

/** Why a signer of what a summary rests on cannot be believed now; nothing if all can. What is not known is not good. */
export async function revokedSigner(
  signers: readonly SummarySigner[],
  requests: ReadonlyMap<string, TrustRequest>,
  now: Date,
  call: CallOptions,
): Promise<string | undefined> {
  for (const { statement, chain } of signers) {
    const request = requests.get(statement);
    if (request === undefined) return `the statement "${statement}" is not a part of the request`;
    // The same request had no checker when the summary was made: the policy only logs what could not be asked.
    if (request.revocation === undefined) continue;
    const certificates = chain.map((text) => parseCertificate(decodeBase64(text)));
    const statuses = await request.revocation.check(certificates, { now, ...call });
    const good = new Set(statuses.flatMap((one) => (isGood(one.status) ? [one.certificate.fingerprint] : [])));
    if (certificates.length === 0 || !certificates.slice(0, -1).every(({ fingerprint }) => good.has(fingerprint)))
      return `a certificate of a signer under "${statement}" is revoked, or this could not be found out`;
  }
  return undefined;
}

function isGood(status: string): boolean {
  return status === 'good' || status === 'notRevocable';
}

import { defined } from '@notarykit/common/internal';
import { formatName } from '@notarykit/pki/internal';
import type { GateSignature, SignerOutcome, Untrusted } from '@notarykit/sbom-gate/internal/core';
import {
  groupSigners,
  missedSignature,
  type RefusedDecision,
  refusalOf,
  type TrustDecision,
  type TrustReport,
  type TrustedSignature as Verified,
} from '@notarykit/trust-policy/internal';

/** What the gate needs of a decision on signatures. */
export type SignerAnswer = SignerOutcome & {
  /** A signature is listed and could not be fetched, with the error of the repository. */
  readonly missed?: string;
};

/** What the trust policy says of a manifest under one of its statements, in the words of the gate. */
export function outcomeOf(decision: TrustDecision, statement: string): SignerAnswer {
  const missed = missedSignature(decision.report);
  return {
    ...judged(decision, statement),
    ...(missed === undefined ? {} : { missed: `${missed.code}: ${missed.message}` }),
  };
}

function judged(decision: TrustDecision, statement: string): SignerOutcome {
  if (decision.verdict === 'trusted') return { trusted: true, signatures: signaturesOf(decision.signatures) };
  if (decision.verdict !== 'skipped') return { trusted: false, ...untrusted(decision) };
  const reason = `statement "${statement}" skips verification, and what is not verified is not trusted`;
  return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason };
}

function untrusted(decision: RefusedDecision): Untrusted {
  const { message: reason } = refusalOf(decision);
  if (decision.code === 'ERR_TRUST_NO_SIGNATURE') return { code: 'EVIDENCE_UNSIGNED', reason };
  if (decision.verdict === 'undecided') return { code: 'EVIDENCE_UNDECIDED', reason };
  return { code: isExpired(decision.report) ? 'EVIDENCE_EXPIRED' : 'EVIDENCE_UNTRUSTED', reason };
}

/** Whether everything but the expiry of some signature held. */
function isExpired({ signatures }: TrustReport): boolean {
  const failures = signatures.map(({ validations }) => validations.filter(({ result }) => result === 'failed'));
  return failures.some((failed) => failed.length === 1 && failed[0]?.validation === 'expiry');
}

/** Signatures with one key or one subject are of one signer, here as in a trust policy. */
function signaturesOf(signatures: readonly Verified[]): readonly GateSignature[] {
  const groups = groupSigners(signatures);
  return signatures.map((signature, i) => gateSignature(signature, String(groups[i])));
}

function gateSignature({ manifest, envelope, report }: Verified, group: string): GateSignature {
  const [leaf] = envelope.certificateChain;
  const { expiry, signingTime, authenticSigningTime } = envelope.signedAttributes;
  const stamped = timestampOf(report.validations);
  const time = stamped ?? authenticSigningTime ?? signingTime;
  return {
    digest: manifest.digest,
    subject: leaf === undefined ? '' : formatName(leaf.subject),
    group,
    thumbprint: leaf?.fingerprint ?? '',
    timeKind: stamped !== undefined ? 'rfc3161' : authenticSigningTime !== undefined ? 'signing-authority' : 'claimed',
    ...defined({ time, expiry }),
  };
}

/** The time of a countersignature counts only where its validation passed. */
function timestampOf(validations: Verified['report']['validations']): Date | undefined {
  for (const { result, evidence } of validations) {
    if (result !== 'passed') continue;
    for (const item of evidence) if (item.kind === 'time' && item.source === 'timestamp') return new Date(item.time);
  }
  return undefined;
}

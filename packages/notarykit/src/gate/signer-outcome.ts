import type { CallOptions } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import { formatName } from '@notarykit/pki';
import type { SignerOutcome, TrustedSignature, Untrusted } from '@notarykit/sbom-gate';
import {
  TrustError,
  type TrustReport,
  type TrustedSignature as Verified,
  verifyArtifactSignatures,
} from '@notarykit/trust-policy';
import type { Trust } from '../verify.js';

/** What the trust policy says of a manifest under one of its statements, in the words of the gate. */
export async function signerOutcome(
  repository: Repository,
  manifest: Descriptor,
  statement: string,
  trust: Trust & CallOptions,
): Promise<SignerOutcome> {
  try {
    const verdict = await verifyArtifactSignatures(repository, manifest, { ...trust, statement, examine: 'all' });
    if (verdict.verdict === 'trusted') return { trusted: true, signatures: verdict.signatures.map(gateSignature) };
    return {
      trusted: false,
      code: 'EVIDENCE_UNTRUSTED',
      reason: `statement "${statement}" verifies nothing, and what is not verified is not trusted`,
    };
  } catch (error) {
    if (error instanceof TrustError && error.code !== 'ERR_TRUST_NO_STATEMENT')
      return { trusted: false, ...untrusted(error) };
    throw error;
  }
}

function untrusted(error: TrustError): Untrusted {
  if (error.code === 'ERR_TRUST_NO_SIGNATURE') return { code: 'EVIDENCE_UNSIGNED', reason: error.message };
  return { code: isExpired(error.detail?.report) ? 'EVIDENCE_EXPIRED' : 'EVIDENCE_UNTRUSTED', reason: error.message };
}

/** Whether everything but the expiry of some signature held. */
function isExpired(report: TrustReport | undefined): boolean {
  const failures =
    report?.signatures.map(({ validations }) => validations.filter(({ result }) => result === 'failed')) ?? [];
  return failures.some((failed) => failed.length === 1 && failed[0]?.validation === 'expiry');
}

function gateSignature({ manifest, envelope, report }: Verified): TrustedSignature {
  const leaf = envelope?.certificateChain[0];
  const { expiry, signingTime, authenticSigningTime } = envelope?.signedAttributes ?? {};
  const stamped = timestampOf(report.validations);
  const time = stamped ?? authenticSigningTime ?? signingTime;
  return {
    digest: manifest.digest,
    subject: leaf === undefined ? '' : formatName(leaf.subject),
    group: leaf === undefined ? '' : formatName(leaf.subject),
    thumbprint: leaf?.fingerprint ?? '',
    timeKind: stamped !== undefined ? 'rfc3161' : authenticSigningTime !== undefined ? 'signing-authority' : 'claimed',
    ...(time === undefined ? {} : { time }),
    ...(expiry === undefined ? {} : { expiry }),
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

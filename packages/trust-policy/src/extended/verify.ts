import { quote } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import { describeFact } from '../describe/fact.js';
import { TrustError } from '../errors.js';
import type { Fact } from '../report/facts.js';
import type { TrustReport } from '../report/report.js';
import {
  type SkippedArtifact,
  type TrustedArtifact,
  type TrustedSignature,
  type VerifyArtifactOptions,
  verifyArtifactSignatures,
} from '../verify-artifact.js';
import { compileTrustPolicy } from './compile.js';
import type { CompiledPolicy, ExtendedTrustPolicy } from './policy.js';

/** Options of {@link verifyExtended}. */
export interface VerifyExtendedOptions extends Omit<VerifyArtifactOptions, 'policy' | 'statement' | 'examine'> {
  readonly policy: ExtendedTrustPolicy;
}

/** An artifact that has the signers it needs. */
export interface ExtendedVerdict {
  readonly verdict: 'trusted' | 'skipped';
  readonly descriptor: Descriptor;
  /** What the document said of this repository. */
  readonly compiled: CompiledPolicy;
  /** The signers that count, each with the signature that makes it count. */
  readonly signers: readonly { readonly signer?: string; readonly signature: TrustedSignature }[];
  /** A report for each plain policy, trusted or not. */
  readonly reports: readonly TrustReport[];
}

/**
 * Verifies an artifact under an extended policy: compiled for the repository, then verified by plain policies only. With
 * several signers, each must be satisfied by a signature of another certificate: nobody counts twice.
 *
 * @throws {TrustError} as {@link verifyArtifactSignatures}
 */
export async function verifyExtended(
  repository: Repository,
  descriptor: Descriptor,
  options: VerifyExtendedOptions,
): Promise<ExtendedVerdict> {
  const { policy, scope = repository.name, ...rest } = options;
  const now = options.now ?? new Date();
  const compiled = compileTrustPolicy(policy, scope, options.at ?? now);
  const several = compiled.policies.length > 1;
  const found: Found[] = [];
  for (const { signer, policy: plain } of compiled.policies) {
    const examine = several ? 'all' : 'first';
    const verify = verifyArtifactSignatures(repository, descriptor, { ...rest, policy: plain, scope, now, examine });
    // With one policy its own refusal says everything; with several the others may be enough.
    const verdict = several ? await verify.catch(refusedOrThrow) : await verify;
    if (verdict instanceof TrustError) found.push({ signer, report: verdict.report as TrustReport, signatures: [] });
    else found.push({ signer, report: verdict.report, signatures: signaturesOf(verdict) });
  }
  const reports = found.map(({ report }) => report);
  if (reports[0]?.verdict === 'skipped') return { verdict: 'skipped', descriptor, compiled, signers: [], reports };
  const signers = match(found);
  if (signers.length < compiled.required) throw refusal(compiled, found, signers);
  return { verdict: 'trusted', descriptor, compiled, signers, reports };
}

interface Found {
  readonly signer: string | undefined;
  readonly report: TrustReport;
  readonly signatures: readonly TrustedSignature[];
}

function refusedOrThrow(error: unknown): TrustError {
  if (error instanceof TrustError && error.report !== undefined) return error;
  throw error;
}

function signaturesOf(verdict: TrustedArtifact | SkippedArtifact): readonly TrustedSignature[] {
  return verdict.verdict === 'trusted' ? verdict.signatures : [];
}

/** The most signers that different certificates can satisfy: augmenting paths over signers and leaf certificates. */
function match(found: readonly Found[]): { signer?: string; signature: TrustedSignature }[] {
  const taken = new Map<string, { index: number; signature: TrustedSignature }>();
  const place = (index: number, seen: Set<string>): boolean => {
    for (const signature of found[index]?.signatures ?? []) {
      const leaf = signature.envelope?.certificateChain[0]?.fingerprint ?? '';
      if (seen.has(leaf)) continue;
      seen.add(leaf);
      const holder = taken.get(leaf);
      if (holder === undefined || place(holder.index, seen)) {
        taken.set(leaf, { index, signature });
        return true;
      }
    }
    return false;
  };
  for (const index of found.keys()) place(index, new Set());
  return [...taken.values()]
    .sort((a, b) => a.index - b.index)
    .map(({ index, signature }) => {
      const signer = found[index]?.signer;
      return { signature, ...(signer === undefined ? {} : { signer }) };
    });
}

function refusal(
  compiled: CompiledPolicy,
  found: readonly Found[],
  signers: readonly { readonly signer?: string }[],
): TrustError {
  const present = new Set(signers.map(({ signer }) => signer));
  const missing = found.flatMap(({ signer }) => (signer === undefined || present.has(signer) ? [] : [signer]));
  const fact: Fact = { fact: 'signersMissing', required: compiled.required, found: signers.length, missing };
  const { message, remedy } = describeFact(fact);
  const first = found.find(({ report }) => report.verdict !== 'trusted') ?? found[0];
  const report: TrustReport = { ...(first as Found).report, verdict: 'notTrusted', fact, remedy };
  return new TrustError('ERR_TRUST_NOT_VERIFIED', `statement ${quote(compiled.statement)}: ${message}`, {
    detail: { report, statement: compiled.statement },
  });
}

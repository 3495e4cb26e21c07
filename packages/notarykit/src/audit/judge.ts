import type { GraphView } from '@notarykit/artifact-graph/internal';
import { isCodedError, type VerdictName } from '@notarykit/common/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import {
  type ArtifactTrustOptions,
  missedSignature,
  TrustError,
  type TrustReport,
  type ValidUntil,
} from '@notarykit/trust-policy/internal';
import { verifyIn } from '../verify.js';

/** Why there is no better verdict. */
export interface AuditProblem {
  readonly code: string;
  readonly message: string;
}

/** What a policy says of one manifest. */
export interface AuditOpinion {
  /**
   * `refused` says why in `problem.code`: `ERR_TRUST_NO_SIGNATURE` for what is not signed at all, `ERR_TRUST_NOT_VERIFIED` for signatures
   * that are not trusted, `ERR_TRUST_NO_STATEMENT`. `undecided`: the registry did not answer, say.
   */
  readonly verdict: VerdictName;
  /** Present unless the verdict is `trusted` or `skipped`. */
  readonly problem?: AuditProblem;
  /** Every signature with its validations; `explain` puts it into words. */
  readonly report?: TrustReport;
  /**
   * When the last of the trusted signatures ends, and why: from then on another signature is needed. Absent when one of them never
   * ends by itself. That revocation evidence has to be fresh is not a reason to sign again.
   */
  readonly renewBy?: ValidUntil;
}

/** Judges manifests: that of `createCachedVerifier`, say. The view is for one artifact. */
export type AuditVerifier = (
  repository: Repository,
  descriptor: Descriptor,
  options: ArtifactTrustOptions,
  view: GraphView,
) => Promise<{ readonly verdict: 'trusted' | 'skipped'; readonly report: TrustReport }>;

/** A repository with the one view that an audit has of it. */
export interface AuditedRepository {
  readonly repository: Repository;
  readonly view: GraphView;
}

const verifyOver: AuditVerifier = async (_, descriptor, options, view) => await verifyIn(view, { descriptor }, options);

/** What a policy says of one manifest, all of its signatures examined. Only an abort rejects. */
export async function judge(
  { repository, view }: AuditedRepository,
  descriptor: Descriptor,
  { verifier = verifyOver, ...options }: ArtifactTrustOptions & { readonly verifier: AuditVerifier | undefined },
): Promise<AuditOpinion> {
  try {
    const { verdict, report } = await verifier(repository, descriptor, { ...options, examine: 'all' }, view);
    const renewBy = lastEnd(report);
    return { verdict, report, ...(renewBy && { renewBy }) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return refusal(error);
  }
}

/** Code and message of whatever was thrown. */
export function problemOf(error: unknown): AuditProblem {
  if (isCodedError(error)) return { code: error.code, message: error.message };
  return { code: 'ERR_NOTARYKIT_AUDIT', message: error instanceof Error ? error.message : String(error) };
}

function refusal(error: unknown): AuditOpinion {
  const problem = problemOf(error);
  const report = error instanceof TrustError ? error.detail?.report : undefined;
  const told = { problem, ...(report && { report }) };
  if (isUnsigned({ problem })) return { verdict: 'refused', ...told };
  const decided = ['ERR_TRUST_NO_STATEMENT', 'ERR_TRUST_TOO_MANY_SIGNATURES', 'ERR_TRUST_NOT_VERIFIED'];
  return { verdict: decided.includes(problem.code) && !undecided(report) ? 'refused' : 'undecided', ...told };
}

/** Whether an opinion is about what has no signature at all. */
export function isUnsigned({ problem }: Pick<AuditOpinion, 'problem'>): boolean {
  return problem?.code === 'ERR_TRUST_NO_SIGNATURE';
}

/** As the report says, or where a signature could not be read or a trust store not be opened: then the verdict is not known. */
function undecided(report: TrustReport | undefined): boolean {
  if (report === undefined) return false;
  if (report.verdict === 'undecided') return true;
  const facts = report.signatures.flatMap(({ validations }) => validations.map(({ fact }) => fact?.fact));
  return facts.includes('storeRefused') || missedSignature(report) !== undefined;
}

function lastEnd({ verdict, signatures }: TrustReport): ValidUntil | undefined {
  if (verdict !== 'trusted') return undefined;
  let last: ValidUntil | undefined;
  for (const signature of signatures) {
    if (signature.verdict !== 'trusted') continue;
    const { validUntil, renewBy } = signature;
    const end = validUntil?.reason === 'revocationEvidence' ? renewBy : validUntil;
    if (end === undefined) return undefined;
    if (last === undefined || new Date(end.time) > new Date(last.time)) last = end;
  }
  return last;
}

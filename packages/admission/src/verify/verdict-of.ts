import { CodedError, defined, type VerdictName } from '@notarykit/common/internal';
import type { KeptVerdict } from 'notarykit/internal';
import type { ImageVerdict } from '../verdict.js';

type Refusal = readonly [verdict: Extract<VerdictName, 'refused' | 'undecided'>, code: string];

/** What the errors of the packages below mean for an image; the codes on the right are stable. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_TRUST_NO_SIGNATURE: ['refused', 'NO_SIGNATURE'],
  ERR_TRUST_NOT_VERIFIED: ['refused', 'NO_TRUSTED_SIGNATURE'],
  ERR_TRUST_TOO_MANY_SIGNATURES: ['refused', 'TOO_MANY_SIGNATURES'],
  ERR_TRUST_NO_STATEMENT: ['refused', 'NO_APPLICABLE_POLICY'],
  ERR_NOTARYKIT_PLATFORMS: ['refused', 'NO_PLATFORM'],
  ERR_TRUST_STORE: ['undecided', 'TRUST_STORE_UNAVAILABLE'],
  ERR_GATE_DENIED: ['refused', 'GATE_DENIED'],
  ERR_GATE_EVIDENCE: ['undecided', 'GATE_EVIDENCE_UNREADABLE'],
  ERR_OCI_NOT_FOUND: ['undecided', 'IMAGE_NOT_FOUND'],
  ERR_REGISTRY_UNAUTHORIZED: ['undecided', 'REGISTRY_DENIED'],
  ERR_REGISTRY_DENIED: ['undecided', 'REGISTRY_DENIED'],
  ERR_REGISTRY_RATE_LIMITED: ['undecided', 'REGISTRY_UNAVAILABLE'],
  ERR_REGISTRY_UNAVAILABLE: ['undecided', 'REGISTRY_UNAVAILABLE'],
  ERR_REGISTRY_TIMEOUT: ['undecided', 'REGISTRY_UNAVAILABLE'],
  ERR_ADMISSION_REGISTRY: ['undecided', 'REGISTRY_UNAVAILABLE'],
};

/** The verdict that an error stands for. An error that is not ours keeps its text to itself: it may quote secrets. */
export function verdictOf(error: unknown): ImageVerdict {
  return verdictOfKept(keptOfError(error));
}

/** What is known where deciding failed: it is never remembered, and refuses by its code. */
export function keptOfError(error: unknown): KeptVerdict & { readonly verdict: 'undecided' } {
  if (error instanceof CodedError) return { verdict: 'undecided', code: error.code, message: error.message };
  return { verdict: 'undecided', code: 'UNDECIDED', message: 'the image could not be verified' };
}

/** The verdict on an image that a verdict on an artifact stands for. */
export function verdictOfKept({
  verdict,
  code = 'UNDECIDED',
  message = '',
  report,
  decision,
  validUntil,
}: KeptVerdict): ImageVerdict {
  const rest = {
    ...defined({ validUntil, report, decision }),
  };
  const statement = report?.policy.statement ?? '';
  if (verdict === 'trusted')
    return { verdict: 'trusted', code: 'TRUSTED', message: `signed as the statement ${statement} demands`, ...rest };
  if (verdict === 'skipped')
    return { verdict: 'skipped', code: 'SKIPPED', message: `the statement ${statement} verifies nothing`, ...rest };
  const [found, name] = (Object.hasOwn(refusals, code) ? refusals[code] : undefined) ?? ['undecided', code];
  // What was judged and stays open is not refused: the same call may be decided later.
  const open = verdict === 'undecided' && (report ?? decision) !== undefined;
  return { verdict: open ? 'undecided' : found, code: name, message, ...rest };
}

import { CodedError } from '@notarykit/common';
import type { ImageVerdict } from '../review/verdict.js';

type Refusal = readonly [outcome: 'denied' | 'undecided', code: string];

/** What the errors of the packages below mean for an image; the codes on the right are stable. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_TRUST_NO_SIGNATURE: ['denied', 'NO_SIGNATURE'],
  ERR_TRUST_NOT_VERIFIED: ['denied', 'NO_TRUSTED_SIGNATURE'],
  ERR_TRUST_TOO_MANY_SIGNATURES: ['denied', 'TOO_MANY_SIGNATURES'],
  ERR_TRUST_NO_STATEMENT: ['denied', 'NO_APPLICABLE_POLICY'],
  ERR_TRUST_STORE: ['undecided', 'TRUST_STORE_UNAVAILABLE'],
  ERR_GATE_DENIED: ['denied', 'GATE_DENIED'],
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
  if (!(error instanceof CodedError))
    return { outcome: 'undecided', code: 'UNDECIDED', message: 'the image could not be verified' };
  const [outcome, code] = (Object.hasOwn(refusals, error.code) ? refusals[error.code] : undefined) ?? [
    'undecided',
    error.code,
  ];
  return { outcome, code, message: error.message };
}

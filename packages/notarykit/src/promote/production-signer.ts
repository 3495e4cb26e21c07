import { type CallOptions, quote } from '@notarykit/common/internal';
import type { Repository } from '@notarykit/oci/internal';
import type { GatePolicy } from '@notarykit/sbom-gate/internal/core';
import { TrustError } from '@notarykit/trust-policy/internal';
import type { AttachedSignature } from '../sign.js';
import type { Trust } from '../trust.js';
import { verify } from '../verify.js';
import { refuse } from './edges.js';

/**
 * Holds a production signature against the statement that the policy's `output.promote.signWith` leads to: a key that production would
 * not trust is found out here and not there.
 */
export async function checkProductionSigner(
  repository: Repository,
  { subject, signature }: AttachedSignature,
  { output, signers }: GatePolicy,
  trust: Trust & CallOptions,
): Promise<void> {
  const alias = output.promote?.signWith;
  const statement = alias === undefined ? undefined : signers.get(alias)?.trustPolicy;
  if (statement === undefined) return;
  const wrong = (cause?: unknown): never =>
    refuse(
      'PROMOTION_SIGNER',
      [{ subject, referrer: signature }],
      `the policy wants ${quote(alias)} to sign, and a signature by the key given does not satisfy the statement ${quote(statement)}`,
      cause,
    );
  try {
    const verdict = await verify(repository, subject, { ...trust, platforms: 'index', statement, examine: 'all' });
    if (verdict.verdict === 'skipped') return wrong();
    if (!verdict.signatures.some(({ manifest }) => manifest.digest === signature.digest)) return wrong();
  } catch (error) {
    if (error instanceof TrustError && error.code !== 'ERR_TRUST_NO_STATEMENT') return wrong(error);
    throw error;
  }
}

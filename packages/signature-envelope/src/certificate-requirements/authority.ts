import type { Certificate } from '@notarykit/pki/internal/core';
import { failChain } from './fail.js';
import type { ChainPurpose } from './leaf.js';

/** The rules for certificates above the leaf, in notation-core-go's order; `below` counts the authorities under this one. */
export function checkAuthority(
  certificate: Certificate,
  below: number,
  purpose: ChainPurpose,
  allowNonCritical: boolean,
): void {
  const { basicConstraints, keyUsage } = certificate;
  if (basicConstraints?.ca !== true) throw failChain(certificate, 'an issuer must be an authority (cA is not true)');
  if (!basicConstraints.critical && !allowNonCritical)
    throw failChain(certificate, 'basic constraints are not critical');
  const { pathLength } = basicConstraints;
  if (pathLength !== undefined && pathLength < below)
    throw failChain(certificate, `allows ${pathLength} authorities below it, there are ${below}`);
  if (keyUsage === undefined) throw failChain(certificate, 'has no key usage');
  if (purpose === 'codeSigning' && !keyUsage.critical) throw failChain(certificate, 'key usage is not critical');
  if (!keyUsage.usages.has('keyCertSign')) throw failChain(certificate, 'key usage lacks keyCertSign');
}

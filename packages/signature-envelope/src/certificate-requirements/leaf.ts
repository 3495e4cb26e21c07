import type { Certificate, KeyUsageName } from '@notarykit/pki/internal/core';
import { keySpecOf } from '../keys.js';
import { failChain } from './fail.js';

/** What a chain is for. */
export type ChainPurpose = 'codeSigning' | 'timestamping';

const timeStamping = '1.3.6.1.5.5.7.3.8';
/** Extended key usages that a signing certificate must not have, by OID. */
const forbidden: ReadonlyMap<string, string> = new Map([
  ['2.5.29.37.0', 'anyExtendedKeyUsage'],
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  [timeStamping, 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
]);
const leafUsages: readonly KeyUsageName[] = ['digitalSignature', 'contentCommitment'];

/** The rules for the certificate that signs, in notation-core-go's order. */
export function checkLeaf(leaf: Certificate, purpose: ChainPurpose): void {
  if (leaf.basicConstraints?.ca === true)
    throw failChain(leaf, 'a signing certificate must not be an authority (cA is true)');
  checkLeafUsage(leaf, purpose);
  if (purpose === 'codeSigning') checkSigningPurposes(leaf);
  else checkTimestampingPurposes(leaf);
  keySpecOf(leaf.publicKey);
}

function checkLeafUsage(leaf: Certificate, purpose: ChainPurpose): void {
  const { keyUsage } = leaf;
  if (keyUsage === undefined) throw failChain(leaf, 'has no key usage');
  if (purpose === 'codeSigning' && !keyUsage.critical) throw failChain(leaf, 'key usage is not critical');
  if (!keyUsage.usages.has('digitalSignature')) throw failChain(leaf, 'key usage lacks digitalSignature');
  const other = [...keyUsage.usages].find((usage) => !leafUsages.includes(usage));
  if (other !== undefined) throw failChain(leaf, `key usage of a signing certificate must not have ${other}`);
}

function checkSigningPurposes(leaf: Certificate): void {
  // As notation-core-go does: the extension may be absent, and only these purposes are refused.
  const wrong = leaf.extendedKeyUsage?.purposes.find((purpose) => forbidden.has(purpose));
  if (wrong !== undefined)
    throw failChain(leaf, `extended key usage of a signing certificate must not have ${forbidden.get(wrong)}`);
}

function checkTimestampingPurposes(leaf: Certificate): void {
  const purposes = leaf.extendedKeyUsage?.purposes ?? [];
  if (purposes.length !== 1 || purposes[0] !== timeStamping)
    throw failChain(leaf, 'extended key usage of a timestamping certificate must be timeStamping and nothing else');
  if (leaf.extendedKeyUsage?.critical !== true)
    throw failChain(leaf, 'extended key usage of a timestamping certificate must be critical');
}

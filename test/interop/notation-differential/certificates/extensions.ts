import { basicConstraints, type ExtensionSpec, extendedKeyUsage, keyUsage, purposes } from '@notarykit/testing';
import { hexBytes } from '../../../forge/hex.js';

type Extensions = (defaults: readonly ExtensionSpec[]) => readonly ExtensionSpec[];
const without = (list: readonly ExtensionSpec[], oid: string): readonly ExtensionSpec[] =>
  list.filter((one) => one.oid !== oid);
const exchange =
  (one: ExtensionSpec): Extensions =>
  (list) => [...without(list, one.oid), one];
const other = (oid: string, value: Uint8Array, critical = false): Extensions => exchange({ oid, critical, value });

/** Other extensions of the signer's certificate. */
export const extensions: Readonly<Record<string, Extensions>> = {
  anyExtendedKeyUsage: exchange(extendedKeyUsage([purposes.any])),
  'code signing and any': exchange(extendedKeyUsage([purposes.codeSigning, purposes.any])),
  'code signing and an unknown one': exchange(extendedKeyUsage([purposes.codeSigning, '1.2.3.4'])),
  'no extended key usage': (list) => without(list, '2.5.29.37'),
  'key usage not critical': exchange(keyUsage(['digitalSignature'], false)),
  'key usage of a CA': exchange(keyUsage(['digitalSignature', 'keyCertSign'])),
  'key usage with content commitment': exchange(keyUsage(['digitalSignature', 'contentCommitment'])),
  'no basic constraints': (list) => without(list, '2.5.29.19'),
  'basic constraints not critical': exchange(basicConstraints({ ca: false, critical: false })),
  'malformed key identifier': other('2.5.29.14', hexBytes('0000')),
  'malformed authority key identifier': other('2.5.29.35', hexBytes('0500')),
  'malformed name constraints': other('2.5.29.30', hexBytes('0500')),
  'malformed alternative name': other('2.5.29.17', hexBytes('0500')),
  'malformed policies': other('2.5.29.32', hexBytes('0500')),
  'malformed distribution points': other('2.5.29.31', hexBytes('0500')),
  'malformed authority information': other('1.3.6.1.5.5.7.1.1', hexBytes('0500')),
  'critical authority information': other('1.3.6.1.5.5.7.1.1', hexBytes('3000'), true),
  'critical key identifier': other('2.5.29.14', hexBytes('040101'), true),
  'critical authority key identifier': other('2.5.29.35', hexBytes('3000'), true),
  'critical distribution points': other('2.5.29.31', hexBytes('3000'), true),
  'unknown critical extension': other('1.2.3.4', hexBytes('0500'), true),
  'critical FALSE': (list) => [...list, { oid: '1.2.3.5', critical: false, value: hexBytes('0500') }],
  'large certificate': other('1.2.3.6', new Uint8Array(70_000)),
};

/** Other extensions of the issuing authority. */
export const authorities: Readonly<Record<string, Extensions>> = {
  'basic constraints of a CA not critical': exchange(basicConstraints({ ca: true, critical: false })),
  'key usage of a CA not critical': exchange(keyUsage(['keyCertSign'], false)),
  'path length 0': exchange(basicConstraints({ ca: true, pathLength: 0 })),
  'malformed key identifier of a CA': other('2.5.29.14', hexBytes('0000')),
  'CA with an unknown critical extension': other('1.2.3.4', hexBytes('0500'), true),
};

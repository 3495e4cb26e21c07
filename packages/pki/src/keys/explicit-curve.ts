import { concatBytes, encodeHex, sha256Hex } from '@notarykit/common/internal';
import {
  contentOf,
  type DerElement,
  decodeOid,
  decodePositiveBytes,
  decodeUnsigned,
  readerOf,
  Tag,
} from '../asn1/index.js';
import type { PublicKey } from '../crypto/public-key.js';

type Curve = NonNullable<PublicKey['curve']>;

const oidPrimeField = '1.2.840.10045.1.1';

/**
 * SHA-256 over prime, a, b, base point and order of each curve (SEC 2, 2.4.2 and on), the base point whole or compressed, as
 * `openssl ecparam -param_enc explicit` writes them; and the seed that a and b were made from.
 */
const curvesByMembers: Readonly<Record<Curve, { readonly members: readonly string[]; readonly seed: string }>> = {
  'P-256': {
    members: [
      '0815056d43f2b0abec3447d8d9f6921397252567930d519d532b0998ddb1da88',
      '255c9bd7786cc0fabb46de74bd4020f20ff9126ecc558575a420d147888ec20e',
    ],
    seed: 'c49d360886e704936a6678e1139d26b7819f7e90',
  },
  'P-384': {
    members: [
      'ed45a0a385dca472be657ef6d7dbf03e974d84adb525e3b51e21b93c3a6ea792',
      '2d056dcef9c5293f75e623068250fd64cb641825ebf7b2658a4ec15a1a9e836c',
    ],
    seed: 'a335926aa319a27a1d00896a6773a4827acdac73',
  },
  'P-521': {
    members: [
      '549f3a34329642ebc6460a9c3a4f93225722a430e5f549ea493aeccc886bcb2a',
      'e376bd33cf382046ac93265c3b07b6ca82835935fc94d5bff30238203390e949',
    ],
    seed: 'd09e8800291cb85396cc6717393284aaa0da64ba',
  },
};

/**
 * The curve that explicit parameters (SEC 1, C.2) spell out, if they are those of a known one in every member: another base point on
 * the same curve, for example, would make another key of the same numbers.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function explicitCurve(parameters: DerElement): Curve | undefined {
  const content = readerOf(parameters);
  if (decodeUnsigned(content.element(Tag.integer, 'a version')) > 3) return undefined;
  const field = content.enter(Tag.sequence, 'a field');
  if (decodeOid(field.element(Tag.oid, 'a field type')) !== oidPrimeField) return undefined;
  const prime = decodePositiveBytes(field.element(Tag.integer, 'a prime'));
  const curve = content.enter(Tag.sequence, 'a curve');
  const [a, b] = [contentOf(curve.element(Tag.octetString, 'a')), contentOf(curve.element(Tag.octetString, 'b'))];
  const seed = curve.optional(Tag.bitString);
  curve.finish('a curve');
  const base = contentOf(content.element(Tag.octetString, 'a base point'));
  const order = decodePositiveBytes(content.element(Tag.integer, 'an order'));
  const cofactor = content.optional(Tag.integer);
  if (content.more || (cofactor !== undefined && decodeUnsigned(cofactor) !== 1)) return undefined;
  const found = sha256Hex(concatBytes([prime, a, b, base, order]));
  const seedFound = seed === undefined ? undefined : encodeHex(contentOf(seed).subarray(1));
  return (['P-256', 'P-384', 'P-521'] as const).find((name) => {
    const { members, seed: known } = curvesByMembers[name];
    return members.includes(found) && (seedFound === undefined || seedFound === known);
  });
}

import type { Certificate, Name, NameAttribute } from '@notarykit/pki/internal/core';

/** UTF8String, NumericString, PrintableString, TeletexString, IA5String, BMPString. */
const textTags: readonly number[] = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1e];
const bmpTag = 0x1e;
/** Halves of characters beyond the basic plane, and points that are not characters. */
const beyondBmp = /[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/;

/**
 * What the certificates of a chain, and of a store, must not have, whatever they are for: forms that RFC 5280 forbids and that the
 * reference tools read no certificate with.
 *
 * @returns why it cannot be read, or `undefined`
 */
export function unreadableOf({ isSerialNumberNegative, issuer, subject }: Certificate): string | undefined {
  // RFC 5280, 4.1.2.2.
  if (isSerialNumberNegative) return 'has a negative serial number';
  const attribute = unreadableIn(issuer) ?? unreadableIn(subject);
  // RFC 5280, 4.1.2.4 and appendix A.
  return attribute === undefined ? undefined : `has a name whose value of type ${attribute.type} is not readable text`;
}

/** Called for every certificate of every chain: a list of all attributes would cost more than the check. */
function unreadableIn({ rdns }: Name): NameAttribute | undefined {
  for (const rdn of rdns) for (const attribute of rdn) if (!isText(attribute)) return attribute;
  return undefined;
}

function isText({ der, value }: NameAttribute): boolean {
  const tag = der[0] as number;
  return textTags.includes(tag) && !(tag === bmpTag && beyondBmp.test(value));
}

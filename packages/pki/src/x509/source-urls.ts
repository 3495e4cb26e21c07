import {
  contextTag,
  type DerElement,
  type DerReader,
  decodeOid,
  decodeString,
  readDerDocument,
  Tag,
} from '../asn1/index.js';

const oidOcsp = '1.3.6.1.5.5.7.48.1';
const uriTag = contextTag(6, 'primitive');

/** More URIs than any authority writes. More are refused: one that is not asked could be the one that says "revoked". */
const mostUrls = 100;

/**
 * URIs of the OCSP responders in an authority information access (RFC 5280, 4.2.2.1).
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function ocspResponderUrls(value: Uint8Array): readonly string[] {
  const reader = readDerDocument(value, Tag.sequence, 'an authority information access');
  if (!reader.more) reader.fail('at least one access description', 'none');
  const urls: string[] = [];
  while (reader.more) {
    const description = reader.enter(Tag.sequence, 'an access description');
    const method = decodeOid(description.element(Tag.oid, 'an access method'));
    const location = description.any();
    description.finish('an access description');
    if (method === oidOcsp && location.tag === uriTag) urls.push(uriOf(location));
    checkCount(description, urls.length);
  }
  return urls;
}

/**
 * URIs of the full names in CRLDistributionPoints or FreshestCRL (RFC 5280, 4.2.1.13). Names relative to an issuer are refused: nothing
 * here can look them up, and authorities should not use them.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function distributionPointUrls(value: Uint8Array): readonly string[] {
  return distributionPoints(value).flat();
}

/**
 * The same by distribution point: several names of one lead to one CRL.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function distributionPoints(value: Uint8Array): readonly (readonly string[])[] {
  const reader = readDerDocument(value, Tag.sequence, 'distribution points');
  const points: string[][] = [];
  let count = 0;
  while (reader.more) {
    const point = reader.enter(Tag.sequence, 'a distribution point');
    const name = point.enterOptional(contextTag(0));
    const full = name?.enterOptional(contextTag(0));
    // A name relative to an issuer leads nowhere that could be asked: not the same as no place at all.
    if (name !== undefined && full === undefined) name.fail('a full name of a distribution point', 'a relative one');
    const urls: string[] = [];
    while (full?.more) {
      const element = full.any();
      if (element.tag === uriTag) urls.push(uriOf(element));
      checkCount(full, count + urls.length);
    }
    count += urls.length;
    points.push(urls);
  }
  return points;
}

function checkCount(reader: DerReader, count: number): void {
  if (count > mostUrls) reader.fail(`at most ${mostUrls} URLs`, 'more');
}

function uriOf(element: DerElement): string {
  return decodeString({ ...element, tag: Tag.ia5String });
}

import type { Bytes } from '@notarykit/common/internal';
import { copyBytes } from '@notarykit/common/internal';
import { contentOf, contextTag, type DerReader, decodeOid, derOf, readDerDocument, Tag } from '../asn1/index.js';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { parseCertificate } from '../x509/parse.js';
import { decryptPkcs8 } from './decrypt.js';
import type { DecryptOptions } from './decrypt-options.js';
import type { ParsePkcs12Options } from './pkcs12-options.js';
import { type PrivateKey, readPkcs8 } from './private-key.js';

/** Keys and certificates of the bags of a file. */
export interface SafeContents {
  readonly keys: PrivateKey[];
  readonly certificates: Certificate[];
}

/** How bags are opened. */
export type BagOptions = DecryptOptions & Pick<ParsePkcs12Options, 'privateKeys'>;

const oidKeyBag = '1.2.840.113549.1.12.10.1.1';
const oidShroudedKeyBag = '1.2.840.113549.1.12.10.1.2';
const oidCertBag = '1.2.840.113549.1.12.10.1.3';
const oidX509 = '1.2.840.113549.1.9.22.1';

const mostBags = 1000;

/** The bags that hold keys and X.509 certificates (RFC 7292, 4.2); others are passed over. */
export async function readSafeContents(der: Bytes, options: BagOptions): Promise<SafeContents> {
  const bags = readDerDocument(der, Tag.sequence, 'SafeContents');
  const found: SafeContents = { keys: [], certificates: [] };
  for (let count = 0; bags.more; count++) {
    if (count >= mostBags) throw new PkiError('ERR_PKI_LIMIT', `expected at most ${mostBags} bags, found more`);
    await readBag(bags.enter(Tag.sequence, 'a bag'), found, options);
  }
  return found;
}

async function readBag(bag: DerReader, found: SafeContents, options: BagOptions): Promise<void> {
  const oid = decodeOid(bag.element(Tag.oid, 'a bag type'));
  const value = bag.enter(contextTag(0), 'a bag value');
  const reads = options.privateKeys !== 'skip';
  if (oid === oidKeyBag && reads)
    found.keys.push(readPkcs8(copyBytes(derOf(value.element(Tag.sequence, 'a private key')))));
  if (oid === oidShroudedKeyBag && reads) {
    const encrypted = derOf(value.element(Tag.sequence, 'an encrypted private key'));
    found.keys.push(readPkcs8(await decryptPkcs8(encrypted, options)));
  }
  if (oid === oidCertBag) readCertificateBag(value.enter(Tag.sequence, 'a certificate bag'), found);
}

function readCertificateBag(bag: DerReader, found: SafeContents): void {
  if (decodeOid(bag.element(Tag.oid, 'a certificate type')) !== oidX509) return;
  const certificate = bag.enter(contextTag(0), 'a certificate').element(Tag.octetString, 'a certificate');
  found.certificates.push(parseCertificate(contentOf(certificate)));
}

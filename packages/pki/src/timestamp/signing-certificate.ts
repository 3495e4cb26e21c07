import { type Bytes, digestBytes, equalBytes } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerReader,
  decodeIntegerBytes,
  derOf,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { serialOf } from '../revocation/cert-id.js';
import type { Certificate } from '../x509/certificate.js';
import { type IssuerAndSerial, readAlgorithm, type SignerInfo } from './cms.js';
import { refuse } from './refuse.js';
import { hashOfOid } from './tst-info.js';

const oidSigningCertificateV2 = '1.2.840.113549.1.9.16.2.47';

/**
 * The certificate that signed: the one that the signed attribute SigningCertificateV2 names (RFC 5035, 3 and 4), and no other,
 * whatever else is in the token. Version 1 of the attribute (SHA-1) is not accepted.
 *
 * @throws {PkiError} `ERR_PKI_TIMESTAMP`, `ERR_PKI_ASN1`
 */
export async function findSigningCertificate(
  info: SignerInfo,
  certificates: readonly Certificate[],
): Promise<Certificate> {
  const attribute = info.signedAttributes.get(oidSigningCertificateV2);
  if (attribute === undefined) refuse('the signed attribute SigningCertificateV2, found none');
  const { hashOid, certHash, issuerSerial } = readAttribute(attribute);
  const hash = hashOid === undefined ? 'sha256' : hashOfOid(hashOid);
  if (hash === undefined) refuse(`a signing certificate by SHA-256, SHA-384 or SHA-512, found hash ${hashOid}`);
  const wanted = issuerSerial ?? info.signer;
  const found = certificates.find((certificate) => isNamed(certificate, wanted));
  if (found === undefined) refuse('the signing certificate in the token, found none of its issuer and serial number');
  if (!equalBytes(await digestBytes(hash, found.der), certHash))
    refuse('the certificate that signed, found another of its name');
  return found;
}

function isNamed(certificate: Certificate, { issuer, serial }: IssuerAndSerial): boolean {
  return equalBytes(certificate.issuer.der, issuer) && equalBytes(serialOf(certificate), serial);
}

interface EssCertId {
  readonly hashOid: string | undefined;
  readonly certHash: Bytes;
  readonly issuerSerial: IssuerAndSerial | undefined;
}

/** The first ESSCertIDv2: that of the signer. */
function readAttribute(attribute: Bytes): EssCertId {
  const reader = readDerDocument(attribute, Tag.sequence, 'SigningCertificateV2');
  const ids = reader.enter(Tag.sequence, 'certificate identifiers');
  reader.optional(Tag.sequence);
  reader.finish('SigningCertificateV2');
  if (!ids.more) refuse('a certificate identifier in SigningCertificateV2, found none');
  const id = ids.enter(Tag.sequence, 'a certificate identifier');
  const algorithm = id.enterOptional(Tag.sequence);
  const hashOid = algorithm === undefined ? undefined : readAlgorithm(algorithm);
  const certHash = contentOf(id.element(Tag.octetString, 'a certificate hash'));
  const issuerSerial = readIssuerSerial(id.enterOptional(Tag.sequence));
  id.finish('a certificate identifier');
  return { hashOid, certHash, issuerSerial };
}

function readIssuerSerial(reader: DerReader | undefined): IssuerAndSerial | undefined {
  if (reader === undefined) return undefined;
  const names = reader.enter(Tag.sequence, 'issuer names');
  const directory = names.enterOptional(contextTag(4)) ?? refuse('a directory name as issuer, found another kind');
  const issuer = derOf(directory.element(Tag.sequence, 'an issuer'));
  directory.finish('an issuer');
  names.finish('issuer names');
  const serial = decodeIntegerBytes(reader.element(Tag.integer, 'a serial number'));
  reader.finish('an issuer and serial number');
  return { issuer, serial };
}

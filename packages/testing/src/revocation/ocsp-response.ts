import type { Bytes } from '@notarykit/common/internal';
import { type BaseBlock, Primitive } from 'asn1js';
import {
  BasicOCSPResponse,
  CertID,
  Certificate,
  OCSPResponse,
  SingleResponse as PkijsResponse,
  PublicKeyInfo,
  RelativeDistinguishedNames,
  ResponseBytes,
  ResponseData,
} from 'pkijs';
import type { Issuer } from '../authority/certificate.js';
import {
  context,
  derOf,
  encodedAs,
  enumerated,
  extensionsOf,
  generalizedTime,
  integer,
  octetString,
  wholeSeconds,
  withNull,
} from '../authority/der.js';
import { engine } from '../authority/engine.js';
import type { ExtensionSpec } from '../authority/extension-spec.js';
import { signingKey } from '../authority/sign.js';
import type { SigningOptions } from '../authority/signing-options.js';
import { dayMs, defaultRevokedAt, invalidity, type Revocation, revocationReasons } from './crl.js';

/** Statuses of an OCSP answer (RFC 6960, 4.2.1): all but the first carry nothing signed. */
export const ocspResponseStatuses = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;

/** One certificate's status in an OCSP answer. */
export interface SingleResponse {
  readonly certId: Bytes;
  readonly status?: 'good' | 'unknown' | Omit<Revocation, 'serialNumber'>;
  /** Default a day before `now`. */
  readonly thisUpdate?: Date;
  /** Default a day after `now`; `null` leaves it out. */
  readonly nextUpdate?: Date | null;
  readonly extensions?: readonly ExtensionSpec[];
}

/** What an OCSP answer says. */
export interface OcspResponseOptions extends SigningOptions {
  readonly responseStatus?: keyof typeof ocspResponseStatuses;
  /** Who signs: the issuer of the certificates, unless a delegate is named. */
  readonly signer: Issuer;
  /** Certificates put into the answer. */
  readonly certificates?: readonly Uint8Array[];
  readonly responderId?: 'name' | 'key';
  /** Default `now`. */
  readonly producedAt?: Date;
  /** Nonce, echoed or not as the caller likes. */
  readonly nonce?: Uint8Array;
  readonly extensions?: readonly ExtensionSpec[];
  /** Flips a bit of the signature. */
  readonly corrupt?: boolean;
  readonly now?: Date;
}

/** Builds an OCSP answer (RFC 6960, 4.2.1). */
export async function buildOcspResponse(
  responses: readonly SingleResponse[],
  options: OcspResponseOptions,
): Promise<Bytes> {
  const { responseStatus = 'successful' } = options;
  const status = enumerated(ocspResponseStatuses[responseStatus]);
  if (responseStatus !== 'successful') return derOf(new OCSPResponse({ responseStatus: status }).toSchema());
  const response = octetString(await basicResponse(responses, options));
  const responseBytes = new ResponseBytes({ responseType: '1.3.6.1.5.5.7.48.1.1', response });
  return derOf(new OCSPResponse({ responseStatus: status, responseBytes }).toSchema());
}

async function basicResponse(responses: readonly SingleResponse[], options: OcspResponseOptions): Promise<Bytes> {
  const { signer, certificates = [] } = options;
  const certs = certificates.map((der) => encodedAs(Certificate, der));
  const response = new BasicOCSPResponse({
    tbsResponseData: await responseData(responses, options),
    ...(certs.length === 0 ? {} : { certs }),
  });
  await response.sign(...(await signingKey(signer.keyPair, options)), engine);
  if (options.corrupt === true) flipLastBit(response.signature.valueBlock.valueHexView);
  return derOf(response.toSchema());
}

/** Makes a signature wrong. */
export function flipLastBit(signature: Uint8Array): void {
  signature[signature.length - 1] = (signature[signature.length - 1] as number) ^ 1;
}

async function responseData(responses: readonly SingleResponse[], options: OcspResponseOptions): Promise<ResponseData> {
  const now = options.now ?? new Date();
  const nonce = options.nonce === undefined ? [] : [nonceExtension(options.nonce)];
  const extensions = [...nonce, ...(options.extensions ?? [])];
  return new ResponseData({
    responderID: await responderId(options),
    producedAt: wholeSeconds(options.producedAt ?? now),
    responses: responses.map((response) => single(response, now)),
    ...(extensions.length === 0 ? {} : { responseExtensions: extensionsOf(extensions) }),
  });
}

const nonceExtension = (nonce: Uint8Array): ExtensionSpec => ({
  oid: '1.3.6.1.5.5.7.48.1.2',
  critical: false,
  value: derOf(octetString(nonce)),
});

async function responderId({ signer, responderId: kind = 'name' }: OcspResponseOptions): Promise<unknown> {
  if (kind === 'name') return encodedAs(RelativeDistinguishedNames, signer.subjectDer);
  return octetString(await sha1(keyBits(signer.keyPair.spki)));
}

function single(response: SingleResponse, now: Date): PkijsResponse {
  const next = response.nextUpdate === undefined ? new Date(now.getTime() + dayMs) : response.nextUpdate;
  const extensions = [...statusExtensions(response.status), ...(response.extensions ?? [])];
  return new PkijsResponse({
    certID: encodedAs(CertID, response.certId),
    certStatus: statusOf(response.status ?? 'good'),
    thisUpdate: wholeSeconds(response.thisUpdate ?? new Date(now.getTime() - dayMs)),
    ...(next === null ? {} : { nextUpdate: wholeSeconds(next) }),
    ...(extensions.length === 0 ? {} : { singleExtensions: extensionsOf(extensions) }),
  });
}

function statusOf(status: NonNullable<SingleResponse['status']>): BaseBlock {
  if (status === 'good') return new Primitive({ idBlock: { tagClass: 3, tagNumber: 0 } });
  if (status === 'unknown') return new Primitive({ idBlock: { tagClass: 3, tagNumber: 2 } });
  const reason = status.reason === undefined ? [] : [context(0, enumerated(revocationReasons[status.reason]))];
  return context(1, generalizedTime(status.at ?? defaultRevokedAt), ...reason);
}

function statusExtensions(status: SingleResponse['status']): readonly ExtensionSpec[] {
  if (status === undefined || typeof status === 'string') return [];
  const date = status.invalidityDate;
  return [...(date === undefined ? [] : [invalidity(date)]), ...(status.extensions ?? [])];
}

/** The identifier of a certificate in OCSP: SHA-1 over its issuer's name and key (RFC 6960, 4.1.1). */
export async function certIdOf(issuer: Issuer, serialNumber: bigint): Promise<Bytes> {
  const [nameHash, keyHash] = await Promise.all([sha1(issuer.subjectDer), sha1(keyBits(issuer.keyPair.spki))]);
  const certId = new CertID({
    hashAlgorithm: withNull('1.3.14.3.2.26'),
    issuerNameHash: octetString(nameHash),
    issuerKeyHash: octetString(keyHash),
    serialNumber: integer(serialNumber),
  });
  return derOf(certId.toSchema());
}

/** Content of the BIT STRING of a SubjectPublicKeyInfo. */
function keyBits(spki: Bytes): Bytes {
  return PublicKeyInfo.fromBER(spki).subjectPublicKey.valueBlock.valueHexView as Bytes;
}

async function sha1(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await engine.digest('SHA-1', bytes));
}

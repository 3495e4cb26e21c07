import { type Bytes, concatBytes } from '@notarykit/common';
import type { Issuer } from '../authority/certificate.js';
import {
  bitString,
  context,
  contextPrimitive,
  enumerated,
  generalizedTime,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
} from '../authority/der.js';
import { type ExtensionSpec, encodeExtensions } from '../authority/extensions.js';
import { type SigningOptions, signatureIdentifier, signDer } from '../authority/sign.js';
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
  if (responseStatus !== 'successful') return sequence(status);
  const basic = await basicResponse(responses, options);
  return sequence(status, context(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))));
}

async function basicResponse(responses: readonly SingleResponse[], options: OcspResponseOptions): Promise<Bytes> {
  const { signer, certificates = [] } = options;
  const tbs = await responseData(responses, options);
  const signature = await signDer(signer.keyPair, tbs, options);
  if (options.corrupt === true) signature[signature.length - 1] = (signature[signature.length - 1] as number) ^ 1;
  const certs = certificates.length === 0 ? [] : [context(0, sequence(...certificates))];
  return sequence(tbs, signatureIdentifier(signer.keyPair, options), bitString(signature), ...certs);
}

async function responseData(responses: readonly SingleResponse[], options: OcspResponseOptions): Promise<Bytes> {
  const now = options.now ?? new Date();
  const nonce = options.nonce === undefined ? [] : [nonceExtension(options.nonce)];
  const extensions = [...nonce, ...(options.extensions ?? [])];
  return sequence(
    await responderId(options),
    generalizedTime(options.producedAt ?? now),
    sequence(...responses.map((response) => single(response, now))),
    ...(extensions.length === 0 ? [] : [context(1, encodeExtensions(extensions))]),
  );
}

const nonceExtension = (nonce: Uint8Array): ExtensionSpec => ({
  oid: '1.3.6.1.5.5.7.48.1.2',
  critical: false,
  value: octetString(nonce),
});

async function responderId({ signer, responderId: kind = 'name' }: OcspResponseOptions): Promise<Bytes> {
  if (kind === 'name') return context(1, signer.subjectDer);
  return context(2, octetString(await sha1(keyBits(signer.keyPair.spki))));
}

function single(response: SingleResponse, now: Date): Bytes {
  const next = response.nextUpdate === undefined ? new Date(now.getTime() + dayMs) : response.nextUpdate;
  const extensions = [...statusExtensions(response.status), ...(response.extensions ?? [])];
  return sequence(
    response.certId,
    statusOf(response.status ?? 'good'),
    generalizedTime(response.thisUpdate ?? new Date(now.getTime() - dayMs)),
    ...(next === null ? [] : [context(0, generalizedTime(next))]),
    ...(extensions.length === 0 ? [] : [context(1, encodeExtensions(extensions))]),
  );
}

function statusOf(status: NonNullable<SingleResponse['status']>): Bytes {
  if (status === 'good') return contextPrimitive(0, new Uint8Array());
  if (status === 'unknown') return contextPrimitive(2, new Uint8Array());
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
  const algorithm = sequence(oid('1.3.14.3.2.26'), nullValue());
  return sequence(algorithm, octetString(nameHash), octetString(keyHash), integer(serialNumber));
}

/** Content of the BIT STRING of a SubjectPublicKeyInfo. */
function keyBits(spki: Bytes): Bytes {
  const start = bitStringStart(spki);
  return concatBytes([spki.subarray(start)]);
}

/** The BIT STRING is the last element of the key: its content starts where header and algorithm end. */
function bitStringStart(spki: Bytes): number {
  const outer = headerLength(spki, 0);
  const algorithm = outer + headerLength(spki, outer) + contentLength(spki, outer);
  return algorithm + headerLength(spki, algorithm) + 1;
}

function headerLength(der: Bytes, at: number): number {
  const first = der[at + 1] as number;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentLength(der: Bytes, at: number): number {
  const header = headerLength(der, at);
  if (header === 2) return der[at + 1] as number;
  return der.subarray(at + 2, at + header).reduce((length, byte) => length * 256 + byte, 0);
}

async function sha1(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
}

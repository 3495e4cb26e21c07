import { type Bytes, copyBytes, equalBytes, type HashAlgorithm, isCodedError, quote } from '@notarykit/common/internal';
import { DerReader, decodeBitString, decodeString, decodeUnsigned, derOf, normalizeBer, Tag } from '../asn1/index.js';
import { PkiError } from '../errors.js';
import { checkImprint, parseTimestampToken } from './token.js';

/** What an answer must fit. */
export interface TimestampResponseOptions {
  readonly message: Uint8Array;
  readonly hash: HashAlgorithm;
  /** Content of the INTEGER of the request. */
  readonly nonce: Bytes;
}

const statuses = ['granted', 'grantedWithMods', 'rejection', 'waiting', 'revocationWarning', 'revocationNotification'];

const failures: Readonly<Record<number, string>> = {
  0: 'badAlg',
  2: 'badRequest',
  5: 'badDataFormat',
  14: 'timeNotAvailable',
  15: 'unacceptedPolicy',
  16: 'unacceptedExtension',
  17: 'addInfoNotAvailable',
  25: 'systemFailure',
};

/**
 * The token of an authority's answer (RFC 3161, 2.4.2), checked to be the answer to this request: status, imprint, nonce. Whether
 * the token *holds* is {@link verifyTimestampToken}'s question.
 *
 * @throws {PkiError} `ERR_PKI_TSA`
 */
export async function openTimestampResponse(der: Uint8Array, options: TimestampResponseOptions): Promise<Bytes> {
  try {
    const token = readResponse(der);
    const { info } = parseTimestampToken(token);
    await checkImprint(info, options);
    if (info.nonce === undefined || !equalBytes(info.nonce, options.nonce))
      refuse('the nonce of the request, found another');
    return token;
  } catch (cause) {
    if (!isCodedError(cause) || cause.code === 'ERR_PKI_TSA') throw cause;
    throw new PkiError('ERR_PKI_TSA', `the timestamping authority gave no usable answer: ${cause.message}`, { cause });
  }
}

function readResponse(bytes: Uint8Array): Bytes {
  const document = new DerReader(normalizeBer(bytes));
  const reader = document.enter(Tag.sequence, 'a timestamp answer');
  checkStatus(reader.enter(Tag.sequence, 'a status'));
  if (!reader.more) refuse('a timestamp token in a granted answer, found none');
  const token = derOf(reader.element(Tag.sequence, 'a timestamp token'));
  reader.finish('a timestamp answer');
  return copyBytes(token);
}

function checkStatus(reader: DerReader): void {
  const status = decodeUnsigned(reader.element(Tag.integer, 'a status'));
  const text = reader.enterOptional(Tag.sequence);
  const failure = reader.optional(Tag.bitString);
  reader.finish('a status');
  if (status <= 1) return;
  const said = text?.more ? `, ${quote(decodeString(text.any()))}` : '';
  const why = failure === undefined ? '' : ` (${failureNames(decodeBitString(failure).bytes)})`;
  refuse(`a granted timestamp, found status ${statuses[status] ?? status}${why}${said}`);
}

function failureNames(bits: Bytes): string {
  const isSet = (bit: number): boolean => (((bits[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0;
  const names = Object.keys(failures).map(Number).filter(isSet);
  return names.length === 0 ? 'no known failure' : names.map((bit) => failures[bit]).join(', ');
}

function refuse(message: string): never {
  throw new PkiError('ERR_PKI_TSA', `expected ${message}`);
}

import { utf8 } from '@notarykit/common/internal';
import type { Answer } from './exchange.js';

type Headers = Readonly<Record<string, string | undefined>>;

/** An answer with the headers that have a value. */
export function answer(status: number, headers: Headers = {}, body?: Answer['body']): Answer {
  const list = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return body === undefined
    ? { status, headers: status === 204 ? list : [...list, ['Content-Length', '0']] }
    : { status, headers: list, body };
}

/** An answer whose body is these bytes. */
export function bytesAnswer(status: number, headers: Headers, body: Uint8Array): Answer {
  return answer(status, { ...headers, 'Content-Length': String(body.length) }, body);
}

/** An answer whose body is a JSON document. */
export function jsonAnswer(status: number, value: unknown, headers: Headers = {}): Answer {
  return bytesAnswer(status, { 'Content-Type': 'application/json', ...headers }, utf8(JSON.stringify(value)));
}

/** Error codes of distribution-spec, "Error Codes", and those that the field adds. */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'PAGINATION_NUMBER_INVALID'
  | 'RANGE_INVALID'
  | 'SIZE_INVALID'
  | 'TAG_INVALID'
  | 'UNAUTHORIZED'
  | 'DENIED'
  | 'UNSUPPORTED'
  | 'TOOMANYREQUESTS'
  | 'STORAGE_FULL'
  | 'STORAGE_DENIED'
  | 'STORAGE_BUSY'
  | 'DIRECTORY_IN_USE'
  | 'UNKNOWN';

/** Thrown by an endpoint that refuses: status, code, message. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RegistryErrorCode;
  readonly headers: Headers;

  constructor(status: number, code: RegistryErrorCode, message: string, headers: Headers = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The answer of an error (distribution-spec, "Error Codes"). */
export function errorAnswer(status: number, code: string, message: string, headers: Headers = {}): Answer {
  return jsonAnswer(status, { errors: [{ code, message }] }, headers);
}

import { decodeUtf8 } from './bytes.js';
import { parseNatively } from './json-native.js';
import { checkWellFormed, parseStrictly } from './json-strict.js';

/** A parsed JSON value. Objects have no prototype, so a member is there only if the document had it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A parsed JSON object, without prototype. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Limits and profile of {@link parseJson}. */
export interface ParseJsonOptions {
  /** How deep objects and arrays may be nested. Default 64. */
  readonly maxDepth?: number;
  /** `integers` refuses fractions, exponents, -0 and anything outside 0 to 2^53-1. Default `any`. */
  readonly numbers?: 'any' | 'integers';
}

/**
 * Parses one JSON document (RFC 8259) strictly: UTF-8 without byte order mark, no duplicate member, no lone surrogate, no
 * number that a double cannot hold, bounded depth, nothing after the document.
 *
 * @throws {CodecError} `ERR_CODEC_JSON`, `ERR_CODEC_UTF8`, `ERR_CODEC_LIMIT`
 *
 * @example
 * ```ts
 * parseJson('{"a":1,"a":2}'); // throws ERR_CODEC_JSON: duplicate member
 * ```
 */
export function parseJson(input: Uint8Array | string, options: ParseJsonOptions = {}): JsonValue {
  const text = typeof input === 'string' ? checkWellFormed(input) : decodeUtf8(input);
  const native = options.numbers === 'integers' ? undefined : parseNatively(text, options.maxDepth ?? 64);
  return native === undefined ? parseStrictly(text, options) : native;
}

/** Whether a value is a JSON object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a JSON array. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

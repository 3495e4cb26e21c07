import { decodeUtf8 } from './bytes.js';
import { parseNatively } from './json-native.js';
import { checkWellFormed, parseStrictly } from './json-strict.js';
import type { JsonObject, JsonValue, ParseJsonOptions } from './json-value.js';

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

import {
  type Bytes,
  isJsonArray,
  isJsonObject,
  type JsonValue,
  parseJson,
  type Redactor,
} from '@notarykit/common/internal';
import type { RegistryErrorEntry } from '../errors.js';

/** What an error body says; empty when it says nothing that can be read. */
export interface ErrorBody {
  readonly errors: readonly RegistryErrorEntry[];
  readonly oauthError?: string;
}

/**
 * Reads the error body of a registry (distribution-spec, "Error Codes") or of a token service (RFC 6749, 5.2). It is cut when it is
 * `clean`: a truncated secret would not be found any more.
 */
export function parseErrorBody(bytes: Bytes, clean: Redactor['value'] = (value) => value): ErrorBody {
  const document = clean(parse(bytes));
  if (!isJsonObject(document)) return { errors: [] };
  const { errors, error } = document;
  return {
    errors: isJsonArray(errors) ? errors.slice(0, 20).flatMap(entry) : [],
    ...(typeof error === 'string' ? { oauthError: error.slice(0, 100) } : {}),
  };
}

function parse(bytes: Bytes): JsonValue | undefined {
  if (bytes.length === 0) return undefined;
  try {
    return parseJson(bytes, { maxDepth: 32 });
  } catch {
    return undefined;
  }
}

function entry(value: JsonValue): RegistryErrorEntry[] {
  if (!isJsonObject(value) || typeof value['code'] !== 'string') return [];
  const { code, message, detail } = value;
  return [
    {
      code: code.slice(0, 100),
      ...(typeof message === 'string' ? { message: message.slice(0, 200) } : {}),
      ...(detail === undefined || detail === null ? {} : { detail }),
    },
  ];
}

import { type Bytes, decodeBase64, encodeBase64, isJsonObject, parseJson } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';

/** A CRL and its delta as they are kept in caches, DER. */
export interface CrlBundle {
  readonly baseCrl: Bytes;
  readonly deltaCrl?: Bytes;
}

/** The JSON of a bundle as notation keeps it on disk; for caches that hold text. */
export function encodeCrlBundle({ baseCrl, deltaCrl }: CrlBundle): string {
  const delta = deltaCrl === undefined ? {} : { deltaCRL: encodeBase64(deltaCrl) };
  return JSON.stringify({ baseCRL: encodeBase64(baseCrl), ...delta });
}

/**
 * The bundle of such a JSON.
 *
 * @throws {PkiError} `ERR_PKI_REVOCATION` when it is not a bundle
 */
export function decodeCrlBundle(json: string | Uint8Array): CrlBundle {
  try {
    const document = parseJson(json, { maxDepth: 2 });
    const { baseCRL, deltaCRL } = isJsonObject(document) ? document : {};
    if (typeof baseCRL === 'string' && (deltaCRL === undefined || typeof deltaCRL === 'string')) {
      const delta = deltaCRL === undefined || deltaCRL === '' ? {} : { deltaCrl: decodeBase64(deltaCRL) };
      return { baseCrl: decodeBase64(baseCRL), ...delta };
    }
  } catch (cause) {
    throw new PkiError('ERR_PKI_REVOCATION', 'expected a cached CRL, found a malformed one', { cause });
  }
  throw new PkiError('ERR_PKI_REVOCATION', 'expected a cached CRL with the member baseCRL, found none');
}

import { defined, type HashAlgorithm } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { VerifiedTimestamp } from '@notarykit/pki/internal/timestamp';
import { type AuthorityRules, checkTimestampingChain } from './certificate-requirements/chain.js';
import { loadTokenReader } from './token-reader.js';

/** Options of {@link verifyEnvelopeTimestamp}. */
export interface EnvelopeTimestampOptions extends AuthorityRules {
  /** Trusted certificates of timestamping authorities. */
  readonly roots: readonly Certificate[];
  /** The hash that the imprint must be by. Default: SHA-256, SHA-384 or SHA-512. */
  readonly hash?: HashAlgorithm;
  /** When the authority's certificates must be valid. Default: the stamped time. */
  readonly at?: Date;
}

/**
 * Verifies an RFC 3161 token over a signature: the token, its authority's path to a root, and the rules for timestamping chains
 * (signature-specification.md, "Certificate Requirements"). Revocation of the authority is still to be checked.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_CHAIN`, `ERR_ENVELOPE_ALGORITHM`; `ERR_ENVELOPE_TIME` when the reader of tokens cannot be loaded
 * @throws {PkiError} `ERR_PKI_TIMESTAMP`, `ERR_PKI_CHAIN`, `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE`, `ERR_PKI_LIMIT`
 */
export async function verifyEnvelopeTimestamp(
  token: Uint8Array,
  signature: Uint8Array,
  { roots, hash, at, ...rules }: EnvelopeTimestampOptions,
): Promise<VerifiedTimestamp> {
  const { verifyTimestampToken } = await loadTokenReader();
  const timestamp = await verifyTimestampToken(token, {
    message: signature,
    roots,
    ...defined({ hash, at }),
  });
  await checkTimestampingChain(timestamp.certificateChain, rules);
  return timestamp;
}

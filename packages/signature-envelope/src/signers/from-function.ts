import { copyBytes, requireBytes } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki/internal/core';
import type { KeySpec } from '../algorithms.js';
import { SignerError } from '../errors.js';
import { keySpecOf } from '../keys.js';
import type { Signer, SignRequest } from '../signer.js';
import { digestOfRequest } from './hash-payload.js';

/** Makes a raw signature: r and s for EC keys, RSASSA-PSS with a salt as long as the hash for RSA. */
export type SignFunction = (bytes: Uint8Array, request: SignRequest) => Promise<Uint8Array>;

/**
 * A signer from a service that signs digests.
 *
 * @param certificateChain DER, leaf first, root last; the leaf's key decides the algorithm
 * @param sign gets the digest of the payload, by the hash of the key spec; returns r and s, or RSASSA-PSS, not DER
 * @throws {SignerError} reason `chain-mismatch` for an empty chain, `unsupported-key` for a leaf whose key cannot make Notary signatures
 *
 * @example
 * ```ts
 * const signer = fromDigestSigner(chain, async (digest, { keySpec, signal }) => {
 *   const answer = await service.sign({ algorithm: algorithmOf(keySpec).jws, digest, signal });
 *   return answer.signature;
 * });
 * ```
 */
export function fromDigestSigner(certificateChain: readonly Uint8Array[], sign: SignFunction): Signer {
  return fromPayloadSigner(certificateChain, (_payload, request) => sign(digestOfRequest(request), request));
}

/** A signer from a service that hashes for itself. See {@link fromDigestSigner}. */
export function fromPayloadSigner(certificateChain: readonly Uint8Array[], sign: SignFunction): Signer {
  const chain = chainOf(certificateChain);
  const copy = (): Uint8Array[] => chain.map((der) => copyBytes(der));
  const keySpec = leafKeySpec(chain[0]);
  return {
    async describe(options) {
      options?.signal?.throwIfAborted();
      return { keySpec, certificateChain: copy() };
    },
    async sign(request) {
      request.signal?.throwIfAborted();
      if (request.keySpec !== keySpec)
        throw new SignerError(`expected key spec ${keySpec}, found ${request.keySpec}`, { reason: 'wrong-key-usage' });
      return { signature: await sign(copyBytes(request.payload), request), certificateChain: copy() };
    },
  };
}

/** A text in its place would fail somewhere else, or be read as bytes that it is not. */
function chainOf(given: unknown): readonly Uint8Array[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  try {
    return list.map((der) => new Uint8Array(requireBytes(der, 'certificateChain, a list of certificates in DER')));
  } catch (cause) {
    const message = `${(cause as Error).message}; of PEM, parseCertificates of @notarykit/pki makes them`;
    throw new SignerError(message, { reason: 'chain-mismatch' }, { cause });
  }
}

function leafKeySpec(leaf: Uint8Array | undefined): KeySpec {
  if (leaf === undefined)
    throw new SignerError('expected a certificate chain, found none', { reason: 'chain-mismatch' });
  try {
    return keySpecOf(parseCertificate(leaf).publicKey);
  } catch (cause) {
    throw new SignerError(
      `the leaf certificate cannot sign: ${(cause as Error).message}`,
      { reason: 'unsupported-key' },
      { cause },
    );
  }
}

import type { Bytes } from '@notarykit/common';
import { algorithmOf, type Signer } from '@notarykit/signature-envelope';
import { importPrivateKey, type KeyPair, signRaw } from './keys.js';

/** The `Signer` port over a key pair of the lab, by WebCrypto. */
export async function keyPairSigner(
  keyPair: KeyPair,
  certificateChain: readonly Bytes[],
): Promise<{ readonly privateKey: CryptoKey; readonly signer: Signer }> {
  const { keySpec } = keyPair;
  const { type, hash } = algorithmOf(keySpec);
  const scheme = type === 'ec' ? 'ecdsa' : 'pss';
  const privateKey = await importPrivateKey(keyPair, scheme, hash);
  const signer: Signer = {
    async describe(options) {
      options?.signal?.throwIfAborted();
      return { keySpec, certificateChain };
    },
    async sign({ payload, signal }) {
      signal?.throwIfAborted();
      return { signature: await signRaw(privateKey, scheme, hash, payload), certificateChain };
    },
  };
  return { privateKey, signer };
}

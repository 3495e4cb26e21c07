import type { Bytes, WebCryptoKey } from '@notarykit/common/internal';
import { copyBytes } from '@notarykit/common/internal';
import { algorithmOf, type Signer, SignerError } from '@notarykit/signature-envelope/internal';
import { importPrivateKey, type KeyPair, signRaw } from './keys.js';

/** The `Signer` port over a key pair of the lab, by WebCrypto. */
export async function keyPairSigner(
  keyPair: KeyPair,
  certificateChain: readonly Bytes[],
): Promise<{ readonly privateKey: WebCryptoKey; readonly signer: Signer }> {
  const { keySpec } = keyPair;
  const { type, hash } = algorithmOf(keySpec);
  const scheme = type === 'ec' ? 'ecdsa' : 'pss';
  const privateKey = await importPrivateKey(keyPair, scheme, hash);
  const copies = (): Bytes[] => certificateChain.map((der) => copyBytes(der));
  const signer: Signer = {
    async describe(options) {
      options?.signal?.throwIfAborted();
      return { keySpec, certificateChain: copies() };
    },
    async sign({ payload, keySpec: asked, signal }) {
      signal?.throwIfAborted();
      if (asked !== keySpec)
        throw new SignerError(`expected key spec ${keySpec}, found ${asked}`, { reason: 'wrong-key-usage' });
      return { signature: await signRaw(privateKey, scheme, hash, copyBytes(payload)), certificateChain: copies() };
    },
  };
  return { privateKey, signer };
}

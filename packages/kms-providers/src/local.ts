import type { Bytes } from '@notarykit/common';
import { parsePem } from '@notarykit/pki';
import { algorithmOf, type KeySpec, keySpecOf, type Signer, SignerError } from '@notarykit/signature-envelope';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { publicKeyOf } from './local/public-key.js';
import { webCryptoSigner } from './webcrypto.js';

/** Options of {@link localSigner}. */
export interface LocalSignerOptions {
  /** PKCS#8: PEM text (`PRIVATE KEY`) or DER. */
  readonly privateKey: string | Uint8Array;
  /** PEM text, or DER certificates; in any order, root included. */
  readonly certificateChain: CertificateChainInput;
}

/**
 * A signer over a private key in memory. The key is read when the signer is first used; it must be that of one of the
 * certificates.
 *
 * @throws {SignerError} from `describe` and `sign`: reasons `bad-key`, `unsupported-key`, `chain-mismatch`
 *
 * @example
 * ```ts
 * const signer = localSigner({ privateKey: await readFile('key.pem', 'utf8'), certificateChain: await readFile('chain.pem', 'utf8') });
 * ```
 */
export function localSigner(options: LocalSignerOptions): Signer {
  let opened: Promise<Signer> | undefined;
  const signer = (): Promise<Signer> => {
    opened ??= open(options);
    return opened;
  };
  return {
    describe: async (call) => (await signer()).describe(call),
    sign: async (request) => (await signer()).sign(request),
  };
}

async function open({ privateKey, certificateChain }: LocalSignerOptions): Promise<Signer> {
  const pkcs8 = typeof privateKey === 'string' ? pkcs8Of(privateKey) : (privateKey.slice() as Bytes);
  const publicKey = await publicKeyOf(pkcs8);
  const chain = await readChainOf(certificateChain, publicKey);
  const key = await importKey(pkcs8, keySpecOf(chain.leaf.publicKey));
  return webCryptoSigner({ privateKey: key, certificateChain: chain.ders(), publicKey });
}

function pkcs8Of(pem: string): Bytes {
  const block = parsePem(pem).find(({ label }) => label === 'PRIVATE KEY');
  if (block === undefined)
    throw new SignerError('expected a PEM block "PRIVATE KEY" (PKCS#8), found none', { reason: 'bad-key' });
  return block.der;
}

async function importKey(pkcs8: Bytes, keySpec: KeySpec): Promise<CryptoKey> {
  const { type, hash, curve } = algorithmOf(keySpec);
  const algorithm =
    type === 'ec' ? { name: 'ECDSA', namedCurve: curve as string } : { name: 'RSA-PSS', hash: `SHA-${hash.slice(3)}` };
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}

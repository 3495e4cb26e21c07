import { type Bytes, concatBytes } from '@notarykit/common';
import { encodePem } from '@notarykit/pki';
import { checkCodeSigningChain, SignerError } from '@notarykit/signature-envelope';
import { type CertificateChainInput, readChainOf } from '../certificate-chain.js';

/** A chain that was issued for a key. */
export interface IssuedChain {
  /** DER, leaf first, root last. */
  readonly certificateChain: readonly Bytes[];
  /** The same in PEM. */
  readonly pem: string;
}

/** For what a chain was issued. */
export interface IssuedFor {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly keyId: string;
  readonly at: Date;
}

/** What an authority brought back: for this key, whole, in order, and fit for Notary signatures. */
export async function checkIssued(input: CertificateChainInput, issued: IssuedFor): Promise<IssuedChain> {
  const { certificates, ders } = await readChainOf(input, issued.publicKey);
  try {
    await checkCodeSigningChain(certificates, { at: issued.at });
  } catch (cause) {
    const message = `what the authority issued does not fit: ${(cause as Error).message}`;
    throw new SignerError(message, { reason: 'chain-mismatch', keyId: issued.keyId }, { cause });
  }
  const chain = ders().map((der) => concatBytes([der]));
  return { certificateChain: chain, pem: chain.map((der) => encodePem('CERTIFICATE', der)).join('') };
}

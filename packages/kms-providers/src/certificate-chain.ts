import { copyBytes, describeKind } from '@notarykit/common/internal';
import { type Certificate, parseCertificate, parseCertificates } from '@notarykit/pki/internal';
import { type KeySpec, keySpecOf, orderChain, SignerError } from '@notarykit/signature-envelope/internal';

/** A chain as callers have it: PEM text, or DER certificates one by one. */
export type CertificateChainInput = string | readonly Uint8Array[];

/** A chain, leaf first. */
export interface OrderedChain {
  readonly keySpec: KeySpec;
  readonly leaf: Certificate;
  readonly certificates: readonly Certificate[];
  /** Fresh copies, so that a caller cannot change the signer's own. */
  ders(): Uint8Array[];
}

/**
 * Reads and orders a chain; the leaf is the certificate of `publicKey`, or the first one.
 *
 * @throws {SignerError} reasons `chain-mismatch`, `unsupported-key`
 */
export async function readChainOf(input: CertificateChainInput, publicKey?: Uint8Array): Promise<OrderedChain> {
  const certificates = parse(input);
  const [first] = certificates;
  if (first === undefined) throw new SignerError('expected certificates, found none', { reason: 'chain-mismatch' });
  const chain = await orderChain(certificates, publicKey ?? first.publicKey.der);
  const leaf = chain[0] as Certificate;
  return { leaf, certificates: chain, keySpec: specOf(leaf), ders: () => chain.map(({ der }) => copyBytes(der)) };
}

function parse(input: CertificateChainInput): readonly Certificate[] {
  try {
    // A file may hold the key beside its chain; using such a file as a trust store is an error that says so.
    if (typeof input === 'string') return parseCertificates(input, { privateKeys: 'skip' });
    if (Array.isArray(input)) return input.map((der: Uint8Array) => parseCertificate(der));
    throw new Error(`expected PEM text or DER certificates, found ${describeKind(input)}`);
  } catch (cause) {
    throw new SignerError(
      `the certificate chain cannot be read: ${(cause as Error).message}`,
      { reason: 'chain-mismatch' },
      { cause },
    );
  }
}

function specOf(leaf: Certificate): KeySpec {
  try {
    return keySpecOf(leaf.publicKey);
  } catch (cause) {
    throw new SignerError((cause as Error).message, { reason: 'unsupported-key' }, { cause });
  }
}

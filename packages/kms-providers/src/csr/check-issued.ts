import { type Bytes, concatBytes } from '@notarykit/common/internal';
import { type Certificate, encodeName, encodePem, formatName, type Name, parseName } from '@notarykit/pki/internal';
import { checkCodeSigningChain, SignerError } from '@notarykit/signature-envelope/internal';
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
  /** The name that was asked for. */
  readonly subject: Readonly<Record<string, string>>;
  /** Whether the authority may have given another name. */
  readonly allowOtherSubject?: boolean;
}

/** What an authority brought back: for this key, whole, in order, and fit for Notary signatures. */
export async function checkIssued(input: CertificateChainInput, issued: IssuedFor): Promise<IssuedChain> {
  const { certificates, ders, leaf } = await readChainOf(input, issued.publicKey);
  if (issued.allowOtherSubject !== true) checkSubject(leaf, issued);
  try {
    await checkCodeSigningChain(certificates, { at: issued.at });
  } catch (cause) {
    const message = `the issued certificate does not match the request: ${(cause as Error).message}`;
    throw new SignerError(message, { reason: 'chain-mismatch', keyId: issued.keyId }, { cause });
  }
  const chain = ders().map((der) => concatBytes([der]));
  return { certificateChain: chain, pem: chain.map((der) => encodePem('CERTIFICATE', der)).join('') };
}

/** Trusted identities are made of the leaf's name: what was asked for must be in it as it was asked for. */
function checkSubject({ subject }: Certificate, { subject: asked, keyId }: IssuedFor): void {
  const wanted = parseName(encodeName(asked));
  const found = valuesOf(subject);
  for (const [type, values] of valuesOf(wanted)) {
    if (JSON.stringify(values) === JSON.stringify(found.get(type))) continue;
    const names = `expected the subject "${formatName(wanted)}", found "${formatName(subject)}"`;
    throw new SignerError(
      `the authority issued for another name: ${names}; policies trust names, so take it only with allowOtherSubject`,
      {
        reason: 'chain-mismatch',
        keyId,
      },
    );
  }
}

function valuesOf({ rdns }: Name): Map<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const { type, value } of rdns.flat()) values.set(type, [...(values.get(type) ?? []), value]);
  return values;
}

import { equalBytes } from '@notarykit/common/internal';
import { type Certificate, formatName, parseCertificate, verifyCertificateSignature } from '@notarykit/pki/internal';
import { type KeySpec, keySpecOf } from '@notarykit/signature-envelope/internal';
import { demand } from './demand.js';

/** Reads a chain as a verifier will: DER, leaf first, each issued by the next, the root last and self-signed. */
export async function checkChain(
  ders: readonly Uint8Array[],
  keySpec: KeySpec,
  trustedRoot: Uint8Array | undefined,
): Promise<void> {
  const chain = ders.map(read);
  const [leaf, root] = [chain[0], chain.at(-1)];
  demand(
    leaf !== undefined && root !== undefined,
    'the chain is empty: return DER certificates, leaf first, root last',
  );
  const found = keySpecOf(leaf.publicKey);
  demand(found === keySpec, `the first certificate's key is ${found}; put the leaf, whose key signs, first`);
  for (const [i, issuer] of chain.slice(1).entries())
    demand(
      await verifyCertificateSignature(chain[i] as Certificate, issuer),
      `certificate ${i + 1} is not issued by the one after it; order the chain: orderChain(certificates, publicKey)`,
    );
  demand(
    await verifyCertificateSignature(root, root),
    `the chain ends in "${formatName(root.subject)}", which is not self-signed; add the root`,
  );
  demand(
    trustedRoot === undefined || equalBytes(root.der, trustedRoot),
    `the chain ends in "${formatName(root.subject)}", which is not the trusted root; give the chain of that root`,
  );
}

function read(der: Uint8Array, i: number): Certificate {
  const text = new TextDecoder('latin1').decode(der.subarray(0, 64));
  demand(!/PRIVATE KEY/.test(text), 'the chain has a private key in it; return only certificates');
  demand(!text.startsWith('-----BEGIN'), 'the chain is PEM; return DER: parseCertificates(pem).map(({ der }) => der)');
  try {
    return parseCertificate(der);
  } catch (cause) {
    throw new Error(`certificate ${i + 1} of the chain cannot be read; return DER certificates`, { cause });
  }
}

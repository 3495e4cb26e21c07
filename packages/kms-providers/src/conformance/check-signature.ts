import { type Bytes, webCrypto } from '@notarykit/common';
import { type Certificate, parseCertificate, verifyRaw } from '@notarykit/pki';
import {
  algorithmOf,
  digestOfRequest,
  ecdsaDerToP1363,
  type KeySpec,
  type SignatureAlgorithm,
  type Signer,
} from '@notarykit/signature-envelope';
import { demand } from './demand.js';

interface Signed {
  readonly leaf: Certificate;
  readonly row: SignatureAlgorithm;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Signs, verifies strictly with the leaf of the same call, and says which of the usual mistakes it is. */
export async function signAndCheck(signer: Signer, keySpec: KeySpec, payload: Uint8Array): Promise<void> {
  const given = payload.slice();
  const { signature, certificateChain } = await signer.sign({ payload: given, keySpec });
  await checkSignature({ signature, certificateChain, keySpec, payload });
}

/** See {@link signAndCheck}. */
export async function checkSignature(given: {
  readonly signature: Uint8Array;
  readonly certificateChain: readonly Uint8Array[];
  readonly keySpec: KeySpec;
  readonly payload: Uint8Array;
}): Promise<void> {
  const { certificateChain, keySpec, payload, signature } = given;
  const [der] = certificateChain;
  demand(der !== undefined, 'sign() gives no chain: return DER certificates, leaf first, root last');
  const signed: Signed = { leaf: parseCertificate(der), row: algorithmOf(keySpec), payload, signature };
  if (await isValid(signed)) return;
  throw new Error((await diagnose(signed)) ?? 'unreachable');
}

async function isValid({ leaf, row, payload, signature }: Signed): Promise<boolean> {
  if (signature.length !== row.signatureLength) return false;
  const scheme = row.type === 'rsa' ? 'rsassa-pss' : 'ecdsa';
  return verifyRaw({ publicKey: leaf.publicKey, scheme, hash: row.hash, data: payload, signature }).catch(() => false);
}

async function diagnose(signed: Signed): Promise<string> {
  const { payload, row, signature } = signed;
  const found = await (row.type === 'ec' ? diagnoseEc(signed) : diagnoseRsa(signed));
  if (found !== undefined) return found;
  const digest = digestOfRequest({ payload, keySpec: row.keySpec });
  if (await isValid({ ...signed, payload: digest }))
    return 'the digest was hashed once more; tell the service that it gets a digest, or give it the payload';
  if (signature.length !== row.signatureLength)
    return `a signature has ${signature.length} bytes, expected ${row.signatureLength}; give it back as the service made it`;
  return (
    `a signature over ${payload.length} bytes is not valid: another key than the leaf's, other bytes than the payload, or ` +
    `another hash than ${row.hash}; sign the whole payload with the key version whose certificate is returned`
  );
}

async function diagnoseEc(signed: Signed): Promise<string | undefined> {
  const { signature, row } = signed;
  if (await isValid({ ...signed, signature: fromDer(signature, row) }))
    return 'the signature is DER; return r and s: ecdsaDerToP1363(signature, keySpec)';
  const size = row.signatureLength / 2;
  // Without padding, either number may be shorter; where one ends is not written down.
  for (let cut = Math.max(1, signature.length - size); cut < signature.length && cut <= size; cut++) {
    const padded = new Uint8Array(row.signatureLength);
    padded.set(signature.subarray(0, cut), size - cut);
    padded.set(signature.subarray(cut), row.signatureLength - (signature.length - cut));
    if (signature.length < row.signatureLength && (await isValid({ ...signed, signature: padded })))
      return `r or s has lost its leading zeros: pad each to ${size} bytes`;
  }
  return undefined;
}

function fromDer(signature: Uint8Array, { keySpec }: SignatureAlgorithm): Uint8Array {
  try {
    return ecdsaDerToP1363(signature, keySpec);
  } catch {
    return new Uint8Array();
  }
}

async function diagnoseRsa(signed: Signed): Promise<string | undefined> {
  const { leaf, row, payload, signature } = signed;
  const pkcs1 = {
    publicKey: leaf.publicKey,
    scheme: 'rsassa-pkcs1',
    hash: row.hash,
    data: payload,
    signature,
  } as const;
  if (await verifyRaw(pkcs1).catch(() => false))
    return `the signature is RSASSA-PKCS1-v1_5; ask the service for RSASSA-PSS with ${row.hash}`;
  const salt = await saltLengthOf(signed);
  return salt === undefined || salt === row.saltLength
    ? undefined
    : `the salt has ${salt} bytes, expected ${row.saltLength}; ask the service for a salt as long as the hash`;
}

/** Measures the salt of RSASSA-PSS: a verifier that is told the length accepts that one alone. */
export async function saltLengthOf({ leaf, row, payload, signature }: Signed): Promise<number | undefined> {
  const algorithm = { name: 'RSA-PSS', hash: `SHA-${row.hash.slice(3)}` };
  const spki = leaf.publicKey.der as Bytes;
  const key = await webCrypto().importKey('spki', spki, algorithm, false, ['verify']);
  const longest = row.signatureLength - row.saltLength - 2;
  const likely = [row.saltLength, longest, row.saltLength - 1, 0, 20];
  const all = [...likely, ...Array.from({ length: longest }, (_, length) => length)];
  for (const saltLength of all) {
    const valid = await webCrypto().verify({ name: 'RSA-PSS', saltLength }, key, signature as Bytes, payload as Bytes);
    if (valid) return saltLength;
  }
  return undefined;
}

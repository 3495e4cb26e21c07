import { type Bytes, concatBytes, encodeBase64Url, encodeHex, webCrypto } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki/internal';
import { CKA, CKK, CKO } from './constants.js';
import { refuse } from './errors.js';
import type { Pkcs11Handle } from './library.js';
import { findObjects, type OpenSession, readAttribute } from './objects.js';
import { readUlong } from './ulong.js';

/** CKA_EC_PARAMS by curve: the DER of the curve's object identifier, as PKCS#11 2.40 wants it. */
const curves: Readonly<Record<string, { readonly namedCurve: string; readonly point: number }>> = {
  '06082a8648ce3d030107': { namedCurve: 'P-256', point: 65 },
  '06052b81040022': { namedCurve: 'P-384', point: 97 },
  '06052b81040023': { namedCurve: 'P-521', point: 133 },
};

/**
 * SubjectPublicKeyInfo of a private key of the token: from the private key itself (RSA), the public key or the certificate
 * with the same CKA_ID. Undefined where the token has none of them.
 *
 * @throws {SignerError} reason `unsupported-key`
 */
export async function publicKeyOf(open: OpenSession, key: Pkcs11Handle): Promise<Bytes | undefined> {
  const candidates = [key, ...sameId(open, key, CKO.PUBLIC_KEY)];
  const type = readUlong(readAttribute(open, key, CKA.KEY_TYPE) ?? Uint8Array.of(255));
  if (type !== CKK.RSA && type !== CKK.EC) {
    throw refuse('unsupported-key', `expected a key of type RSA or EC, found type ${type}`);
  }
  for (const object of candidates) {
    const found = type === CKK.RSA ? await rsaKey(open, object) : await ecKey(open, object);
    if (found !== undefined) return found;
  }
  const [certificate] = sameId(open, key, CKO.CERTIFICATE);
  const der = certificate === undefined ? undefined : readAttribute(open, certificate, CKA.VALUE);
  return der === undefined ? undefined : (parseCertificate(der).publicKey.der as Bytes);
}

function sameId(open: OpenSession, key: Pkcs11Handle, type: number): Pkcs11Handle[] {
  const id = readAttribute(open, key, CKA.ID);
  if (id === undefined || id.length === 0) return [];
  const template = [
    { type: CKA.CLASS, value: type },
    { type: CKA.ID, value: Buffer.from(id) },
  ];
  return findObjects(open, template);
}

async function rsaKey(open: OpenSession, object: Pkcs11Handle): Promise<Bytes | undefined> {
  const [n, e] = [readAttribute(open, object, CKA.MODULUS), readAttribute(open, object, CKA.PUBLIC_EXPONENT)];
  if (!n?.length || !e?.length) return undefined;
  const jwk = { kty: 'RSA', n: encodeBase64Url(trimmed(n)), e: encodeBase64Url(trimmed(e)) };
  return exported(() => webCrypto().importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-256' }, true, ['verify']));
}

const trimmed = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.findIndex((byte) => byte !== 0));

async function ecKey(open: OpenSession, object: Pkcs11Handle): Promise<Bytes | undefined> {
  const [parameters, point] = [readAttribute(open, object, CKA.EC_PARAMS), readAttribute(open, object, CKA.EC_POINT)];
  if (!parameters?.length || !point?.length) return undefined;
  const curve = curves[encodeHex(parameters)];
  if (curve === undefined)
    throw refuse('unsupported-key', 'expected a key on P-256, P-384 or P-521, found another curve');
  // An OCTET STRING around the point, but some tokens give the point itself: both begin with 04.
  const raw = concatBytes([point.length === curve.point ? point : point.subarray(-curve.point)]);
  return exported(() => webCrypto().importKey('raw', raw, { name: 'ECDSA', ...curve }, true, ['verify']));
}

async function exported(read: () => Promise<CryptoKey>): Promise<Bytes> {
  try {
    return new Uint8Array(await webCrypto().exportKey('spki', await read()));
  } catch (cause) {
    throw refuse('unsupported-key', 'the public key on the token cannot be read', { cause });
  }
}

import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { concatBytes } from '@notarykit/common';
import { context, contextPrimitive, integer, nullValue, octetString, oid, sequence } from '../authority/der.js';

const data = '1.2.840.113549.1.7.1';
const encryptedData = '1.2.840.113549.1.7.6';
const bag = (kind: 2 | 3): string => `1.2.840.113549.1.12.10.1.${kind}`;
const x509 = '1.2.840.113549.1.9.22.1';
const sha1 = '1.3.14.3.2.26';
const tripleDes = '1.2.840.113549.1.12.1.3';
const iterations = 2000;

/**
 * A PKCS #12 file as Azure Key Vault writes it: no password, SHA-1 and triple DES (RFC 7292).
 *
 * @param pkcs8 the private key, when it may leave the vault
 */
export function writePkcs12(chain: readonly Uint8Array[], pkcs8?: Uint8Array): Uint8Array {
  const certificates = chain.map((der) =>
    sequence(oid(bag(3)), context(0, sequence(oid(x509), context(0, octetString(der))))),
  );
  const safes = [encryptedSafe(sequence(...certificates))];
  if (pkcs8 !== undefined) {
    const { algorithm, bytes } = encrypt(pkcs8);
    const shrouded = sequence(oid(bag(2)), context(0, sequence(algorithm, octetString(bytes))));
    safes.push(contentInfo(sequence(shrouded)));
  }
  const content = sequence(...safes);
  const salt = randomBytes(8);
  const mac = createHmac('sha1', derive(3, salt, 20))
    .update(content)
    .digest();
  const digest = sequence(sequence(oid(sha1), nullValue()), octetString(mac));
  const macData = sequence(digest, octetString(salt), integer(iterations));
  return sequence(integer(3), contentInfo(content), macData);
}

const contentInfo = (content: Uint8Array): Uint8Array => sequence(oid(data), context(0, octetString(content)));

function encryptedSafe(content: Uint8Array): Uint8Array {
  const { algorithm, bytes } = encrypt(content);
  const info = sequence(oid(data), algorithm, contextPrimitive(0, bytes));
  return sequence(oid(encryptedData), context(0, sequence(integer(0), info)));
}

function encrypt(plain: Uint8Array): { algorithm: Uint8Array; bytes: Uint8Array } {
  const salt = randomBytes(8);
  const cipher = createCipheriv('des-ede3-cbc', derive(1, salt, 24), derive(2, salt, 8));
  const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { algorithm: sequence(oid(tripleDes), sequence(octetString(salt), integer(iterations))), bytes };
}

/** The key derivation of RFC 7292, B.2, with SHA-1 and the empty password. `id` 1: key, 2: IV, 3: MAC key. */
function derive(id: 1 | 2 | 3, salt: Uint8Array, length: number): Uint8Array {
  const fill = (bytes: Uint8Array): Buffer =>
    Buffer.from(Array.from({ length: 64 }, (_, i) => bytes[i % bytes.length] ?? 0));
  let input = Buffer.concat([fill(salt), fill(new Uint8Array(2))]);
  const parts: Buffer[] = [];
  for (let have = 0; have < length; have += 20) {
    let a = createHash('sha1').update(Buffer.alloc(64, id)).update(input).digest();
    for (let i = 1; i < iterations; i++) a = createHash('sha1').update(a).digest();
    parts.push(a);
    const addend = BigInt(`0x${fill(a).toString('hex')}`) + 1n;
    const blocks = [input.subarray(0, 64), input.subarray(64)].map((block) => {
      const sum = (BigInt(`0x${block.toString('hex')}`) + addend) % (1n << 512n);
      return Buffer.from(sum.toString(16).padStart(128, '0'), 'hex');
    });
    input = Buffer.concat(blocks);
  }
  return concatBytes(parts).slice(0, length);
}

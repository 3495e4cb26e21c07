import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { concatBytes } from '@notarykit/common/internal';
import {
  AlgorithmIdentifier,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  ContentInfo,
  EncryptedContentInfo,
  EncryptedData,
  PFX,
  PKCS8ShroudedKeyBag,
  SafeBag,
  SafeContents,
} from 'pkijs';
import { derOf, encodedAs, integer, octetString, sequence } from '../authority/der.js';
import { engine } from '../authority/engine.js';

const data = '1.2.840.113549.1.7.1';
const encryptedData = '1.2.840.113549.1.7.6';
const bagOf = (kind: 2 | 3, bagValue: PKCS8ShroudedKeyBag | CertBag): SafeBag =>
  new SafeBag({ bagId: `1.2.840.113549.1.12.10.1.${kind}`, bagValue });
const tripleDes = '1.2.840.113549.1.12.1.3';
const iterations = 2000;

/**
 * A PKCS #12 file as Azure Key Vault writes it: no password, SHA-1 and triple DES (RFC 7292).
 *
 * @param pkcs8 the private key, when it may leave the vault
 */
export async function writePkcs12(chain: readonly Uint8Array[], pkcs8?: Uint8Array): Promise<Uint8Array> {
  const certificates = chain.map((der) => bagOf(3, new CertBag({ parsedValue: encodedAs(Certificate, der) })));
  const safeContents = [encryptedSafe(certificates)];
  if (pkcs8 !== undefined) {
    const { algorithm, bytes } = encrypt(pkcs8);
    const key = new PKCS8ShroudedKeyBag({ encryptionAlgorithm: algorithm, encryptedData: octetString(bytes) });
    safeContents.push(new ContentInfo({ contentType: data, content: octetString(contentsOf([bagOf(2, key)])) }));
  }
  const pfx = new PFX({
    parsedValue: { integrityMode: 0, authenticatedSafe: new AuthenticatedSafe({ safeContents }) },
  });
  const mac = { iterations, pbkdf2HashAlgorithm: 'SHA-1', hmacHashAlgorithm: 'SHA-1', password: new ArrayBuffer(0) };
  await pfx.makeInternalValues(mac, engine);
  return derOf(pfx.toSchema());
}

const contentsOf = (safeBags: SafeBag[]): Uint8Array => derOf(new SafeContents({ safeBags }).toSchema());

function encryptedSafe(bags: SafeBag[]): ContentInfo {
  const { algorithm, bytes } = encrypt(contentsOf(bags));
  const encryptedContentInfo = new EncryptedContentInfo({
    contentType: data,
    contentEncryptionAlgorithm: algorithm,
    encryptedContent: octetString(bytes),
    disableSplit: true,
  });
  return new ContentInfo({
    contentType: encryptedData,
    content: new EncryptedData({ encryptedContentInfo }).toSchema(),
  });
}

/** Triple DES is in neither WebCrypto nor pkijs. */
function encrypt(plain: Uint8Array): { algorithm: AlgorithmIdentifier; bytes: Uint8Array } {
  const salt = randomBytes(8);
  const cipher = createCipheriv('des-ede3-cbc', derive(1, salt, 24), derive(2, salt, 8));
  const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
  const algorithmParams = sequence(octetString(salt), integer(iterations));
  return { algorithm: new AlgorithmIdentifier({ algorithmId: tripleDes, algorithmParams }), bytes };
}

/** The key derivation of RFC 7292, B.2, with SHA-1 and the empty password. `id` 1: key, 2: IV. pkijs has that of the MAC alone. */
function derive(id: 1 | 2, salt: Uint8Array, length: number): Uint8Array {
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

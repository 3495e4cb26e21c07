import { type Bytes, type CallOptions, copyBytes, defined, requireBytes } from '@notarykit/common/internal';
import { DerReader, decodeUnsigned, Tag } from '../asn1/index.js';
import { refuseKey } from '../crypto/public-key.js';
import { describeLabel, isText, parsePem, pemText } from '../x509/pem.js';
import { createBudget } from './budget.js';
import { decryptPkcs8 } from './decrypt.js';
import type { Password } from './password.js';
import { type PrivateKey, readPkcs8, wrapEc, wrapRsa } from './private-key.js';

/** How an encrypted key is opened. */
export interface ParsePrivateKeyOptions extends CallOptions {
  /** Only for an encrypted key. */
  readonly password?: Password;
  /** The most iterations of the key derivation. Default 10,000,000. */
  readonly maxIterations?: number;
}

/**
 * Parses a private key: PEM (`PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`, `RSA PRIVATE KEY`, `EC PRIVATE KEY`) or DER of PKCS #8,
 * encrypted or not. Words and other blocks beside the key (`EC PARAMETERS`, certificates), as OpenSSL writes them, are passed over; a
 * second key is not.
 *
 * @throws {PkiError} `ERR_PKI_KEY` no key, no or a wrong password, an algorithm that is not supported; `ERR_PKI_ASN1`;
 * `ERR_PKI_LIMIT` too many iterations
 *
 * @example
 * ```ts
 * const key = await parsePrivateKey(pem, { password: 'correct horse' });
 * const cryptoKey = await key.importKey({ name: 'RSA-PSS', hash: 'SHA-256' });
 * ```
 */
export async function parsePrivateKey(
  input: string | Uint8Array,
  options: ParsePrivateKeyOptions = {},
): Promise<PrivateKey> {
  if (typeof input !== 'string' && !isText(requireBytes(input, 'a private key')))
    return readDer(copyBytes(input), options);
  const blocks = parsePem(pemText(input));
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [block = blocks.find(({ label }) => label !== 'EC PARAMETERS')] = keys;
  if (block === undefined || keys.length > 1) return refuseKey(`expected one private key, found ${keys.length}`);
  switch (block.label) {
    case 'PRIVATE KEY':
      return readPkcs8(block.der);
    case 'ENCRYPTED PRIVATE KEY':
      return readPkcs8(await decrypt(block.der, options));
    case 'RSA PRIVATE KEY':
      return readPkcs8(wrapRsa(block.der));
    case 'EC PRIVATE KEY':
      return readPkcs8(wrapEc(block.der));
    case 'OPENSSH PRIVATE KEY':
      return refuseKey('this is a key of OpenSSH; convert it: ssh-keygen -p -m PKCS8 -f <key file>');
    default:
      return refuseKey(`expected the PEM block of a private key, found ${describeLabel(block.label)}`);
  }
}

/**
 * The two forms of PKCS #8 differ in their first element: a version, or an algorithm. Other key files in DER are distinguished by their
 * second.
 */
async function readDer(der: Bytes, options: ParsePrivateKeyOptions): Promise<PrivateKey> {
  const content = new DerReader(der).enter(Tag.sequence, 'a private key');
  if (content.nextTag === Tag.sequence) return readPkcs8(await decrypt(der, options));
  const version = content.optional(Tag.integer);
  const number = version === undefined ? -1 : decodeUnsigned(version);
  if (number === 3 && content.nextTag === Tag.sequence)
    refuseKey(
      'this is a PKCS #12 file; open it with parsePkcs12, or convert it: openssl pkcs12 -nodes -nocerts -in <file> -out key.pem',
    );
  const traditional = { [Tag.integer]: 'PKCS #1', [Tag.octetString]: 'SEC 1' }[content.nextTag ?? -1];
  if (traditional !== undefined)
    refuseKey(
      `this is a key in ${traditional} (DER), expected PKCS #8; ${convert('-nocrypt -inform DER -outform DER')}`,
    );
  return readPkcs8(der);
}

const convert = (how: string): string => `convert it: openssl pkcs8 -topk8 ${how} -in <key file> -out key.p8`;

async function decrypt(der: Bytes, options: ParsePrivateKeyOptions): Promise<Bytes> {
  const { password, maxIterations = 10_000_000, signal } = options;
  if (password === undefined) refuseKey('the private key is encrypted; expected a password');
  const call = defined({ signal });
  return decryptPkcs8(der, { password, budget: createBudget(maxIterations), ...call });
}

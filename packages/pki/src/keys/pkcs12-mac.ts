import type { Bytes } from '@notarykit/common/internal';
import { equalBytes } from '@notarykit/common/internal';
import { contentOf, type DerReader, decodeOid, Tag } from '../asn1/index.js';
import { refuseKey } from '../crypto/public-key.js';
import { readIterations } from './decrypt.js';
import type { DecryptOptions } from './decrypt-options.js';
import { pkcs12Passwords } from './password.js';
import { deriveKey, type KdfHash } from './pkcs12-kdf.js';

async function hashOf(oid: string): Promise<KdfHash & Parameters<typeof import('@noble/hashes/hmac.js').hmac>[0]> {
  const { sha256, sha384, sha512 } = await import('@noble/hashes/sha2.js');
  switch (oid) {
    case '1.3.14.3.2.26':
      return (await import('@noble/hashes/legacy.js')).sha1;
    case '2.16.840.1.101.3.4.2.1':
      return sha256;
    case '2.16.840.1.101.3.4.2.2':
      return sha384;
    case '2.16.840.1.101.3.4.2.3':
      return sha512;
    default:
      return refuseKey(
        `the MAC of the PKCS #12 file uses ${oid}, which is not supported; expected HMAC with SHA-1 or SHA-2`,
      );
  }
}

/** Checks the MAC of a file over its content (RFC 7292, 4). @throws {PkiError} `ERR_PKI_KEY`, `ERR_PKI_LIMIT` */
export async function checkMac(reader: DerReader, content: Bytes, options: DecryptOptions): Promise<void> {
  const info = reader.enter(Tag.sequence, 'a DigestInfo');
  const algorithm = info.enter(Tag.sequence, 'a digest algorithm');
  const hash = await hashOf(decodeOid(algorithm.element(Tag.oid, 'a digest algorithm')));
  const expected = contentOf(info.element(Tag.octetString, 'a MAC'));
  const salt = contentOf(reader.element(Tag.octetString, 'a salt'));
  const count = reader.optional(Tag.integer);
  const iterations = count === undefined ? 1 : readIterations(count);
  reader.finish('a MAC');
  const { hmac } = await import('@noble/hashes/hmac.js');
  for (const password of pkcs12Passwords(options.password)) {
    const key = await deriveKey({ hash, password, salt, iterations, purpose: 'mac', length: hash.outputLen }, options);
    if (equalBytes(hmac(hash, key, content), expected)) return;
  }
  refuseKey('the password of the PKCS #12 file is wrong, or the file is damaged');
}

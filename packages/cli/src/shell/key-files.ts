import { readFile } from 'node:fs/promises';
import { localSigner } from '@notarykit/kms-providers/local';
import { parsePkcs12 } from '@notarykit/pki/internal';
import type { Signer } from '@notarykit/signature-envelope/internal';
import { UsageError } from './command.js';
import type { PasswordSource } from './password.js';

/** A signer over a key in PEM and its chain, as notation keeps them; a key that is encrypted asks for its password. */
export async function openPem(keyFile: string, chainFile: string, source: PasswordSource): Promise<Signer> {
  const privateKey = await readFile(keyFile, 'utf8');
  const certificateChain = await readFile(chainFile, 'utf8');
  if (isEncrypted(privateKey))
    return localSigner({ privateKey, certificateChain, password: await source.read(keyFile) });
  if (source.named) throw new UsageError(`the key in ${keyFile} is not encrypted: leave the password out`);
  return localSigner({ privateKey, certificateChain });
}

/** PKCS #8 (RFC 7468, section 11), and the older encryption of OpenSSL. */
const isEncrypted = (pem: string): boolean =>
  /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);

/** A signer over a PKCS #12 file (`.p12`, `.pfx`) with a key and its chain, root included. */
export async function openPkcs12(path: string, source: PasswordSource): Promise<Signer> {
  const bytes = await readFile(path);
  const { privateKey, certificates } = await parsePkcs12(bytes, { password: await source.read(path) });
  if (privateKey === undefined) throw new UsageError(`${path} holds certificates and no key: name a file with the key`);
  return localSigner({ privateKey: privateKey.export(), certificateChain: certificates.map(({ der }) => der) });
}

import { equalBytes } from '@notarykit/common/internal';
import { encodePem, parseCertificate } from '@notarykit/pki/internal';
import type { KeySpec } from '@notarykit/signature-envelope/internal';
import { buildCsr } from '../authority/certificate.js';
import { createKeyPair, type KeyPair } from '../authority/keys.js';
import type { KeyVaultVersion } from './azure-certificate.js';
import type { KmsRequest } from './serve.js';

/** A certificate that waits for an authority. */
export interface PendingCertificate {
  readonly keyPair: KeyPair;
  readonly csr: Uint8Array;
}

const curves: Readonly<Record<string, KeySpec>> = { 'P-256': 'EC-256', 'P-384': 'EC-384', 'P-521': 'EC-521' };

/** `POST /certificates/<name>/create`: a key pair, and a request for the policy's subject. */
export async function createPending(body: KmsRequest['body']): Promise<PendingCertificate> {
  const policy = body['policy'] as Record<string, Record<string, string>>;
  const { crv = '', key_size } = policy['key_props'] ?? {};
  const keyPair = await createKeyPair(curves[crv] ?? (`RSA-${key_size}` as KeySpec));
  const parts = (policy['x509_props']?.['subject'] ?? '').split(', ').map((part) => part.split('='));
  return { keyPair, csr: await buildCsr(keyPair, Object.fromEntries(parts) as Record<string, string>) };
}

/** `GET /certificates/<name>/pending`. */
export function pendingBundle(host: string, name: string, { csr }: PendingCertificate): object {
  const id = `${host}/certificates/${name}/pending`;
  const text = Buffer.from(csr).toString('base64');
  return { id, issuer: { name: 'Unknown' }, csr: text, cancellation_requested: false, status: 'inProgress' };
}

/** `GET /certificates/<name>` before its first version is merged: all but the certificate itself. */
export function unissuedBundle(host: string, name: string): object {
  const place = `${name}/${'0'.repeat(32)}`;
  const pending = { id: `${host}/certificates/${name}/pending` };
  return {
    id: `${host}/certificates/${place}`,
    kid: `${host}/keys/${place}`,
    attributes: { enabled: false, created: 1577836800, updated: 1577836800 },
    pending,
  };
}

/** `POST /certificates/<name>/pending/merge`: undefined when the first certificate is not for the waiting key. */
export function mergePending({ keyPair }: PendingCertificate, body: KmsRequest['body']): KeyVaultVersion | undefined {
  const chain = (body['x5c'] as readonly string[]).map((text) => new Uint8Array(Buffer.from(text, 'base64')));
  const [certificate] = chain;
  if (certificate === undefined || !equalBytes(parseCertificate(certificate).publicKey.der, keyPair.spki))
    return undefined;
  return {
    certificate,
    chain,
    keyPair,
    keySpec: keyPair.keySpec,
    pem: chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    privateKeyPem: encodePem('PRIVATE KEY', keyPair.pkcs8),
  };
}

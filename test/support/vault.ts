import { constants, createHash, createPublicKey, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A transit engine with one RSA-2048 key and its chain, on loopback. */
export interface VaultDouble {
  readonly address: string;
  close(): Promise<void>;
}

/** What the engine holds, and who may use it. */
export interface VaultKey {
  readonly name: string;
  readonly token: string;
  readonly privateKey: KeyObject;
  readonly chainPem: string;
}

/** Answers `GET /v1/transit/keys/{name}` and `POST /v1/transit/sign/{name}` as Vault does, and truly signs. */
export async function vaultDouble(key: VaultKey): Promise<VaultDouble> {
  const server = createServer((request, response) => {
    void answer(request, key).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, { name, token, privateKey, chainPem }: VaultKey) {
  if (request.headers['x-vault-token'] !== token) return { status: 403, body: { errors: ['permission denied'] } };
  const public_key = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  if (request.method === 'GET' && request.url === `/v1/transit/keys/${name}`)
    return {
      status: 200,
      body: {
        data: {
          latest_version: 1,
          supports_signing: true,
          type: 'rsa-2048',
          keys: { 1: { public_key, certificate_chain: chainPem } },
        },
      },
    };
  if (request.method !== 'POST' || request.url !== `/v1/transit/sign/${name}`)
    return { status: 404, body: { errors: [] } };
  const { input } = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
  const padding = constants.RSA_NO_PADDING;
  const signature = privateEncrypt({ key: privateKey, padding }, encodePss(Buffer.from(input, 'base64')));
  return { status: 200, body: { data: { key_version: 1, signature: `vault:v1:${signature.toString('base64')}` } } };
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** EMSA-PSS of RFC 8017, 9.1.1, for a digest made before, SHA-256 and 2048 bits: what `prehashed` asks of a transit engine. */
function encodePss(digest: Uint8Array): Buffer {
  const salt = randomBytes(32);
  const h = sha256(new Uint8Array(8), digest, salt);
  const db = Buffer.concat([new Uint8Array(256 - 32 - 32 - 2), Uint8Array.of(1), salt]);
  const masked = db.map((byte, i) => byte ^ (mask(h, db.length)[i] ?? 0));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return Buffer.concat([masked, h, Uint8Array.of(0xbc)]);
}

/** MGF1 (RFC 8017, B.2.1). */
function mask(seed: Uint8Array, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(seed, Uint8Array.of(0, 0, 0, i)));
  return Buffer.concat(blocks).subarray(0, length);
}

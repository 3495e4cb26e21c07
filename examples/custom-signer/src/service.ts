import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { algorithmOf, ecdsaP1363ToDer, type KeySpec } from '@notarykit/signature-envelope';
import { createKeyPair, type KeyPair, signDigest } from '@notarykit/testing';

/** The signing service, which a company might have: it holds one key, which never leaves it. */
export interface SigningService {
  readonly url: string;
  readonly keyPair: KeyPair;
  /** So many of the next requests are answered with 429. */
  throttle: number;
  close(): Promise<void>;
}

/** Starts the service on loopback. */
export async function startSigningService(keySpec: KeySpec, token: string): Promise<SigningService> {
  const keyPair = await createKeyPair(keySpec);
  const answer = async (request: IncomingMessage): Promise<{ status: number; body?: string }> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401 };
    if (service.throttle > 0) return { status: 429, body: `${service.throttle--}` };
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as { keySpec: string; digest: string };
    if (request.url !== '/sign' || asked.keySpec !== keySpec) return { status: 404 };
    return { status: 200, body: sign(keyPair, Buffer.from(asked.digest, 'base64')) };
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body = '' }) => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: SigningService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keyPair,
    throttle: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

function sign({ pkcs8, keySpec }: KeyPair, digest: Uint8Array): string {
  const { type, hash } = algorithmOf(keySpec);
  const signature = signDigest(pkcs8, hash, digest);
  return Buffer.from(type === 'ec' ? ecdsaP1363ToDer(signature) : signature).toString('base64');
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, mediaTypes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { expect, it } from 'vitest';
import { quick } from './support.js';

const manifest = Buffer.from(`{"schemaVersion":2,"mediaType":"${mediaTypes.imageIndex}","manifests":[]}`);
const descriptor = { mediaType: mediaTypes.imageIndex, digest: digestOf(manifest), size: manifest.length };

it('a token that another request renewed may have ended, too: each request gets one of its own', async () => {
  let given = 0;
  let valid = 'token-1';
  /** Runs once, while a request waits for its 401. */
  let meanwhile: (() => Promise<unknown>) | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const { host } = request.headers;
    if (request.url?.startsWith('/token') === true)
      return response.end(JSON.stringify({ token: `token-${++given}`, expires_in: 300 }));
    const isRefused = request.headers.authorization !== `Bearer ${valid}`;
    if (isRefused && request.headers.authorization !== undefined) {
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
    }
    if (isRefused)
      return response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` })
        .end('{}');
    return response.writeHead(200, { 'content-type': mediaTypes.imageIndex }).end(manifest);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const repository = createRegistry({ registry, plainHttp: true, ...quick }).repository('a');
    await repository.exists(descriptor);
    valid = 'token-2';
    meanwhile = async () => {
      // Another request renews the token; then that one ends.
      await repository.exists(descriptor);
      valid = 'token-3';
    };
    expect(await repository.exists(descriptor)).toBe(true);
    expect(given).toBe(3);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

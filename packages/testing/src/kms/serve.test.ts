import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { serveAwsKms } from './aws.js';
import { serveGcpKms } from './gcp.js';
import { serveVault } from './vault.js';

const doubles = {
  aws: () => serveAwsKms([]),
  gcp: () => serveGcpKms([]),
  vault: () => serveVault([], { token: 't' }),
};

test.each(Object.entries(doubles))('%s: a malformed request fails, and the server goes on', async (_, start) => {
  const { url, close } = await start();
  const status = async (path: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(url + path, init)).status;
  const post = (body: string): RequestInit => ({ method: 'POST', body });
  expect(await status('/%')).toBe(400);
  expect(await status('/', post('not json'))).toBe(400);
  expect(await status('/', post('[]'))).toBe(400);
  expect(await status('/', post('null'))).toBe(400);
  expect(await status('/', post(`"${'x'.repeat(1024 * 1024)}"`))).toBe(400);
  expect(await status('/v1/transit/sign/x', post('{"input":{}}'))).toBeGreaterThanOrEqual(400);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
      socket.destroy();
    });
    socket.on('close', () => resolve());
  });
  expect(await status('/')).toBeGreaterThanOrEqual(400);
  await close();
});

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport } from '@notarykit/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';

let server: Server;
let asked: string[];
let held: ServerResponse | undefined;
let origin: string;

beforeEach(async () => {
  asked = [];
  held = undefined;
  server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    if (incoming.url === '/held') held = outgoing;
    else outgoing.end(incoming.url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('X2 a request that is aborted while it waits for its turn is never sent', async () => {
  const fetch = createTransport();
  const first = fetch(`${origin}/held`);
  const caller = new AbortController();
  const reason = new Error('not wanted any more');
  const second = fetch(`${origin}/second`, { signal: caller.signal });
  caller.abort(reason);
  await expect(second).rejects.toBe(reason);
  expect((await fetch(`${origin}/third`)).status).toBe(200);
  held?.end();
  expect((await first).status).toBe(200);
  expect([...asked].sort()).toEqual(['/held', '/third']);
});

it('X2 requests at the same time are all answered, and after failures the next are, too', async () => {
  const fetch = createTransport({ onlyHosts: ['127.0.0.1'] });
  const paths = Array.from({ length: 40 }, (_, i) => `/${i}`);
  const refused = paths.map((path) => fetch(`http://localhost${path}`));
  const answered = paths.map(async (path) => {
    const { body } = await fetch(`${origin}${path}`);
    return await new Response(body).text();
  });
  for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'ERR_TRANSPORT_ADDRESS' });
  expect(await Promise.all(answered)).toEqual(paths);
});

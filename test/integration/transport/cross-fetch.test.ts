import { Agent, createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { inspect } from 'node:util';
import { type Fetch, readBytes } from '@notarykit/common';
import { type CrossFetch, crossFetch } from '@notarykit/transport/cross-fetch';
import { fetch as portableFetch } from 'cross-fetch';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const target = createServer((request, response) => void response.end(request.url));
const tunnels: string[] = [];
const proxy = createServer((_request, response) => void response.writeHead(400).end());
proxy.on('connect', (request, socket) => {
  tunnels.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
  const [host, port] = (request.url ?? '').split(':');
  const inner = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(inner).pipe(socket);
  });
  for (const end of [inner, socket]) end.on('error', () => inner.destroy());
});

let url = '';
const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
beforeAll(async () => {
  url = `http://${await listen(target)}`;
});
afterAll(() => {
  for (const server of [target, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});

const textOf = async (fetch: Fetch, path: string): Promise<string> => {
  const { body } = await fetch(`${url}${path}`);
  return body === null ? '' : Buffer.from(await readBytes(body, { limit: 1000 })).toString();
};

describe('crossFetch', () => {
  it('goes through the agent of a proxy, with its account', async () => {
    const agent = new HttpsProxyAgent(`http://wabbit:carrot@${await listen(proxy)}`);
    expect(await textOf(crossFetch(portableFetch, { agent }), '/a')).toBe('/a');
    expect(tunnels).toEqual([`${new URL(url).host} Basic ${Buffer.from('wabbit:carrot').toString('base64')}`]);
  });

  it('asks a function for the agent of each URL; without one it has its own', async () => {
    const asked: string[] = [];
    const agent = (to: URL): Agent | undefined => {
      asked.push(to.pathname);
      return to.pathname === '/own' ? undefined : new Agent();
    };
    const fetch = crossFetch(portableFetch, { agent });
    expect([await textOf(fetch, '/own'), await textOf(fetch, '/other')]).toEqual(['/own', '/other']);
    expect(asked).toEqual(['/own', '/other']);
  });

  it('leaves the agent as it was: others may use it too', async () => {
    const agent = new Agent({ keepAlive: true });
    await textOf(crossFetch(portableFetch, { agent }), '/a');
    await textOf(crossFetch(portableFetch, { agent }), '/b');
    expect(Object.keys(agent.freeSockets)).toHaveLength(1);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  it.each([
    ["the platform's fetch", () => crossFetch(globalThis.fetch as unknown as CrossFetch)],
    ['no function', () => crossFetch(undefined as unknown as CrossFetch)],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_TRANSPORT_UNSUPPORTED' }));
  });

  it.each([
    ['a text', 'http://proxy.wabbit.internal:3128'],
    ['a function that gives a text', () => 'http://proxy.wabbit.internal:3128'],
  ])('refuses %s as the agent, and sends nothing', async (_, agent) => {
    const sent = crossFetch(portableFetch, { agent: agent as never })(url);
    await expect(sent).rejects.toMatchObject({ code: 'ERR_TRANSPORT_UNSUPPORTED' });
  });

  it('refuses the answer of a fetch that went around the agent', async () => {
    const around = crossFetch(((to: string) => globalThis.fetch(to)) as CrossFetch, { agent: new Agent() });
    await expect(around(url)).rejects.toMatchObject({ code: 'ERR_TRANSPORT_UNSUPPORTED' });
  });

  it('an error of the fetch itself keeps its code and loses the URL', async () => {
    const failing = crossFetch(async (to) => {
      throw Object.assign(new Error(`request to ${to} failed`), { code: 'ENOTFOUND' });
    });
    const error = await failing(`${url}/?sig=secret`).catch((found: unknown) => found);
    expect(error).toMatchObject({ code: 'ENOTFOUND' });
    expect(inspect(error)).not.toContain('secret');
  });
});

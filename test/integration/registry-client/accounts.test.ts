import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, mediaTypes, parseReference } from '@notarykit/oci';
import { parseImageName } from '@notarykit/oci/internal';
import { type Credential, type CredentialRequest, createRegistry } from '@notarykit/registry-client';
import { afterEach, describe, expect, it } from 'vitest';
import { quick } from './support.js';

const manifest = Buffer.from(`{"schemaVersion":2,"mediaType":"${mediaTypes.imageIndex}","manifests":[]}`);
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse, host: string) => void;

/** A server that answers as a test says, with what it was sent as `Authorization`. */
async function serve(answer: Answer): Promise<{ readonly host: string; readonly seen: (string | undefined)[] }> {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    answer(request, response, request.headers.host ?? '');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const basicOf = (password: string): string => `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
const refuse = (response: ServerResponse, status: number, challenge?: string): void =>
  void response.writeHead(status, challenge === undefined ? {} : { 'www-authenticate': challenge }).end('{}');
const give = (response: ServerResponse): void =>
  void response
    .writeHead(200, { 'content-type': mediaTypes.imageIndex, 'docker-content-digest': digestOf(manifest) })
    .end(manifest);

/** A provider that counts how often it is asked, and what it is told was refused. */
function provider(password: () => string) {
  const asked: CredentialRequest[] = [];
  const get = async (request: CredentialRequest): Promise<Credential> => {
    asked.push(request);
    return { username: 'AWS', password: password() };
  };
  return { asked, get };
}

describe('expiring credentials', () => {
  it.each([
    ['401', 401, 'Basic realm="x"'],
    ['403 without a challenge', 403, undefined],
  ])('are asked for once more when the registry refuses them with %s', async (_, status, challenge) => {
    let valid = 'first';
    const { host } = await serve((request, response) => {
      if (request.headers.authorization === basicOf(valid)) give(response);
      else if (request.headers.authorization === undefined) refuse(response, 401, 'Basic realm="x"');
      else refuse(response, status, challenge);
    });
    const credentials = provider(() => valid);
    const repository = createRegistry({ registry: host, credentials, ...quick }).repository('app');
    await repository.resolve('v1');
    valid = 'second';
    await repository.resolve('v1');
    await repository.resolve('v1');
    expect(credentials.asked.map(({ refused }) => refused?.password)).toEqual([undefined, 'first']);
  });

  it.each([
    ['401', 401],
    ['403', 403],
  ])('are asked for once more where they had ended before the first request and %s says so', async (_, status) => {
    const { host, seen } = await serve((request, response) => {
      if (request.headers.authorization === basicOf('second')) give(response);
      else if (request.headers.authorization === undefined) refuse(response, 401, 'Basic realm="x"');
      else refuse(response, status, status === 401 ? 'Basic realm="x"' : undefined);
    });
    const get = async ({ refused }: CredentialRequest): Promise<Credential> => ({
      username: 'AWS',
      password: refused === undefined ? 'first' : 'second',
    });
    await createRegistry({ registry: host, credentials: { get }, ...quick })
      .repository('app')
      .resolve('v1');
    expect(seen).toEqual([undefined, basicOf('first'), basicOf('second')]);
  });

  it('a refusal for missing rights is retried once', async () => {
    const { host, seen } = await serve((request, response) =>
      request.headers.authorization === undefined ? refuse(response, 401, 'Basic realm="x"') : refuse(response, 403),
    );
    let asked = 0;
    const get = async (): Promise<Credential> => ({ username: 'AWS', password: `p${++asked}` });
    const repository = createRegistry({ registry: host, credentials: { get }, ...quick }).repository('app');
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_DENIED' });
    expect(seen).toHaveLength(3);
  });

  it('are asked for once more when the token service refuses them', async () => {
    let valid = 'first';
    const { host } = await serve((request, response, self) => {
      if (request.url?.startsWith('/token') === true) {
        if (request.headers.authorization !== basicOf(valid)) return refuse(response, 401);
        return void response.end(JSON.stringify({ token: `of-${valid}`, expires_in: 300 }));
      }
      if (request.headers.authorization === `Bearer of-${valid}`) return give(response);
      refuse(response, 401, `Bearer realm="http://${self}/token",service="x"`);
    });
    const credentials = provider(() => valid);
    const repository = createRegistry({ registry: host, credentials, ...quick }).repository('app');
    await repository.resolve('v1');
    valid = 'second';
    await repository.resolve('v1');
    expect(credentials.asked).toHaveLength(2);
  });

  it('are not asked for again and again when the provider has no others', async () => {
    const { host } = await serve((_, response) => refuse(response, 401, 'Basic realm="x"'));
    const credentials = provider(() => 'wrong');
    const repository = createRegistry({ registry: host, credentials, ...quick }).repository('app');
    for (let i = 0; i < 4; i++)
      await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expect(credentials.asked).toHaveLength(2);
  });

  it('are asked for again when the provider said that they end', async () => {
    const { host } = await serve((request, response) =>
      request.headers.authorization === undefined ? refuse(response, 401, 'Basic realm="x"') : give(response),
    );
    let asked = 0;
    const get = async (): Promise<Credential> => ({ username: 'AWS', password: `p${++asked}`, expires: new Date(0) });
    const repository = createRegistry({ registry: host, credentials: { get }, ...quick }).repository('app');
    await repository.resolve('v1');
    await repository.resolve('v1');
    expect(asked).toBeGreaterThan(1);
  });
});

describe('tokens that the registry ends before their expiry', () => {
  it.each([
    ['401 with a challenge', 401, true],
    ['401 without a challenge', 401, false],
    ['400', 400, false],
  ])('are asked for again after %s', async (_, status, challenge) => {
    let valid = '';
    const { host } = await serve((request, response, self) => {
      if (request.url?.startsWith('/token') === true) {
        valid = `${valid}t`;
        return void response.end(JSON.stringify({ token: '', access_token: valid, expires_in: 300 }));
      }
      if (request.headers.authorization === `Bearer ${valid}`) return give(response);
      const first = request.headers.authorization === undefined;
      const text = `Bearer realm="http://${self}/token",service="x"`;
      refuse(response, first ? 401 : status, first || challenge ? text : undefined);
    });
    const repository = createRegistry({ registry: host, ...quick }).repository('app');
    await repository.resolve('v1');
    valid = 'ended';
    await repository.resolve('v1');
  });

  it('are requested once: a registry that refuses every token ends in an error', async () => {
    const { host, seen } = await serve((request, response, self) => {
      if (request.url?.startsWith('/token') === true)
        return void response.end(JSON.stringify({ token: 't', expires_in: 300 }));
      const first = request.headers.authorization === undefined;
      refuse(response, first ? 401 : 400, first ? `Bearer realm="http://${self}/token",service="x"` : undefined);
    });
    const repository = createRegistry({ registry: host, ...quick }).repository('app');
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_PROTOCOL' });
    expect(seen.length).toBeLessThan(8);
  });

  it('are asked for by GET where the token service answers 400 to POST', async () => {
    const { host } = await serve((request, response, self) => {
      if (request.url?.startsWith('/token') === true)
        return request.method === 'POST' ? refuse(response, 400) : void response.end(JSON.stringify({ token: 't' }));
      if (request.headers.authorization === 'Bearer t') return give(response);
      refuse(response, 401, `Bearer realm="http://${self}/token",service="x"`);
    });
    const credentials = { username: 'a', password: 'b', refreshToken: 'r' };
    await createRegistry({ registry: host, credentials, ...quick })
      .repository('app')
      .resolve('v1');
  });
});

describe('gateways whose challenge names another repository', () => {
  /** Knows `proxy/app` as `upstream/app`, and lets in who has a token for that one. */
  async function gateway(scope = 'repository:upstream/app:pull,push,delete registry:catalog:*') {
    const scopes: string[][] = [];
    const { host } = await serve((request, response, self) => {
      const url = new URL(request.url ?? '', `http://${self}`);
      if (url.pathname === '/token') {
        scopes.push(url.searchParams.getAll('scope'));
        const granted = url.searchParams.getAll('scope').some((one) => one.includes('upstream/app'));
        return void response.end(JSON.stringify({ token: granted ? 'good' : 'empty', expires_in: 300 }));
      }
      if (request.headers.authorization === 'Bearer good') return give(response);
      refuse(response, 401, `Bearer realm="http://${self}/token",service="x",scope="${scope}"`);
    });
    return { host, scopes };
  }

  it('H4 are not followed', async () => {
    const { host, scopes } = await gateway();
    const repository = createRegistry({ registry: host, ...quick }).repository('proxy/app');
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expect(scopes.flat().filter((scope) => scope.includes('upstream'))).toEqual([]);
  });

  it('H4 are followed on request, with no more rights than were needed, and remembered', async () => {
    const { host, scopes } = await gateway();
    const repository = createRegistry({ registry: host, foreignScopes: true, ...quick }).repository('proxy/app');
    for (let i = 0; i < 3; i++) await repository.resolve('v1');
    expect(scopes).toEqual([['repository:upstream/app:pull']]);
  });

  it.each(['registry:catalog:*', 'repository:upstream/app:push', '', 'nonsense'])(
    'H4 what they say of something else, %j, changes nothing',
    async (scope) => {
      const { host, scopes } = await gateway(scope);
      const repository = createRegistry({ registry: host, foreignScopes: true, ...quick }).repository('proxy/app');
      await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
      expect(new Set(scopes.flat())).toEqual(new Set(['repository:proxy/app:pull']));
    },
  );
});

describe('hosts that may receive credentials', () => {
  it('another port of the host is another server: a list that does not name it keeps the password here', async () => {
    const elsewhere = await serve((_, response) => void response.end(JSON.stringify({ token: 't' })));
    const registry = await serve((_, response) =>
      refuse(response, 401, `Bearer realm="http://${elsewhere.host}/token",service="x"`),
    );
    const credentials = { username: 'a', password: 'b' };
    for (const realmHosts of [[], ['127.0.0.1'], [registry.host]]) {
      const repository = createRegistry({ registry: registry.host, credentials, realmHosts, ...quick }).repository(
        'app',
      );
      await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    }
    expect(elsewhere.seen).toEqual([]);
    const options = { registry: registry.host, credentials, realmHosts: [elsewhere.host], ...quick };
    await expect(createRegistry(options).repository('app').resolve('v1')).rejects.toThrow();
    expect(elsewhere.seen).not.toEqual([]);
  });
});

describe('an account before a host', () => {
  it.each([
    'bob:hunter2secret@registry.test/app:v1',
    'https://bob:hunter2secret@registry.test/app:v1',
    'hunter2secret@registry.test/app',
    'bob:hunter2/secret@registry.test/app',
    `bob:hunter2secret@registry.test/app@sha256:${'a'.repeat(64)}`,
    `bob:hunter2secret@${'x'.repeat(5000)}`,
  ])('is not repeated: %s', (text) => {
    for (const parse of [parseReference, parseImageName])
      expect(() => parse(text)).toThrowError(
        expect.objectContaining({ code: 'ERR_OCI_INVALID', message: expect.not.stringMatching(/hunter2|secret/) }),
      );
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fetch, type FetchResponse, readBytes, utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes } from '@notarykit/oci';
import { createRegistry, type RegistryOptions, type RegistryRepository } from '@notarykit/registry-client';
import { describe, expect, it, test } from 'vitest';
import { awkwardSecrets, type EchoingEndpoint, redactionContract } from '../../support/redaction.js';

type Headers = Readonly<Record<string, string>>;
type Spell = (secret: string, user: string) => string;

/** An answer without a socket; headers may hold anything, as they may on other platforms. */
const withHeaders = (response: Response, headers: Headers): FetchResponse =>
  new Proxy(response, {
    get: (target, name) => {
      if (name === 'headers') return { get: (header: string) => headers[header.toLowerCase()] ?? null };
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  }) as unknown as FetchResponse;

const errors = (said: string): string =>
  JSON.stringify({ errors: [{ code: said, message: said, detail: { said: [said] } }], error: said });
const refusal = (said: string): FetchResponse => reply(403, errors(said), { 'x-request-id': said });
const demand = (challenge: string): FetchResponse => reply(401, '', { 'www-authenticate': challenge });
const reply = (status: number, body: string, headers: Headers = {}): FetchResponse =>
  withHeaders(new Response(body, { status }), headers);

const tokenChallenge = 'Bearer realm="https://registry.test/token",service="x"';
const blob = describeContent('application/octet-stream', utf8('content'));
const index = describeContent(mediaTypes.imageIndex, utf8('{}'));

/** A registry that demands `challenge`, whose token service gives `token` or repeats, and that then repeats in every place of an answer. */
function repeating(said: string, { challenge, token }: { challenge?: string; token?: string } = {}): Fetch {
  return async (url, init) => {
    if (url.includes('/token')) return token === undefined ? refusal(said) : reply(200, JSON.stringify({ token }));
    const isAnonymous = new Map(Object.entries(init?.headers ?? {})).get('authorization') === undefined;
    return challenge !== undefined && isAnonymous ? demand(challenge) : refusal(said);
  };
}

const open = (options: Partial<RegistryOptions>, seen: (logged: unknown) => void): RegistryRepository => {
  const log = (message: string, fields: unknown): void => seen([message, fields]);
  const reported = { logger: { debug: log, info: log, warn: log, error: log }, onWarning: seen, onProgress: seen };
  return createRegistry({ registry: 'registry.test', retry: { maxRetries: 0 }, ...reported, ...options }).repository(
    'a',
  );
};

const basic = 'Basic realm="x"';
const user = (secret: string) => ({ username: 'user', password: secret });
/** What a header carries. */
const values = ['pa"ss-secret', "it's $(a) secret", 'a+b/c=d&e secret', 'back\\slash-secret'];
/** The whole list has its turn in the first of the endpoints. */
const some = ['pa"ss-secret', 'line\nbreak-secret', 'a+b/c=d&e secret'];
const tokens = values.filter((one) => !one.includes(' '));

/** Each place of an answer in which a registry may repeat what it was sent. */
const places: Readonly<
  Record<string, readonly [(said: string) => FetchResponse, (from: RegistryRepository) => Promise<unknown>]>
> = {
  'a Link header': [(said) => reply(200, '{"tags":["a"]}', { link: `<${said}` }), (from) => listOf(from.tags())],
  'an error that is cut': [(said) => refusal(`${'x'.repeat(92)}${said}`), (from) => from.resolve('v1')],
  'a list of tags': [(said) => reply(200, `{${said}`), (from) => listOf(from.tags())],
  'a list of referrers': [
    (said) =>
      reply(200, JSON.stringify({ schemaVersion: 2, mediaType: said, manifests: [{ digest: said }] }), {
        'content-type': mediaTypes.imageIndex,
      }),
    (from) => listOf(from.referrers(index)),
  ],
  'a digest': [(said) => reply(200, '{}', { 'docker-content-digest': said }), (from) => from.resolve('v1')],
  'a type': [(said) => reply(200, '{}', { 'content-type': said }), (from) => from.resolve('v1')],
  'an encoding': [(said) => reply(200, '{}', { 'content-encoding': said }), (from) => from.resolve('v1')],
  'a redirect': [(said) => reply(307, '', { location: said }), (from) => from.resolve('v1')],
  'a place to upload to': [
    (said) => reply(202, '', { location: `ftp://${said}` }),
    (from) => from.pushStream(streamOf('x')),
  ],
  'a range': [
    (said) => reply(206, 'content', { 'content-range': said }),
    async (from) => await readBytes(await from.fetchRange(blob, 1, 3), { limit: 10 }),
  ],
  'a body that breaks off': [
    (said) => withHeaders(new Response(breakingOff(said)), {}),
    async (from) => await readBytes(await from.fetch(blob), { limit: 10 }),
  ],
};

async function listOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const streamOf = (text: string): ReadableStream<Uint8Array<ArrayBuffer>> => new Blob([text]).stream();
const breakingOff = (said: string): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({ pull: (controller) => controller.error(new Error(`broken: ${said}`)) });

const endpoints: readonly EchoingEndpoint[] = [
  {
    name: 'a registry with a password',
    fail: async (secret, spell, seen) =>
      await open(
        { fetch: repeating(spell(secret, 'user'), { challenge: basic }), credentials: user(secret) },
        seen,
      ).resolve('v1'),
  },
  {
    name: 'a registry with a password that is renewed',
    secrets: some,
    async fail(secret, spell, seen) {
      const asked = [user('the first one'), user(secret)];
      const credentials = { get: async () => asked.shift() ?? user(secret) };
      const fetch: Fetch = async (_, init) =>
        Object.keys(init?.headers ?? {}).includes('authorization') && asked.length === 0
          ? refusal(spell(secret, 'user'))
          : demand(basic);
      await open({ fetch, credentials }, seen).resolve('v1');
    },
  },
  {
    name: 'a token service with a password',
    secrets: some,
    fail: async (secret, spell, seen) =>
      await open(
        { fetch: repeating(spell(secret, 'user'), { challenge: tokenChallenge }), credentials: user(secret) },
        seen,
      ).resolve('v1'),
  },
  {
    name: 'a token service with an identity token',
    secrets: some,
    fail: async (secret, spell, seen) =>
      await open(
        {
          fetch: repeating(spell(secret, 'user'), { challenge: tokenChallenge }),
          credentials: { refreshToken: secret },
        },
        seen,
      ).resolve('v1'),
  },
  {
    name: 'a registry with a token of its service',
    secrets: tokens,
    fail: async (secret, spell, seen) =>
      await open(
        { fetch: repeating(spell(secret, 'user'), { challenge: tokenChallenge, token: secret }) },
        seen,
      ).resolve('v1'),
  },
  {
    name: 'a registry with an access token',
    secrets: some,
    fail: async (secret, spell, seen) =>
      await open(
        {
          fetch: repeating(spell(secret, 'user'), { challenge: tokenChallenge }),
          credentials: { accessToken: secret },
        },
        seen,
      ).resolve('v1'),
  },
  {
    name: 'a registry with a header of its own',
    secrets: values,
    fail: async (secret, spell, seen) =>
      await open({ fetch: repeating(spell(secret, 'user')), headers: { 'X-Api-Key': secret } }, seen).resolve('v1'),
  },
  {
    name: 'a registry with a scheme of its own',
    secrets: values,
    fail: async (secret, spell, seen) =>
      await open(
        { fetch: repeating(spell(secret, 'user')), headers: { authorization: `Key ${secret}` } },
        seen,
      ).resolve('v1'),
  },
  {
    name: 'a registry with a client certificate',
    fail: async (secret, spell, seen) =>
      await open(
        {
          fetch: repeating(spell(secret, 'user')),
          connection: { clientCertificate: { key: utf8(`-----BEGIN KEY-----\n${secret}\n`), cert: '' } },
        },
        seen,
      ).resolve('v1'),
    secrets: ['the-key-of-plain-secret-1'],
  },
  {
    name: 'a transport that shows what it was given',
    secrets: values,
    async fail(secret, spell, seen) {
      const fetch: Fetch = async (_, init) => {
        const said = spell(secret, 'user');
        throw Object.assign(new TypeError(`failed with ${said}`, { cause: new Error(said) }), { init, [said]: [said] });
      };
      await open({ fetch, headers: { 'x-api-key': secret } }, seen).resolve('v1');
    },
  },
  {
    name: 'a registry that warns',
    secrets: some,
    async fail(secret, spell, seen) {
      const warning = `299 - "${spell(secret, 'user').replace(/["\\]/g, '\\$&')}"`;
      const fetch: Fetch = async (_, init) =>
        Object.keys(init?.headers ?? {}).includes('authorization') ? reply(403, '', { warning }) : demand(basic);
      await open({ fetch, credentials: user(secret) }, seen).resolve('v1');
    },
  },
  ...Object.entries(places).map(([place, [said, call]]) => ({
    name: `a registry, in ${place}`,
    secrets: some.slice(0, 1).concat(some.slice(2)),
    async fail(secret: string, spell: Spell, seen: (logged: unknown) => void) {
      const fetch: Fetch = async (_, init) =>
        Object.keys(init?.headers ?? {}).includes('authorization') ? said(spell(secret, 'user')) : demand(basic);
      await call(open({ fetch, credentials: user(secret) }, seen));
    },
  })),
];

describe('K6 secrets of a registry', () => {
  for (const endpoint of endpoints) redactionContract(test, endpoint);

  it.each(awkwardSecrets)('K6 a proxy repeats its password: %j', async (secret) => {
    const server = createServer((request, response) => {
      const sent = request.headers['proxy-authorization'] ?? '';
      response.writeHead(407).end(errors(`${sent} ${Buffer.from(sent.slice(6), 'base64').toString()}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const proxy = `http://user:${encodeURIComponent(secret)}@127.0.0.1:${port}`;
      const options = { plainHttp: true, connection: { proxy }, retry: { maxRetries: 0 } };
      const error: unknown = await createRegistry({ registry: 'registry.test', ...options })
        .ping()
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ detail: { status: 407 } });
      const shown = `${(error as Error).message} ${JSON.stringify((error as { detail: unknown }).detail)}`;
      expect(shown).toContain('***');
      expect(shown).not.toMatch(/-secret|secret-1|\$\(a\)|d&e/);
      expect(shown).not.toContain(Buffer.from(`user:${secret}`).toString('base64'));
    } finally {
      server.close();
    }
  });

  it('K6 a header that cannot be sent is not repeated', () => {
    for (const headers of [{ 'x plain-secret-1': 'a' }, { 'x-key': 'plain-secret-1\n' }])
      expect(() =>
        createRegistry({ registry: 'registry.test', headers: { 'x-a': 'b', ...headers } as Headers }),
      ).toThrow(/^header 2 of 2 cannot be sent/);
  });

  it('K6 an error stays what it was: class, code, detail, and the reason of an abort', async () => {
    const fetch = repeating('nothing', { challenge: basic });
    const repository = open({ fetch, credentials: user('plain-secret-1') }, () => undefined);
    const detail = {
      status: 403,
      account: 'user',
      errors: [{ code: 'nothing', message: 'nothing', detail: { said: ['nothing'] } }],
    };
    await expect(repository.resolve('v1')).rejects.toMatchObject({
      name: 'RegistryError',
      code: 'ERR_REGISTRY_DENIED',
      detail,
    });
    class Reason {}
    const reason = new Reason();
    const signal = AbortSignal.abort(reason);
    await expect(repository.resolve('v1', { signal })).rejects.toBe(reason);
    await expect(listOf(repository.tags({ signal }))).rejects.toBe(reason);
  });
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { digestOf } from '@notarykit/oci';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const empty = utf8('{}');
const digest = digestOf(empty);
const accounts = [
  { username: 'a', password: 'pa', rights: { 'team/*': ['pull', 'push'], 'only/pull': ['pull'] } },
  { username: 'b', password: 'pb', rights: { other: ['pull', 'push', 'delete'] } },
] as const;
const registry = createEmbeddedRegistry({ auth: { scheme: 'token', accounts, anonymous: { 'public/*': ['pull'] } } });
let url = '';
beforeAll(async () => {
  ({ url } = await registry.listen());
});
afterAll(() => registry.close());

async function tokenOf(user: string | undefined, ...scopes: readonly string[]): Promise<string> {
  const query = scopes.map((scope) => `&scope=${encodeURIComponent(`repository:${scope}`)}`).join('');
  const password = accounts.find(({ username }) => username === user)?.password;
  const headers = user === undefined ? {} : { authorization: `Basic ${btoa(`${user}:${password}`)}` };
  const answer = await fetch(`${url}/token?service=embedded-registry${query}`, { headers });
  return ((await answer.json()) as { token: string }).token;
}

type Action = 'pull' | 'push' | 'delete';
const requests: readonly (readonly [Action, string, string])[] = [
  ['pull', 'GET', 'manifests/none'],
  ['pull', 'HEAD', `blobs/${digest}`],
  ['pull', 'GET', `referrers/${digest}`],
  ['pull', 'GET', 'tags/list'],
  ['push', 'PUT', 'manifests/none'],
  ['push', 'POST', 'blobs/uploads/'],
  ['push', 'GET', 'blobs/uploads/xyz'],
  ['delete', 'DELETE', 'manifests/none'],
  ['delete', 'DELETE', `blobs/${digest}`],
];
const repositories = ['team/x', 'team', 'teamx/x', 'other', 'only/pull', 'public/x', 'public', 'constructor'];

describe('a token opens what its account may, and what it was asked for', () => {
  test.each<[string, string | undefined, readonly string[], readonly string[]]>([
    ['asked for a pattern', 'a', ['team/x:pull,push', 'team/*:pull,push'], ['team/x:pull', 'team/x:push']],
    ['asked for everything', 'a', ['*:pull,push,delete,*'], []],
    ["asked for another's", 'a', ['other:pull,push'], []],
    ['asked for more than it may', 'a', ['only/pull:*'], ['only/pull:pull']],
    ['of another account', 'b', ['other:pull,push,delete'], ['other:pull', 'other:push', 'other:delete']],
    ['of nobody', undefined, ['public/x:pull,push', 'public/*:pull'], ['public/x:pull']],
    ['asked for names of objects', 'a', ['__proto__:pull', 'constructor:*'], []],
    ['asked for a way around', 'a', ['team/../other:pull', 'team/x:pull:push'], []],
  ])('%s', async (_, user, scopes, allowed) => {
    const authorization = `Bearer ${await tokenOf(user, ...scopes)}`;
    const opened = new Set<string>();
    for (const repository of repositories)
      for (const [action, method, path] of requests) {
        const { status } = await fetch(`${url}/v2/${repository}/${path}`, { method, headers: { authorization } });
        if (status !== 401 && status !== 403) opened.add(`${repository}:${action}`);
      }
    expect([...opened].sort()).toEqual([...allowed].sort());
  });

  test('an upload belongs to its repository, and a blob is mounted from where it may be read', async () => {
    const mine = { authorization: `Bearer ${await tokenOf('a', 'team/x:pull,push')}` };
    const theirs = { authorization: `Bearer ${await tokenOf('b', 'other:pull,push')}` };
    const begun = await fetch(`${url}/v2/other/blobs/uploads/`, { method: 'POST', headers: theirs });
    const place = new URL(begun.headers.get('location') ?? '', url).pathname;
    const stolen = `${url}${place.replace('/other/', '/team/x/')}`;
    for (const method of ['PATCH', 'DELETE', 'GET'])
      expect(
        (await fetch(stolen, { method, headers: mine, ...(method === 'PATCH' ? { body: 'x' } : {}) })).status,
      ).toBe(404);
    const put = await fetch(`${url}${place}?digest=${digest}`, { method: 'PUT', headers: theirs, body: empty });
    expect(put.status).toBe(201);
    const mount = await fetch(`${url}/v2/team/x/blobs/uploads/?mount=${digest}&from=other`, {
      method: 'POST',
      headers: mine,
    });
    expect(mount.status).toBe(202);
    expect((await fetch(`${url}/v2/team/x/blobs/${digest}`, { headers: mine })).status).toBe(404);
  });
});

describe('malicious requests', () => {
  let folder: string;
  let open: ReturnType<typeof createEmbeddedRegistry>;
  let port: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'notarykit-registry-'));
    mkdirSync(join(folder, 'inside'));
    writeFileSync(join(folder, 'secret'), 'secret');
    open = createEmbeddedRegistry({ directory: join(folder, 'inside') });
    ({ port } = await open.listen());
  });
  afterAll(async () => {
    await open.close();
    rmSync(folder, { recursive: true });
  });

  /** What comes back, until the server ends the connection. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.setEncoding('latin1').on('data', (data: string) => {
        answer += data;
      });
      socket.once('error', reject).once('close', () => resolve(answer));
    });
  const request = (line: string, headers = '', body = ''): string =>
    `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${headers}\r\n${body}`;

  test('a name cannot leave the folder of the registry', async () => {
    const up = [
      '..',
      '../secret',
      '%2e%2e/secret',
      '..%2fsecret',
      '%2e%2e%2fsecret',
      'a/../../secret',
      '%c0%ae%c0%ae/secret',
      'a%252e',
    ];
    const odd = [
      'a%00b',
      '.uploads',
      'a//b',
      'A',
      'a b',
      'a%0d%0aX: y',
      'é',
      `a/${'b'.repeat(300)}`,
      `${'a/'.repeat(200)}a`,
    ];
    const paths = [
      ['POST', 'blobs/uploads/'],
      ['GET', 'manifests/x'],
      ['PUT', 'manifests/x'],
      ['GET', 'blobs/..%2f..%2f..%2fsecret'],
      ['GET', 'blobs/sha256:../../../secret'],
    ];
    for (const name of [...up, ...odd])
      for (const [method, path] of paths) {
        const answer = await raw(request(`${method} /v2/${encodeName(name)}/${path}`, 'Content-Length: 0\r\n'));
        expect([name, path, answer.slice(0, 12)]).toEqual([name, path, expect.stringMatching(/^HTTP\/1\.1 4/)]);
        expect(answer).not.toMatch(/secret$/);
      }
    expect(readdirSync(folder).sort()).toEqual(['inside', 'secret']);
    expect(existsSync(join(folder, 'inside', 'secret'))).toBe(false);
  });

  /** Bytes of a text in one line. */
  const encodeName = (name: string): string => Buffer.from(name).toString('latin1');

  test.each<[string, string]>([
    [
      'two ways to say a length',
      request('POST /v2/a/blobs/uploads/', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    ],
    ['two lengths', request('POST /v2/a/blobs/uploads/', 'Content-Length: 5\r\nContent-Length: 6\r\n', 'abcdef')],
    ['another encoding', request('POST /v2/a/blobs/uploads/', 'Transfer-Encoding: xchunked\r\n')],
    ['a header of 20 kB', request('GET /v2/', `X: ${'x'.repeat(20_000)}\r\n`)],
    ['no host', 'GET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [
      'a length that is none',
      request('PATCH /v2/a/blobs/uploads/x', 'Content-Range: 0-99999999999999999999\r\nContent-Length: 0\r\n'),
    ],
    ['a page that is none', request('GET /v2/a/tags/list?n=1e9')],
    ['half an escape', request('GET /v2/%/tags/list')],
    ['an unknown method', request('TRACE /v2/')],
    ['bytes of TLS', '\x16\x03\x01\x02\x00\x01'],
  ])('%s is an error of the client, and the registry goes on', async (_, text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 4/);
    expect((await fetch(`http://127.0.0.1:${port}/v2/`)).status).toBe(200);
  });
});

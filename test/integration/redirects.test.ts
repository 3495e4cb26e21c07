import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { Fetch } from '@notarykit/common';
import { gcpKmsKey, gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { vaultKey, vaultLogin, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { createHttpTimestamper, createRevocationChecker, encodePem, parseCertificate } from '@notarykit/pki';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** An origin that notes what it sees. */
async function origin() {
  const seen: IncomingHttpHeaders[] = [];
  let reply: Reply = { status: 404 };
  const server = createServer((request, response) => {
    request.resume();
    seen.push(request.headers);
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const say = (next: Reply): void => {
    reply = next;
  };
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, seen, say };
}

const configured = await origin();
const stranger = await origin();
const asked: string[] = [];
const noting: Fetch = (url, init) => {
  asked.push(url);
  return fetch(url, init);
};
beforeEach(() => {
  for (const list of [configured.seen, stranger.seen, asked]) list.length = 0;
  stranger.say({ status: 200, body: yes });
});

const secret = 'hvs.a-secret-of-this-test';
const version = 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';
/** Says yes to whoever reads the body of a redirect, or follows it. */
const yes = JSON.stringify({
  auth: { client_token: 'of-the-stranger', lease_duration: 0 },
  data: {
    latest_version: 1,
    type: 'ecdsa-p256',
    keys: { 1: { public_key: encodePem('PUBLIC KEY', leaf.keyPair.spki), certificate_chain: leaf.pem } },
    certificate: leaf.pem,
  },
  pem: encodePem('PUBLIC KEY', leaf.keyPair.spki),
  algorithm: 'EC_SIGN_P256_SHA256',
  name: version,
  cryptoKeyVersions: [{ name: version }],
});

const vault = { address: configured.url, token: secret, key: 'k', namespace: 'team', fetch: noting };
const google = gcpKmsRestClient({ endpoint: configured.url, accessToken: async () => secret, fetch: noting });
const login = vaultLogin({ ...vault, path: 'auth/approle/login', credentials: { secret_id: secret } });

/** Whatever carries a secret, or asks a service that the caller chose: it follows nothing. */
const clients: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['a signer of Vault', 'ERR_SIGNER', () => vaultSigner(vault).describe()],
  ['a key of Vault', 'ERR_SIGNER', () => vaultKey(vault).describe()],
  ['the authority of Vault', 'ERR_SIGNER', () => vaultPki({ ...vault, role: 'r', commonName: 'x' })(leaf.certificate)],
  ['a login of Vault', 'ERR_SIGNER', () => login()],
  [
    'a signer of Google',
    'ERR_SIGNER',
    () => gcpKmsSigner({ client: google, name: version, certificateChain: leaf.pem }).describe(),
  ],
  ['a key of Google', 'ERR_SIGNER', () => gcpKmsKey({ client: google, name: version }).describe()],
  [
    'a timestamping authority',
    'ERR_PKI_TSA',
    () =>
      createHttpTimestamper({ url: configured.url, roots: [], fetch: noting }).timestamp(new Uint8Array(8), 'sha256'),
  ],
];

const statuses = [300, 301, 302, 303, 304, 305, 307, 308];
const places = {
  'another origin': `${stranger.url}/v1/`,
  'the same origin': '/elsewhere',
  'no scheme': `//${stranger.host}/`,
  'https to http': stranger.url.toUpperCase(),
  'another name of this machine': stranger.url.replace('127.0.0.1', 'localhost'),
  credentials: `http://user:word@${stranger.host}/`,
  metadata: 'http://169.254.169.254/latest/meta-data',
  'a private network': 'http://10.0.0.1/',
  'no URL': 'http://[',
};

describe.each(clients)('R16 %s', (_, code, call) => {
  const refused = async (reply: Reply): Promise<void> => {
    configured.say({
      body: yes,
      ...reply,
      headers: { 'content-type': 'application/timestamp-reply', ...reply.headers },
    });
    const error: unknown = await call().then(
      () => 'an answer',
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9 })).not.toContain('user:word');
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
    expect([stranger.seen, configured.seen.length]).toEqual([[], 1]);
    expect(asked.every((url) => url.startsWith(`${configured.url}/`))).toBe(true);
  };

  test.each(statuses)('a redirect %s with a valid body is not an answer', (status) =>
    refused({ status, headers: { location: stranger.url } }),
  );
  test.each(Object.entries(places))('a redirect to %s is not followed', (_place, location) =>
    refused({ status: 307, headers: { location } }),
  );
  test('a redirect to itself is asked once', () => refused({ status: 308, headers: { location: configured.url } }));
  test('a redirect without a place', () => refused({ status: 302 }));
});

describe.each(['ocsp', 'crl'] as const)(
  'R16 revocation by %s: redirects are followed, without anything to lose',
  (kind) => {
    const check = async (): Promise<string | undefined> => {
      const url = `${configured.url}/${kind}`;
      const named = await authority.issueLeaf(kind === 'ocsp' ? { ocspUrls: [url] } : { crlUrls: [url] });
      const addresses = { loopback: true, private: false };
      const chain = named.chain.map((der) => parseCertificate(der));
      const [first] = await createRevocationChecker({ fetch: noting, addresses }).check(chain, { now: new Date() });
      expect(inspect(first, { depth: 9 })).not.toContain('user:word');
      return first?.status;
    };
    const harmless = new Set([
      ...['host', 'connection', 'accept', 'accept-language', 'accept-encoding', 'sec-fetch-mode', 'user-agent'],
      ...['content-type', 'content-length'],
    ]);

    test.each([301, 302, 303, 307, 308])(
      '%s: the redirect target gets a request without credentials',
      async (status) => {
        configured.say({ status, headers: { location: stranger.url }, body: yes });
        expect(await check()).not.toBe('good');
        expect(stranger.seen).toHaveLength(1);
        const names = stranger.seen.flatMap(Object.keys);
        expect(names.filter((name) => !harmless.has(name))).toEqual([]);
      },
    );

    test.each([
      places.credentials,
      places.metadata,
      places['a private network'],
      places['no URL'],
      stranger.url.replace('http:', 'https:'),
      'http://user:word@[',
    ])('%s is not asked', async (location) => {
      configured.say({ status: 307, headers: { location }, body: yes });
      expect(await check()).not.toBe('good');
      expect(stranger.seen).toEqual([]);
      expect(asked.every((url) => url.startsWith(`${configured.url}/`))).toBe(true);
    });

    test.each([300, 304, 305])('%s is not a redirect that is followed, and no answer', async (status) => {
      configured.say({ status, headers: { location: stranger.url }, body: yes });
      expect(await check()).not.toBe('good');
      expect(stranger.seen).toEqual([]);
    });

    test('a loop ends', async () => {
      configured.say({ status: 302, headers: { location: configured.url } });
      expect(await check()).not.toBe('good');
      expect(configured.seen).toHaveLength(3);
    });
  },
);

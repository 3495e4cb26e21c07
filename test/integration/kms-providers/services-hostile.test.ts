import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fetch } from '@notarykit/common';
import { awsKmsSigner } from '@notarykit/kms-providers/aws';
import { azureKeySigner, azureKeyVaultSigner } from '@notarykit/kms-providers/azure';
import { gcpKmsKey, gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { vaultKey, vaultLogin, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { encodePem } from '@notarykit/pki';
import { retrying, type Signer, type SignerError, signEnvelope } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { awsKms } from '../../support/kms.js';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const publicKey = encodePem('PUBLIC KEY', leaf.keyPair.spki);
const parent = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A transport that notes what it is asked and has nothing. */
function noting() {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    asked.push(url);
    return new Response('{}', { status: 404 });
  };
  return { asked, fetch };
}

describe('names in paths are validated', () => {
  const server = { address: 'https://vault.example', token: 't' };
  const names = [
    '../../sys/seal',
    'k/../../../auth/token/lookup-self',
    '..',
    '.',
    '',
    'k?x=1',
    'k#',
    'k/',
    'k%2e',
    'k\n',
    'ä',
  ];
  const paths = ['../sys', 'a/../../sys', '', 'a//b', '/a', 'a/', '.', 'a\nb', 'a\\..\\b', '\ud800'];

  test.each(names)('K5 of a Vault key or role: %j', async (name) => {
    const { asked, fetch } = noting();
    const options = { ...server, fetch, key: name };
    const all = [
      () => vaultSigner(options).describe(),
      () => vaultKey(options).storeChain(leaf.pem),
      () => vaultPki({ ...options, role: name, commonName: 'x' })(new Uint8Array()),
    ];
    for (const call of all) await expect(call()).rejects.toMatchObject({ reason: 'invalid-request' });
    expect(asked).toEqual([]);
  });

  test.each(paths)('K5 of a mount, a secret, a namespace or a login of Vault: %j', async (path) => {
    const { asked, fetch } = noting();
    const options = { ...server, fetch, key: 'k' };
    const all = [
      () => vaultSigner({ ...options, mount: path }).describe(),
      () => vaultSigner({ ...options, namespace: path === 'a/' ? '' : path }).describe(),
      () => vaultLogin({ ...options, path, credentials: {} })(),
      () => vaultPki({ ...options, role: 'r', commonName: 'x', mount: path })(new Uint8Array()),
    ];
    for (const call of all) await expect(call()).rejects.toMatchObject({ reason: 'invalid-request' });
    expect(asked).toEqual([]);
  });

  test.each([
    '../../secret',
    `${parent}/cryptoKeyVersions/1/../2`,
    'projects/p?x=1#',
    `${parent}/cryptoKeyVersions/1:destroy`,
    `${parent}:destroy`,
    `${parent}/cryptoKeyVersions/`,
    `${parent}/cryptoKeyVersions/0`,
    `projects/../locations/l/keyRings/r/cryptoKeys/k`,
    '',
  ])('K5 of a Google key: %j', async (name) => {
    const { asked, fetch } = noting();
    const client = gcpKmsRestClient({ fetch, accessToken: async () => 't' });
    const all = [
      () => gcpKmsKey({ client, name }).describe(),
      () => gcpKmsSigner({ client, name, certificateChain: leaf.pem }).describe(),
      () => client.getPublicKey({ name }),
      () => client.listCryptoKeyVersions({ parent: name, filter: 'x' }),
      () => client.asymmetricSign({ name, digest: {}, digestCrc32c: { value: 0 } }),
    ];
    for (const call of all) await expect(call()).rejects.toMatchObject({ reason: 'invalid-request' });
    expect(asked).toEqual([]);
  });

  test('K5 of a version that the service lists for a key', async () => {
    const names = [`${parent}/cryptoKeyVersions/1/../../x`, `${parent.replace('/k', '/other')}/cryptoKeyVersions/9`];
    for (const name of names) {
      const fetch: Fetch = async () => new Response(JSON.stringify({ cryptoKeyVersions: [{ name }] }));
      const client = gcpKmsRestClient({ fetch, accessToken: async () => 't' });
      await expect(gcpKmsKey({ client, name: parent }).describe()).rejects.toMatchObject({ reason: 'unavailable' });
    }
  });

  test('K5 of a certificate or a key of Azure', async () => {
    let asked = 0;
    const none = async () => Promise.reject(new Error(`asked ${++asked}`));
    const certificates = { getCertificate: none, getCertificateVersion: none };
    const crypto = () => ({ sign: none });
    for (const name of ['..', '../keys', 'a/b', 'a?', '', 'ä'])
      await expect(azureKeyVaultSigner({ certificates, crypto, name }).describe()).rejects.toMatchObject({
        reason: 'invalid-request',
      });
    const versioned = azureKeyVaultSigner({ certificates, crypto, name: 'k', version: '../x' });
    await expect(versioned.describe()).rejects.toMatchObject({ reason: 'invalid-request' });
    for (const keyId of ['https://v/keys/a/..?', 'http://v/keys/a/1', 'https://v/x?/keys/a/1', 'https://v/keys/a/1#'])
      expect(() => azureKeySigner({ client: { sign: none }, keyId, certificateChain: leaf.pem })).toThrow(
        expect.objectContaining({ reason: 'bad-key' }),
      );
    expect(asked).toBe(0);
  });
});

describe('a token is sent over https only, unchanged', () => {
  const asking = (address: string, more: object = {}) => {
    const { asked, fetch } = noting();
    const client = gcpKmsRestClient({ fetch, accessToken: async () => 'token-1', endpoint: address, ...more });
    const login = vaultLogin({ address, fetch, path: 'auth/approle/login', credentials: { a: 'b' }, ...more });
    const calls = [
      () => vaultSigner({ address, token: 'token-1', key: 'k', fetch, ...more }).describe(),
      () => login(),
      () => gcpKmsKey({ client, name: parent }).describe(),
    ];
    return { asked, calls };
  };

  test.each([
    'http://vault.wabbit-networks.io:8200',
    'http://10.0.0.1',
    'ftp://vault.example',
    'vault.example',
    '',
    'https://user:password-1@vault.example',
    'https://vault.example/x/../y',
    'https://vault.example?x',
    'https://vault.example#x',
  ])('K5 not to %j', async (address) => {
    const { asked, calls } = asking(address);
    for (const call of calls) {
      const error = await call().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ reason: 'invalid-request' });
      expect(String(error)).not.toContain('password-1');
    }
    expect(asked).toEqual([]);
  });

  test("K5 to this machine, to https, and where the caller's word is given", async () => {
    for (const [address, more] of [
      ['http://localhost:1', {}],
      ['http://127.0.0.1:1/', {}],
      ['http://[::1]:1', {}],
      ['https://vault.example/behind/a/proxy', {}],
      ['http://vault.example', { plainHttp: true }],
    ] as const) {
      const { asked, calls } = asking(address, more);
      for (const call of calls) await call().catch(() => undefined);
      expect(asked).toHaveLength(3);
    }
  });

  test.each(['', 'token-1\n', 'token 1', 'tökén', 'a\0b'])('K5 a token that no header carries: %j', async (token) => {
    const { asked, fetch } = noting();
    const client = gcpKmsRestClient({ fetch, accessToken: async () => token });
    const calls = [
      () => vaultSigner({ address: 'https://v', token, key: 'k', fetch }).describe(),
      () => gcpKmsKey({ client, name: parent }).describe(),
    ];
    for (const call of calls) {
      const error = await call().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ reason: 'unauthenticated' });
      if (token !== '') expect(String(error)).not.toContain(token);
    }
    expect(asked).toEqual([]);
  });
});

describe('paged lists', () => {
  const clientOf = (pages: readonly object[]) => {
    let page = 0;
    const fetch: Fetch = async (url) =>
      new Response(
        JSON.stringify(
          url.includes('/publicKey')
            ? { pem: publicKey, algorithm: 'EC_SIGN_P256_SHA256' }
            : (pages[Math.min(page++, pages.length - 1)] ?? {}),
        ),
      );
    return gcpKmsRestClient({ fetch, accessToken: async () => 't' });
  };
  const version = (n: number) => ({ name: `${parent}/cryptoKeyVersions/${n}` });

  test.each([
    [
      'the newest is on the last',
      [{ cryptoKeyVersions: [version(1)], nextPageToken: 'n' }, { cryptoKeyVersions: [version(2)] }],
    ],
    ['the first is empty', [{ nextPageToken: 'n' }, { cryptoKeyVersions: [version(2)] }]],
    ['one', [{ cryptoKeyVersions: [version(2), version(1)] }]],
  ])('K1 %s', async (_, pages) => {
    const { keyId } = await gcpKmsKey({ client: clientOf(pages), name: parent }).describe();
    expect(keyId).toBe(version(2).name);
  });

  test('K1 a list without end is refused', async () => {
    const client = clientOf([{ cryptoKeyVersions: [version(1)], nextPageToken: 'n' }]);
    await expect(gcpKmsKey({ client, name: parent }).describe()).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

describe('unreadable answers', () => {
  const good = { data: { latest_version: 1, keys: { 1: { public_key: publicKey, certificate_chain: leaf.pem } } } };
  const key = (public_key: string) => JSON.stringify({ data: { latest_version: 1, keys: { 1: { public_key } } } });
  const answers: Readonly<
    Record<string, { readonly body: string | Buffer; readonly cut?: boolean; readonly status?: number }>
  > = {
    'cut off': { body: '{"data":', cut: true },
    'not UTF-8': { body: Buffer.from([0x7b, 0xff, 0x7d]) },
    'too long': { body: ' '.repeat(1024 * 1024 + 1) },
    'not JSON': { body: '<html>' },
    'a list': { body: '[]' },
    'a bad PEM': { body: key('-----BEGIN PUBLIC KEY-----\n!!!\n-----END PUBLIC KEY-----\n') },
    'a PEM of no key': { body: key('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n') },
    412: { body: '{"errors":["required index state not present"]}', status: 412 },
    473: { body: '', status: 473 },
  };

  async function serve(first: (typeof answers)[string], step: string) {
    let asked = 0;
    const address = await listen((request, response) => {
      if (!(request.url ?? '').includes(step)) return void response.end(JSON.stringify(good));
      if (++asked > 1) return void response.end(JSON.stringify(good));
      response.writeHead(first.status ?? 200, first.cut === true ? { 'content-length': '5000' } : {});
      if (first.cut !== true) return void response.end(first.body);
      response.write(first.body, () => response.destroy());
    });
    return { asked: () => asked, signer: vaultSigner({ address, token: 't', key: 'k', fetch }) };
  }

  test.each(Object.keys(answers))('K3 of Vault, %s: coded, and tried again', async (what) => {
    const first = answers[what] as (typeof answers)[string];
    await expect((await serve(first, '/keys/')).signer.describe()).rejects.toMatchObject({
      reason: 'unavailable',
      retryable: true,
    });
    const { asked, signer } = await serve(first, '/keys/');
    await retrying(signer, { delayMs: 1 }).describe();
    expect(asked()).toBe(2);
  });

  test('K3 reports the delay that a service requests: Vault and Google', async () => {
    const address = await listen((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('{}'));
    const vault = vaultSigner({ address, token: 't', key: 'k', fetch });
    const client = gcpKmsRestClient({ fetch, accessToken: async () => 't', endpoint: address });
    const google = gcpKmsSigner({ client, name: `${parent}/cryptoKeyVersions/1`, certificateChain: leaf.pem });
    for (const signer of [vault, google])
      await expect(signer.describe()).rejects.toMatchObject({ reason: 'throttled', detail: { retryAfterMs: 7000 } });
  });

  test.each<[title: string, status: number, headers: Readonly<Record<string, string>>, ms: number | undefined]>([
    ['seconds', 429, { 'retry-after': '7' }, 7000],
    ['milliseconds of its own', 503, { 'X-Amz-Retry-After': '1500' }, 1500],
    ['both', 503, { 'x-amz-retry-after': '1500', 'retry-after': '7' }, 7000],
    ['nothing that can be read', 503, { 'retry-after': 'soon', 'x-amz-retry-after': '-1' }, undefined],
    ['nothing', 503, {}, undefined],
  ])('K3 how long AWS asks to wait is kept by retrying(): %s', async (_, status, headers, retryAfterMs) => {
    let asked = 0;
    const url = await listen((_request, response) => {
      if (++asked === 1) return void response.writeHead(status, headers).end('{"__type":"ThrottlingException"}');
      response.end(JSON.stringify({ PublicKey: Buffer.from(leaf.keyPair.spki).toString('base64') }));
    });
    const signer = awsKmsSigner({ client: awsKms({ url }), keyId: 'k', certificateChain: leaf.pem });
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    await retrying(signer, { delayMs: 100, random: () => 1, sleep }).describe();
    expect([asked, waits]).toEqual([2, [retryAfterMs ?? 100]]);
  });

  test.each([
    [
      'of gRPC',
      { code: 8, statusDetails: [{ reason: 'x' }, { retryDelay: { seconds: '7', nanos: 500_000_000 } }] },
      7500,
    ],
    ['of gRPC, without seconds', { code: 8, statusDetails: [{ retryDelay: { nanos: 1_000_000 } }] }, 1],
    ['of gRPC, below 0', { code: 8, statusDetails: [{ retryDelay: { seconds: -7 } }] }, undefined],
    ['of another kind', { code: 8, statusDetails: [null, { retryDelay: 'soon' }, 7] }, undefined],
    [
      'of REST',
      { code: 429, message: '{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"7s"}]}}' },
      7000,
    ],
  ])('K3 how long Google asks to wait is reported: details %s', async (_, thrown, retryAfterMs) => {
    const fail = async () => {
      throw Object.assign(new Error('thrown'), thrown);
    };
    const client = { getPublicKey: fail, asymmetricSign: fail, listCryptoKeyVersions: fail };
    const signer = gcpKmsSigner({ client, name: `${parent}/cryptoKeyVersions/1`, certificateChain: leaf.pem });
    const error = (await signer.describe().catch((refused: unknown) => refused)) as SignerError;
    expect([error.reason, error.detail?.retryAfterMs]).toEqual(['throttled', retryAfterMs]);
  });

  test('K3 how long Google asks to wait is reported: details of the REST client', async () => {
    const body = JSON.stringify({ error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '2.5s' }] } });
    const endpoint = await listen((_request, response) => response.writeHead(429).end(body));
    const client = gcpKmsRestClient({ fetch, accessToken: async () => 't', endpoint });
    const signer = gcpKmsSigner({ client, name: `${parent}/cryptoKeyVersions/1`, certificateChain: leaf.pem });
    await expect(signer.describe()).rejects.toMatchObject({ reason: 'throttled', detail: { retryAfterMs: 2500 } });
  });

  test('K3 of Vault, 204 to a signature: no signature', async () => {
    const address = await listen((request, response) => {
      if (request.method === 'GET') return void response.end(JSON.stringify(good));
      response.writeHead(204).end();
    });
    const signer = vaultSigner({ address, token: 't', key: 'k', fetch });
    await expect(signEnvelope(target, { signer })).rejects.toMatchObject({ reason: 'bad-signature' });
  });

  test('K3 of Google, cut off: coded, and tried again', async () => {
    let asked = 0;
    const endpoint = await listen((_, response) => {
      if (++asked > 1) return void response.end(JSON.stringify({ pem: publicKey, algorithm: 'EC_SIGN_P256_SHA256' }));
      response.writeHead(200, { 'content-length': '5000' });
      response.write('{', () => response.destroy());
    });
    const client = gcpKmsRestClient({ fetch, accessToken: async () => 't', endpoint });
    const signer = gcpKmsSigner({ client, name: `${parent}/cryptoKeyVersions/1`, certificateChain: leaf.pem });
    await retrying(signer, { delayMs: 1 }).describe();
    expect(asked).toBe(2);
  });

  const target = { mediaType: 'application/x', digest: `sha256:${'a'.repeat(64)}`, size: 1 };

  test('K3 signatures of another type than bytes', async () => {
    for (const signature of ['text', undefined, 7, [1, 2], {}, new ArrayBuffer(64)]) {
      const client = {
        getPublicKey: async () => ({ PublicKey: leaf.keyPair.spki }),
        sign: async () => ({ Signature: signature as Uint8Array }),
      };
      const aws = awsKmsSigner({ client, keyId: 'k', certificateChain: leaf.pem });
      const custom: Signer = {
        describe: async () => ({ keySpec: 'EC-256' }),
        sign: async () => ({ signature: signature as Uint8Array, certificateChain: leaf.chain }),
      };
      for (const signer of [aws, custom])
        await expect(signEnvelope(target, { signer })).rejects.toMatchObject({ name: 'SignerError' });
    }
    for (const description of [undefined, null, {}, { keySpec: 'X' }, { keySpec: 'EC-256', certificateChain: 'pem' }]) {
      const signer = {
        describe: async () => description,
        sign: () => Promise.reject(new Error('asked')),
      } as never as Signer;
      await expect(signEnvelope(target, { signer })).rejects.toMatchObject({ name: 'SignerError' });
    }
    for (const chain of [undefined, 'pem', [leaf.pem], [7]]) {
      const sign = async () => ({ signature: new Uint8Array(64), certificateChain: chain });
      const signer = { describe: async () => ({ keySpec: 'EC-256' }), sign } as never as Signer;
      await expect(signEnvelope(target, { signer })).rejects.toMatchObject({ name: 'SignerError' });
    }
  });
});

describe('a look-up that hangs', () => {
  const chain = { certificateChain: leaf.pem };
  type Waiting = { readonly asked: () => number; readonly aborted: () => boolean; readonly signer: Signer };
  /** Answers nothing to the first question, whatever the signal says. */
  function first<T>(answer: T) {
    let asked = 0;
    const signals: AbortSignal[] = [];
    const ask = async (signal: AbortSignal | undefined): Promise<T> => {
      if (signal !== undefined) signals.push(signal);
      return ++asked === 1 ? new Promise<T>(() => undefined) : answer;
    };
    return { ask, asked: () => asked, aborted: () => signals[0]?.aborted === true };
  }
  const key = { data: { latest_version: 1, keys: { 1: { public_key: publicKey, certificate_chain: leaf.pem } } } };

  const kinds: Readonly<Record<string, (timeoutMs?: number) => Waiting>> = {
    aws(timeoutMs) {
      const { ask, ...seen } = first({ PublicKey: leaf.keyPair.spki });
      const client = {
        getPublicKey: (_: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) => ask(abortSignal),
        sign: () => Promise.reject(new Error('asked')),
      };
      return { ...seen, signer: awsKmsSigner({ client, keyId: 'k', ...chain, ...limit(timeoutMs) }) };
    },
    azure(timeoutMs) {
      const keyId = 'https://v/keys/k/1';
      const { ask, ...seen } = first({ keyId, cer: leaf.certificate, properties: { version: '1' } });
      const getCertificate = (_: string, { abortSignal }: { abortSignal?: AbortSignal } = {}) => ask(abortSignal);
      const certificates = { getCertificate, getCertificateVersion: () => Promise.reject(new Error('asked')) };
      const crypto = () => ({ sign: () => Promise.reject(new Error('asked')) });
      const caCertificates = leaf.chain.slice(1);
      return {
        ...seen,
        signer: azureKeyVaultSigner({ certificates, crypto, caCertificates, name: 'k', ...limit(timeoutMs) }),
      };
    },
    gcp(timeoutMs) {
      const { ask, ...seen } = first([{ pem: publicKey, algorithm: 'EC_SIGN_P256_SHA256' }] as const);
      const other = () => Promise.reject(new Error('asked'));
      const client = {
        getPublicKey: (_: unknown, { signal }: { signal?: AbortSignal } = {}) => ask(signal),
        asymmetricSign: other,
        listCryptoKeyVersions: other,
      };
      const name = `${parent}/cryptoKeyVersions/1`;
      return { ...seen, signer: gcpKmsSigner({ client, name, ...chain, ...limit(timeoutMs) }) };
    },
    vault(timeoutMs) {
      const { ask, ...seen } = first(key);
      const fetch: Fetch = async (_, init) => new Response(JSON.stringify(await ask(init?.signal)));
      return {
        ...seen,
        signer: vaultSigner({ address: 'https://v', token: 't', key: 'k', fetch, ...limit(timeoutMs) }),
      };
    },
    'vault, logging in'(timeoutMs) {
      const { ask, ...seen } = first({ auth: { client_token: 't-1', lease_duration: 60 } });
      const fetch: Fetch = async (url, init) =>
        new Response(JSON.stringify(url.includes('/login') ? await ask(init?.signal) : key));
      const server = { address: 'https://v', fetch, ...limit(timeoutMs) };
      const token = vaultLogin({ ...server, path: 'auth/approle/login', credentials: {} });
      return { ...seen, signer: vaultSigner({ ...server, token, key: 'k' }) };
    },
  };
  const limit = (timeoutMs: number | undefined) => (timeoutMs === undefined ? {} : { timeoutMs });

  test.each(Object.keys(kinds))('K4 %s: is aborted and forgotten when the last caller cancels', async (kind) => {
    const { signer, asked, aborted } = (kinds[kind] as (typeof kinds)[string])();
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => signer.describe({ signal }));
    const outcomes = Promise.allSettled(waiting);
    await expect.poll(asked, { timeout: 60_000 }).toBe(1);
    const reason = new Error('enough');
    controllers[0]?.abort(reason);
    await expect(waiting[0]).rejects.toBe(reason);
    expect(aborted()).toBe(false);
    controllers[1]?.abort(reason);
    await outcomes;
    await expect.poll(aborted, { timeout: 60_000 }).toBe(true);
    await signer.describe();
    expect(asked()).toBe(2);
  });

  test.each(Object.keys(kinds))('K4 %s: no caller waits for longer than the limit', async (kind) => {
    const { signer, aborted } = (kinds[kind] as (typeof kinds)[string])(20);
    await expect(signer.describe()).rejects.toMatchObject({ reason: 'timeout' });
    expect(aborted()).toBe(true);
  });

  test.each([0, -1, Number.NaN, '5'])('K4 a limit of %j is refused', async (timeoutMs) => {
    for (const make of Object.values(kinds))
      await expect(make(timeoutMs as number).signer.describe()).rejects.toMatchObject({ reason: 'invalid-request' });
  });

  test('K4 accepts an infinite limit', async () => {
    const { signer } = (kinds['vault'] as (typeof kinds)[string])(Number.POSITIVE_INFINITY);
    const signal = AbortSignal.timeout(50);
    await expect(signer.describe({ signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    await signer.describe();
  });
});

describe('logins', () => {
  test('K10 checks a missing permission once a minute, for all callers', async () => {
    let [logins, reads] = [0, 0];
    const fetch: Fetch = async (url) => {
      if (url.includes('/login')) return new Response(JSON.stringify({ auth: { client_token: `t-${++logins}` } }));
      reads++;
      return new Response('{"errors":["permission denied"]}', { status: 403 });
    };
    const server = { address: 'https://v', fetch };
    const token = vaultLogin({ ...server, path: 'auth/approle/login', credentials: {} });
    for (let i = 0; i < 50; i++)
      await expect(vaultSigner({ ...server, token, key: 'k' }).describe()).rejects.toMatchObject({
        reason: 'access-denied',
      });
    expect([logins, reads]).toEqual([2, 51]);
  });

  test('K3 credentials that cannot be obtained, and invalid tokens', async () => {
    const server = { address: 'https://v', path: 'auth/approle/login' };
    const none = async (): Promise<never> => Promise.reject(new Error('no file'));
    await expect(vaultLogin({ ...server, fetch, credentials: none })()).rejects.toMatchObject({
      reason: 'unauthenticated',
    });
    const empty: Fetch = async () => new Response('{"auth":{"client_token":""}}');
    await expect(vaultLogin({ ...server, fetch: empty, credentials: {} })()).rejects.toMatchObject({
      reason: 'unauthenticated',
    });
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { decodeUtf8, isCodedError } from '@notarykit/common';
import { gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { encodePem } from '@notarykit/pki';
import { createAuthority, createKeyPair, serveGcpKms } from '@notarykit/testing';
import { importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';
const leaf = await (await createAuthority()).issueLeaf();
const kms = await serveGcpKms([{ name: name.slice(0, name.indexOf('/cryptoKeyVersions')), versions: [leaf.keyPair] }]);
const pair = await createKeyPair('RSA-2048');
const publicKey = await importSPKI(encodePem('PUBLIC KEY', pair.spki), 'RS256');
const access = 'an-access-token';

const state = {
  now: 0,
  asked: [] as URLSearchParams[],
  answer: undefined as { status: number; body: string; headers?: Record<string, string> } | undefined,
};
const server = createServer((request, response) => void answer(request, response));
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
  state.asked.push(new URLSearchParams(decodeUtf8(Buffer.concat(parts))));
  const { status, body, headers } = state.answer ?? {
    status: 200,
    body: JSON.stringify({ access_token: access, expires_in: 3600 }),
    headers: {},
  };
  response.writeHead(status, headers).end(body);
}
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
const token_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await kms.close();
});
beforeEach(() => Object.assign(state, { now: Date.parse('2026-01-01T00:00:00Z'), asked: [], answer: undefined }));

const serviceAccount = {
  type: 'service_account',
  client_email: 'ci@p.iam.gserviceaccount.com',
  private_key_id: 'key-1',
  private_key: encodePem('PRIVATE KEY', pair.pkcs8),
  token_uri,
};
const seen: (string | undefined)[] = [];
const noting: typeof fetch = (url, init) => {
  seen.push((init?.headers as Record<string, string> | undefined)?.['authorization']);
  return fetch(url, init);
};
function signerOf(account: object = serviceAccount) {
  const now = () => new Date(state.now);
  const client = gcpKmsRestClient({
    fetch: noting,
    endpoint: kms.url,
    serviceAccount: account as typeof serviceAccount,
    now,
  });
  return gcpKmsSigner({ client, name, certificateChain: leaf.chain });
}
const sign = (signer = signerOf()) => signer.sign({ payload: new Uint8Array([1]), keySpec: 'EC-256' });
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a service account of Google', () => {
  it('signs an assertion for an access token, and the key service gets that token', async () => {
    expect((await sign()).signature).toHaveLength(64);
    const [form] = state.asked;
    expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const expected = {
      issuer: serviceAccount.client_email,
      audience: token_uri,
      algorithms: ['RS256'],
      currentDate: new Date(state.now),
    };
    const { payload, protectedHeader } = await jwtVerify(form?.get('assertion') ?? '', publicKey, expected);
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(payload).toMatchObject({
      scope: 'https://www.googleapis.com/auth/cloudkms',
      iat: state.now / 1000,
      exp: state.now / 1000 + 3600,
    });
    expect(seen).toContain(`Bearer ${access}`);
    expect(state.asked).toHaveLength(1);
  });

  it('one token serves many calls at once and in turn, until a tenth before its end', async () => {
    const signer = signerOf();
    await Promise.all([sign(signer), sign(signer), sign(signer)]);
    state.now += 3239_000;
    await sign(signer);
    expect(state.asked).toHaveLength(1);
    state.now += 2_000;
    await sign(signer);
    expect(state.asked).toHaveLength(2);
  });

  it.each([
    [
      'a refusal',
      { status: 400, body: '{"error":"invalid_grant","error_description":"no such account"}' },
      { reason: 'unauthenticated', retryable: false },
    ],
    ['no token in the answer', { status: 200, body: '{}' }, { reason: 'unauthenticated' }],
    [
      'a token that no header can carry',
      { status: 200, body: '{"access_token":"a\\r\\nb"}' },
      { reason: 'unauthenticated' },
    ],
    ['an answer that is not JSON', { status: 200, body: '<html>' }, { reason: 'unavailable', retryable: true }],
    ['a redirect', { status: 307, body: '', headers: { location: kms.url } }, { reason: 'unauthenticated' }],
    [
      'a failure',
      { status: 503, body: '', headers: { 'retry-after': '7' } },
      { reason: 'unavailable', retryable: true },
    ],
    [
      'too many requests',
      { status: 429, body: '', headers: { 'retry-after': '7' } },
      { reason: 'throttled', retryable: true },
    ],
  ])('%s is an error with a reason, and asked again by the next call', async (_, answer, expected) => {
    const signer = signerOf();
    state.answer = answer;
    expect(await errorOf(signer.describe())).toMatchObject(expected);
    state.answer = undefined;
    expect((await signer.describe()).keySpec).toBe('EC-256');
  });

  it.each([
    ['no key file', {}, 'invalid-request'],
    ['a key that is not PEM', { ...serviceAccount, private_key: 'secret-text' }, 'bad-key'],
    ['an EC key', { ...serviceAccount, private_key: leaf.privateKeyPem }, 'bad-key'],
    [
      'a place that is read by others on the way',
      { ...serviceAccount, token_uri: 'http://oauth2.example/token' },
      'invalid-request',
    ],
  ])('refuses %s before any request', async (_, account, reason) => {
    expect(await errorOf(signerOf(account).describe())).toMatchObject({ reason });
    expect(state.asked).toEqual([]);
  });

  it('neither its key nor its assertion is in an error', async () => {
    const signer = signerOf();
    state.answer = { status: 400, body: '' };
    await errorOf(signer.describe());
    const assertion = state.asked[0]?.get('assertion') ?? '';
    state.answer = {
      status: 400,
      body: JSON.stringify({ error_description: `bad ${assertion} and ${serviceAccount.private_key}` }),
    };
    const error = await errorOf(signer.describe());
    expect(isCodedError(error)).toBe(true);
    // The clock stands, so that both assertions are equal.
    expect(state.asked[1]?.get('assertion')).toBe(assertion);
    for (const secret of [assertion, serviceAccount.private_key, serviceAccount.private_key.split('\n')[1]])
      expect(inspect(error)).not.toContain(secret);
  });

  it('a client has one source of tokens', async () => {
    const both = { fetch, endpoint: kms.url, serviceAccount, accessToken: async () => access };
    const signer = gcpKmsSigner({ client: gcpKmsRestClient(both), name, certificateChain: leaf.chain });
    expect(await errorOf(signer.describe())).toMatchObject({ reason: 'invalid-request' });
  });
});

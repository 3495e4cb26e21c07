import { inspect } from 'node:util';
import type { SignerErrorReason } from '@notarykit/signature-envelope';
import { createAuthority, type KmsAnswer, type KmsFaults } from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { type ProviderLab, providers } from '../../support/kms-providers.js';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const labs = new Map<string, ProviderLab>();
for (const { name, start } of providers) labs.set(name, await start(leaf));
afterAll(() => Promise.all([...labs.values()].map(({ close }) => close())));

const request = { payload: Uint8Array.of(1, 2, 3), keySpec: 'EC-256' } as const;
const retryable: readonly string[] = ['throttled', 'unavailable'];

/** What a signer says when its service answers like this, asked for its key or for a signature. */
async function errorOf(provider: string, step: 'describe' | 'sign', faults: Partial<KmsFaults>): Promise<unknown> {
  const { create, service } = labs.get(provider) as ProviderLab;
  const signer = create();
  if (step === 'sign') await signer.describe();
  Object.assign(service?.faults ?? {}, faults);
  try {
    return await (step === 'sign' ? signer.sign(request) : signer.describe()).then(
      () => 'no error',
      (error: unknown) => error,
    );
  } finally {
    Object.assign(service?.faults ?? {}, { answer: undefined, cut: 0, clockSkewMs: 0 });
  }
}

const aws = (name: string, status = 400): KmsAnswer => ({ status, body: { __type: name, message: 'no' } });
const azure = (status: number, code: string, inner: object = {}): KmsAnswer => ({
  status,
  body: { error: { code, message: 'no', ...inner } },
});
const google = (code: number, status?: string): KmsAnswer => ({
  status: code,
  body: status === undefined ? {} : { error: { code, status, message: 'no' } },
});
const vault = (status: number, ...errors: string[]): KmsAnswer => ({ status, body: { errors } });

type Row = readonly [string, KmsAnswer, SignerErrorReason];
const rowsOfAws: readonly Row[] = [
  ['UnrecognizedClientException', aws('UnrecognizedClientException'), 'unauthenticated'],
  ['ExpiredTokenException', aws('ExpiredTokenException'), 'unauthenticated'],
  ['InvalidSignatureException', aws('InvalidSignatureException'), 'unauthenticated'],
  ['MissingAuthenticationTokenException', aws('MissingAuthenticationTokenException'), 'unauthenticated'],
  ['AccessDeniedException', aws('AccessDeniedException'), 'access-denied'],
  ['NotFoundException', aws('NotFoundException'), 'key-not-found'],
  ['InvalidArnException', aws('InvalidArnException'), 'key-not-found'],
  ['DisabledException', aws('DisabledException'), 'key-disabled'],
  ['KMSInvalidStateException', aws('KMSInvalidStateException'), 'key-disabled'],
  ['InvalidKeyUsageException', aws('InvalidKeyUsageException'), 'wrong-key-usage'],
  ['UnsupportedOperationException', aws('UnsupportedOperationException'), 'unsupported-key'],
  ['K3 ThrottlingException', aws('ThrottlingException'), 'throttled'],
  ['K3 LimitExceededException', aws('LimitExceededException'), 'throttled'],
  ['K3 DependencyTimeoutException', aws('DependencyTimeoutException', 500), 'timeout'],
  ['K3 KMSInternalException', aws('KMSInternalException', 500), 'unavailable'],
  ['K3 KeyUnavailableException', aws('KeyUnavailableException', 500), 'unavailable'],
  ['K3 an error of a proxy', aws('Nothing', 502), 'unavailable'],
  ['an error that nobody knows', aws('SurpriseException'), 'unknown'],
];
const rowsOfAzure: readonly Row[] = [
  ['401', azure(401, 'Unauthorized'), 'unauthenticated'],
  ['403', azure(403, 'Forbidden', { innererror: { code: 'ForbiddenByPolicy' } }), 'access-denied'],
  ['404', azure(404, 'KeyNotFound'), 'key-not-found'],
  ['KeyDisabled, innererror', azure(403, 'Forbidden', { innererror: { code: 'KeyDisabled' } }), 'key-disabled'],
  ['400', azure(400, 'BadParameter'), 'wrong-key-usage'],
  ['K3 408', azure(408, 'RequestTimeout'), 'timeout'],
  ['K3 429', azure(429, 'Throttled'), 'throttled'],
  ['K3 503', azure(503, 'ServiceUnavailable'), 'unavailable'],
];
const rowsOfGoogle: readonly Row[] = [
  ['UNAUTHENTICATED', google(401, 'UNAUTHENTICATED'), 'unauthenticated'],
  ['PERMISSION_DENIED', google(403, 'PERMISSION_DENIED'), 'access-denied'],
  ['NOT_FOUND', google(404, 'NOT_FOUND'), 'key-not-found'],
  ['FAILED_PRECONDITION', google(400, 'FAILED_PRECONDITION'), 'key-disabled'],
  ['INVALID_ARGUMENT', google(400, 'INVALID_ARGUMENT'), 'wrong-key-usage'],
  ['K3 RESOURCE_EXHAUSTED', google(429, 'RESOURCE_EXHAUSTED'), 'throttled'],
  ['K3 DEADLINE_EXCEEDED', google(504, 'DEADLINE_EXCEEDED'), 'timeout'],
  ['K3 an error of a proxy', google(502), 'unavailable'],
  ['a status that nobody knows', google(418, 'SURPRISE'), 'unknown'],
];
const rowsOfVault: readonly Row[] = [
  ['403', vault(403, 'permission denied'), 'access-denied'],
  ['403, of a token', vault(403, 'invalid token'), 'unauthenticated'],
  ['404, no mount', vault(404), 'key-not-found'],
  ['400, no key', vault(400, 'signing key not found'), 'key-not-found'],
  [
    '400, a version to come',
    vault(400, 'requested version for signing is higher than the latest key version'),
    'key-not-found',
  ],
  [
    '400, a version that is over',
    vault(400, 'requested version for signing is less than the minimum encryption key version'),
    'key-disabled',
  ],
  ['400, deleted', vault(400, 'key is soft-deleted'), 'key-disabled'],
  ['400, a key to encrypt', vault(400, 'key type aes256-gcm96 does not support signing'), 'wrong-key-usage'],
  ['K3 429', vault(429, 'rate limit quota exceeded'), 'throttled'],
  ['K3 503, sealed', vault(503, 'Vault is sealed'), 'unavailable'],
  ['307, a standby', { status: 307, body: {}, headers: { location: 'http://127.0.0.1:1/' } }, 'unknown'],
];

const tables: Readonly<Record<string, readonly Row[]>> = {
  aws: rowsOfAws,
  azure: rowsOfAzure,
  gcp: rowsOfGoogle,
  'gcp-rest': rowsOfGoogle,
  vault: rowsOfVault,
};

describe.each(Object.keys(tables))('%s: the reason of an error, its key, and no secret', (provider) => {
  test.each(tables[provider] ?? [])('%s', async (_, answer, reason) => {
    const { secrets } = labs.get(provider) as ProviderLab;
    const error = await errorOf(provider, 'sign', { answer });
    expect(error).toMatchObject({ name: 'SignerError', reason, retryable: retryable.includes(reason) });
    expect(error).toMatchObject({ detail: { keyId: expect.stringMatching(/k/), provider: expect.any(String) } });
    for (const secret of secrets) expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(await errorOf(provider, 'describe', { answer })).toMatchObject({ name: 'SignerError' });
  });

  test('K3 a connection that is cut', async () => {
    const error = await errorOf(provider, 'sign', { cut: 1 });
    expect(error).toMatchObject({ reason: 'unavailable', retryable: true, cause: expect.anything() });
  });
});

test('the number that AWS and Azure gave the request is in the error', async () => {
  for (const [provider, answer] of [
    ['aws', aws('AccessDeniedException')],
    ['azure', azure(403, 'Forbidden')],
  ] as const) {
    const error = await errorOf(provider, 'sign', { answer });
    const { service } = labs.get(provider) as ProviderLab;
    expect(error).toMatchObject({ detail: { requestId: `request-${service?.requests.length}` } });
  }
});

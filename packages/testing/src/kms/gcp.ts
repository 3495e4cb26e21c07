import { encodePem } from '@notarykit/pki';
import { type KmsKey, noFaults, signWith } from './key.js';
import { type KmsAnswer, type KmsDouble, serve } from './serve.js';

const algorithms: Readonly<Record<string, string>> = {
  'RSA-2048': 'RSA_SIGN_PSS_2048_SHA256',
  'RSA-3072': 'RSA_SIGN_PSS_3072_SHA256',
  'RSA-4096': 'RSA_SIGN_PSS_4096_SHA512',
  'EC-256': 'EC_SIGN_P256_SHA256',
  'EC-384': 'EC_SIGN_P384_SHA384',
};

const fail = (code: number, status: string, message: string): KmsAnswer => ({
  status: code,
  body: { error: { code, status, message } },
});

/** Google Cloud KMS over REST. The `name` of a key is all of `projects/…/cryptoKeys/K`. */
export async function serveGcpKms(keys: readonly KmsKey[]): Promise<KmsDouble> {
  const faults = noFaults();
  return serve(({ path, body }) => {
    if (faults.throttle > 0) {
      faults.throttle--;
      return fail(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded');
    }
    if (faults.denied) return fail(403, 'PERMISSION_DENIED', 'Permission denied');
    const [, parent, number, action] =
      /^\/v1\/(.+\/cryptoKeys\/[^/]+)\/cryptoKeyVersions(?:\/([0-9]+)(\/publicKey|:asymmetricSign))?$/.exec(path) ?? [];
    const key = keys.find(({ name }) => name === parent);
    const names = key?.versions.map((_, i) => ({ name: `${parent}/cryptoKeyVersions/${i + 1}`, state: 'ENABLED' }));
    if (number === undefined && names !== undefined) return { status: 200, body: { cryptoKeyVersions: names } };
    const pair = key?.versions[Number(number) - 1];
    if (pair === undefined) return fail(404, 'NOT_FOUND', `${path} not found`);
    if (faults.disabled) return fail(400, 'FAILED_PRECONDITION', 'the key version is not enabled');
    const name = `${parent}/cryptoKeyVersions/${number}`;
    if (action === '/publicKey')
      return {
        status: 200,
        body: { name, pem: encodePem('PUBLIC KEY', pair.spki), algorithm: algorithms[pair.keySpec] },
      };
    const [digest] = Object.values((body['digest'] ?? {}) as Record<string, string>);
    const signature = signWith(pair, Buffer.from(digest ?? '', 'base64'), true, faults);
    return {
      status: 200,
      body: { name, signature: Buffer.from(signature).toString('base64'), verifiedDigestCrc32c: true },
    };
  }, faults);
}

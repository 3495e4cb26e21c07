import { encodePem } from '@notarykit/pki/internal';
import { algorithmOf, type KeySpec } from '@notarykit/signature-envelope/internal';
import type { KeyPair } from '../authority/keys.js';
import type { KmsAnswer } from './answer.js';
import { crc32c } from './crc32c.js';
import { type KmsFaults, type KmsKey, noFaults, signWith } from './key.js';
import { type KmsDouble, type KmsRequest, serve } from './serve.js';

/** What Cloud KMS has; no P-521, and RSA-3072 with SHA-256 only. */
const algorithms: Readonly<Partial<Record<KeySpec, string>>> = {
  'RSA-2048': 'RSA_SIGN_PSS_2048_SHA256',
  'RSA-3072': 'RSA_SIGN_PSS_3072_SHA256',
  'RSA-4096': 'RSA_SIGN_PSS_4096_SHA512',
  'EC-256': 'EC_SIGN_P256_SHA256',
  'EC-384': 'EC_SIGN_P384_SHA384',
};

const statusCodes = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
} as const;

function fail(status: keyof typeof statusCodes, message: string): KmsAnswer {
  const code = statusCodes[status];
  return { status: code, body: { error: { code, status, message } } };
}

/**
 * Google Cloud KMS over REST, for the SDK with `fallback: true` or for plain calls. The `name` of a key is all of
 * `projects/…/cryptoKeys/K`; requests must bear a token.
 */
export async function serveGcpKms(keys: readonly KmsKey[]): Promise<KmsDouble> {
  const faults = noFaults();
  return serve((request) => refusal(request, faults) ?? answer(request, keys, faults), faults);
}

function refusal({ headers }: KmsRequest, faults: KmsFaults): KmsAnswer | undefined {
  if (faults.throttle > 0) {
    faults.throttle--;
    return fail('RESOURCE_EXHAUSTED', 'Quota exceeded');
  }
  if (!/^Bearer \S/.test(headers.authorization ?? ''))
    return fail('UNAUTHENTICATED', 'Request is missing required authentication credential');
  return faults.denied ? fail('PERMISSION_DENIED', 'Permission denied on resource') : undefined;
}

function answer({ path, body, method }: KmsRequest, keys: readonly KmsKey[], faults: KmsFaults): KmsAnswer {
  const [, parent = '', number, action] =
    /^\/v1\/(.+\/cryptoKeys\/[^/]+)\/cryptoKeyVersions(?:\/([0-9]+)(\/publicKey|:asymmetricSign))?$/.exec(path) ?? [];
  const key = keys.find(({ name }) => name === parent);
  if (key === undefined) return fail('NOT_FOUND', `${parent || path} not found.`);
  if (method === 'GET' && faults.readDenied) return fail('PERMISSION_DENIED', 'Permission denied on resource');
  if (number === undefined) return list(key, faults);
  const version = Number(number);
  const pair = key.versions[version - 1];
  const name = `${parent}/cryptoKeyVersions/${number}`;
  if (pair === undefined) return fail('NOT_FOUND', `${name} not found.`);
  if (faults.disabled) return fail('FAILED_PRECONDITION', `${name} is not enabled, current state is: DISABLED.`);
  return action === '/publicKey' ? describe(name, key, pair) : sign(name, key, version, body, faults);
}

function list({ name, versions }: KmsKey, faults: KmsFaults): KmsAnswer {
  const state = faults.disabled ? 'DISABLED' : 'ENABLED';
  const cryptoKeyVersions = versions.map((_, i) => ({ name: `${name}/cryptoKeyVersions/${i + 1}`, state }));
  return { status: 200, body: { cryptoKeyVersions: faults.disabled ? [] : cryptoKeyVersions } };
}

function describe(name: string, { usage }: KmsKey, { spki, keySpec }: KeyPair): KmsAnswer {
  const pem = encodePem('PUBLIC KEY', spki);
  const algorithm = usage === 'encrypt' ? 'RSA_DECRYPT_OAEP_2048_SHA256' : algorithms[keySpec];
  const pemCrc32c = String(crc32c(Buffer.from(pem)));
  return { status: 200, body: { name, pem, algorithm, pemCrc32c, protectionLevel: 'HSM' } };
}

function sign(
  name: string,
  { versions, usage }: KmsKey,
  version: number,
  body: KmsRequest['body'],
  faults: KmsFaults,
): KmsAnswer {
  const { hash } = algorithmOf((versions[version - 1] as KeyPair).keySpec);
  if (usage === 'encrypt') return fail('FAILED_PRECONDITION', `${name} has purpose ASYMMETRIC_DECRYPT`);
  const [[given, text] = []] = Object.entries((body['digest'] ?? {}) as Record<string, string>);
  const digest = Buffer.from(text ?? '', 'base64');
  if (given !== hash || digest.length * 8 !== Number(hash.slice(3)))
    return fail('INVALID_ARGUMENT', `The digest must be of ${hash}`);
  const asked = body['digestCrc32c'];
  if (asked !== undefined && Number(asked) !== crc32c(digest))
    return fail('INVALID_ARGUMENT', 'The checksum of the digest does not match');
  const signature = signWith({ versions, version, digest, der: true }, faults);
  return {
    status: 200,
    body: {
      name,
      signature: Buffer.from(signature).toString('base64'),
      signatureCrc32c: String(crc32c(signature)),
      verifiedDigestCrc32c: asked !== undefined,
      protectionLevel: 'HSM',
    },
  };
}

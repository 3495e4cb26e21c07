import type { KeyPair } from '../authority/keys.js';
import { type KmsKey, noFaults, signWith } from './key.js';
import { type KmsAnswer, type KmsDouble, serve } from './serve.js';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/';
const specs: Readonly<Record<string, string>> = {
  'EC-256': 'ECC_NIST_P256',
  'EC-384': 'ECC_NIST_P384',
  'EC-521': 'ECC_NIST_P521',
};

const fail = (name: string, message: string): KmsAnswer => ({
  status: 400,
  body: { __type: name, message },
  headers: { 'x-amzn-requestid': 'request-1' },
});

/** AWS KMS as its SDK sees it (JSON 1.1): GetPublicKey and Sign. The aliases `alias/<name>` follow the newest version. */
export async function serveAwsKms(keys: readonly KmsKey[]): Promise<KmsDouble> {
  const faults = noFaults();
  const find = (id: string): [string, KeyPair] | undefined => {
    for (const { name, versions } of keys) {
      const number = id.startsWith(`${arn}${name}-`) ? Number(id.slice(arn.length + name.length + 1)) : versions.length;
      const pair = versions[number - 1];
      if (pair !== undefined && (id === `alias/${name}` || id === `${arn}${name}-${number}`))
        return [`${arn}${name}-${number}`, pair];
    }
    return undefined;
  };
  return serve(({ headers, body }) => {
    if (faults.throttle > 0) {
      faults.throttle--;
      return fail('ThrottlingException', 'Rate exceeded');
    }
    if (faults.denied) return fail('AccessDeniedException', 'not authorized');
    const found = find(String(body['KeyId']));
    if (found === undefined) return fail('NotFoundException', `Key '${String(body['KeyId'])}' does not exist`);
    const [KeyId, pair] = found;
    if (faults.disabled) return fail('DisabledException', `${KeyId} is disabled.`);
    if (headers['x-amz-target'] === 'TrentService.GetPublicKey') {
      const KeySpec = specs[pair.keySpec] ?? pair.keySpec.replace('-', '_');
      const PublicKey = Buffer.from(pair.spki).toString('base64');
      return { status: 200, body: { KeyId, KeySpec, KeyUsage: 'SIGN_VERIFY', PublicKey } };
    }
    if (body['MessageType'] !== 'DIGEST') return fail('ValidationException', 'this service signs digests');
    const digest = Buffer.from(String(body['Message']), 'base64');
    const Signature = Buffer.from(signWith(pair, digest, true, faults)).toString('base64');
    return { status: 200, body: { KeyId, Signature, SigningAlgorithm: body['SigningAlgorithm'] } };
  }, faults);
}

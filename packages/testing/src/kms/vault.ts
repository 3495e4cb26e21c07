import { encodePem } from '@notarykit/pki';
import { type KmsKey, noFaults, signWith } from './key.js';
import { type KmsAnswer, type KmsDouble, serve } from './serve.js';

const fail = (status: number, ...errors: string[]): KmsAnswer => ({ status, body: { errors } });

/** The transit engine of Vault and OpenBao: reading a key and signing with it. `chains` are PEM by `<name>:<version>`. */
export async function serveVault(
  keys: readonly KmsKey[],
  options: { readonly token: string; readonly chains?: Readonly<Record<string, string>> },
): Promise<KmsDouble> {
  const faults = noFaults();
  return serve(({ path, headers, body }) => {
    if (faults.throttle > 0) {
      faults.throttle--;
      return fail(429, 'request path "transit" is over its quota');
    }
    if (faults.denied || headers['x-vault-token'] !== options.token) return fail(403, 'permission denied');
    const [, action, name] = /^\/v1\/transit\/(keys|sign)\/([^/]+)$/.exec(path) ?? [];
    const key = keys.find((one) => one.name === name);
    if (key === undefined) return fail(action === 'sign' ? 400 : 404, 'signing key not found');
    if (action === 'keys') return { status: 200, body: { data: describe(key, options.chains ?? {}) } };
    const version = Number(body['key_version']) || key.versions.length;
    const pair = key.versions[version - 1];
    if (pair === undefined || faults.disabled) return fail(400, 'version is disallowed by min_encryption_version');
    const rsa = pair.keySpec.startsWith('RSA');
    if (body['prehashed'] !== true) return fail(400, 'this service signs digests');
    if (rsa && (body['signature_algorithm'] !== 'pss' || body['salt_length'] !== 'hash'))
      return fail(400, 'salt length');
    const jws = body['marshaling_algorithm'] === 'jws';
    const signature = signWith(pair, Buffer.from(String(body['input']), 'base64'), !jws, faults);
    const text = Buffer.from(signature).toString(jws ? 'base64url' : 'base64');
    return { status: 200, body: { data: { signature: `vault:v${version}:${text}`, key_version: version } } };
  }, faults);
}

function describe({ name, versions }: KmsKey, chains: Readonly<Record<string, string>>): object {
  const entries = versions.map(({ spki }, i) => [
    `${i + 1}`,
    { name, public_key: encodePem('PUBLIC KEY', spki), certificate_chain: chains[`${name}:${i + 1}`] ?? '' },
  ]);
  return { name, latest_version: versions.length, supports_signing: true, keys: Object.fromEntries(entries) };
}

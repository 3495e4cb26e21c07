import { encodePem } from '@notarykit/pki/internal';
import type { KmsAnswer } from './answer.js';
import { type KmsFaults, type KmsKey, noFaults, signWith } from './key.js';
import { type KmsDouble, type KmsRequest, serve } from './serve.js';
import { fail, issueCertificate, setCertificate, type VaultPkiRole } from './vault-certificates.js';

/** How {@link serveVault} is set up. */
export interface VaultOptions {
  /** A token that never ends. */
  readonly token: string;
  /** Chains stored beside the keys: PEM by `<name>:<version>`. `set-certificate` adds to them. */
  readonly chains?: Readonly<Record<string, string>>;
  /** A PKI engine at `pki` with one role; with `tls`, the role has its default settings. */
  readonly pki?: VaultPkiRole;
  /** Secrets of a KV version 2 engine at `secret`, by path. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Who may log in at `auth/approle/login`; each login gives a new token. */
  readonly appRole?: { readonly role_id: string; readonly secret_id: string };
  /** Logins at `auth/jwt/login`: a role, and whether it accepts a token; each login gives a new token of Vault. */
  readonly jwt?: { readonly role: string; accepts(token: string): boolean | Promise<boolean> };
}

/** {@link serveVault}, with tokens that can be taken back. */
export interface VaultDouble extends KmsDouble {
  /** Every token that a login gave is refused from now on. */
  revokeTokens(): void;
}

/** The transit engine of Vault and OpenBao: reading a key and signing with it; a KV engine and AppRole logins beside it. */
export async function serveVault(keys: readonly KmsKey[], options: VaultOptions): Promise<VaultDouble> {
  const faults = noFaults();
  const stored: Record<string, string> = {};
  const tokens = new Set<string>();
  let logins = 0;
  const logIn = (): KmsAnswer => {
    const client_token = `hvs.login-${++logins}`;
    tokens.add(client_token);
    return { status: 200, body: { auth: { client_token, lease_duration: 3600, renewable: true } } };
  };
  const double = await serve(async (request) => {
    if (faults.throttle > 0) {
      faults.throttle--;
      return fail(429, 'request path "transit": rate limit quota exceeded');
    }
    const refusal = await loginRefusal(request, options);
    if (refusal !== undefined) return refusal.length > 0 ? fail(400, refusal) : logIn();
    const token = String(request.headers['x-vault-token']);
    const known = token === options.token || tokens.has(token);
    return faults.denied || !known
      ? fail(403, 'permission denied')
      : answer(request, keys, { ...options, stored }, faults);
  }, faults);
  return { ...double, revokeTokens: () => tokens.clear() };
}

/** Why a login is refused, empty if it is accepted; `undefined` for a request that is not a login. */
async function loginRefusal({ path, body }: KmsRequest, { appRole, jwt }: VaultOptions): Promise<string | undefined> {
  if (path === '/v1/auth/approle/login') {
    const known = appRole !== undefined && body['role_id'] === appRole.role_id;
    return known && body['secret_id'] === appRole.secret_id ? '' : 'invalid role or secret ID';
  }
  if (path !== '/v1/auth/jwt/login') return undefined;
  if (jwt === undefined || body['role'] !== jwt.role) return `role "${String(body['role'])}" could not be found`;
  return (await jwt.accepts(String(body['jwt']))) ? '' : 'error validating token: invalid audience (aud) claim';
}

function answer(
  { path, method, body }: KmsRequest,
  keys: readonly KmsKey[],
  { secrets = {}, chains = {}, pki, stored }: VaultOptions & { readonly stored: Record<string, string> },
  faults: KmsFaults,
): KmsAnswer | Promise<KmsAnswer> {
  if (method === 'GET' && faults.readDenied) return fail(403, 'permission denied');
  const [, secret = ''] = /^\/v1\/secret\/data\/(.+)$/.exec(path) ?? [];
  if (Object.hasOwn(secrets, secret)) return { status: 200, body: { data: { data: secrets[secret] } } };
  if (pki !== undefined && path === `/v1/pki/sign/${pki.role}`) return issueCertificate(pki, body);
  const [, owner] = /^\/v1\/transit\/keys\/([^/]+)\/set-certificate$/.exec(path) ?? [];
  if (owner !== undefined) return setCertificate(keys, owner, body, stored);
  const [, action, name] = /^\/v1\/transit\/(keys|sign)\/([^/]+)$/.exec(path) ?? [];
  const key = keys.find((one) => one.name === name);
  if (action === undefined || (key === undefined && action === 'keys')) return fail(404);
  if (key === undefined) return fail(400, 'signing key not found');
  return action === 'keys'
    ? { status: 200, body: { data: describe(key, { ...chains, ...stored }) } }
    : sign(key, body, faults);
}

function describe({ name, versions, usage }: KmsKey, chains: Readonly<Record<string, string>>): object {
  const entries = versions.map(({ spki }, i) => [
    `${i + 1}`,
    { name, public_key: encodePem('PUBLIC KEY', spki), certificate_chain: chains[`${name}:${i + 1}`] ?? '' },
  ]);
  return {
    name,
    latest_version: versions.length,
    supports_signing: usage !== 'encrypt',
    keys: Object.fromEntries(entries),
  };
}

function sign({ versions, usage, name }: KmsKey, body: KmsRequest['body'], faults: KmsFaults): KmsAnswer {
  const version = Number(body['key_version'] ?? 0) || versions.length;
  const pair = versions[version - 1];
  if (usage === 'encrypt') return fail(400, `key type ${name} does not support signing`);
  const refused = 'requested version for signing is';
  if (pair === undefined) return fail(400, `${refused} higher than the latest key version`);
  if (faults.disabled) return fail(400, `${refused} less than the minimum encryption key version`);
  if (body['prehashed'] !== true) return fail(400, 'this service signs digests');
  // As the real one: without `salt_length` the salt is as long as it can be.
  const maximalSalt = faults.maximalSalt || body['salt_length'] !== 'hash';
  const scheme = body['signature_algorithm'];
  const pkcs1 = scheme === 'pkcs1v15';
  if (pair.keySpec.startsWith('RSA') && scheme !== 'pss' && !pkcs1) return fail(400, 'unsupported scheme');
  const jws = body['marshaling_algorithm'] === 'jws';
  const digest = Buffer.from(String(body['input']), 'base64');
  const signature = signWith({ versions, version, digest, der: !jws, pkcs1 }, { ...faults, maximalSalt });
  const text = Buffer.from(signature).toString(jws ? 'base64url' : 'base64');
  return { status: 200, body: { data: { signature: `vault:v${version}:${text}`, key_version: version } } };
}

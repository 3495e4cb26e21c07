import { algorithmOf } from '@notarykit/signature-envelope/internal';
import { createAuthority } from '../authority/authority.js';
import { extendedKeyUsage, keyUsage, purposes, subjectAltName } from '../authority/extensions.js';
import type { KmsAnswer } from './answer.js';
import { certificateBundle, keyBundle, secretBundle, versionOf } from './azure-bundles.js';
import type { KeyVaultCertificate, KeyVaultVersion } from './azure-certificate.js';
import {
  createPending,
  mergePending,
  type PendingCertificate,
  pendingBundle,
  unissuedBundle,
} from './azure-pending.js';
import { type KmsFaults, noFaults, signWith } from './key.js';
import { type KmsDouble, type KmsRequest, serve } from './serve.js';

/** A vault that listens. */
export interface KeyVaultDouble extends KmsDouble {
  /** PEM of the root that vouches for the listener: `tlsOptions: { ca }`. */
  readonly ca: string;
  /** The token that it takes: from `getToken` of a credential. */
  readonly token: string;
  /** The resource that the challenge names; a client asks its credential for it. */
  readonly resource: string;
}

const resource = 'https://vault.azure.net';
const tenant = '00000000-0000-0000-0000-00000000000a';
const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${resource}"`;

/** An error as the vault writes it. */
function fail(status: number, code: string, message: string, innererror?: string): KmsAnswer {
  const inner = innererror === undefined ? {} : { innererror: { code: innererror } };
  return { status, body: { error: { code, message, ...inner } } };
}

/**
 * Azure Key Vault as its SDK sees it: keys (get, sign), certificates (get, create, merge) and secrets (get), over TLS, with its challenge for a
 * token. An unknown version of a certificate is answered with the latest one, as the service does.
 *
 * @example
 * ```ts
 * const vault = await serveKeyVault([{ name: 'net-monitor', versions: [leaf] }]);
 * const client = new CertificateClient(vault.url, { getToken: async () => ({ token: vault.token, expiresOnTimestamp }) }, {
 *   disableChallengeResourceVerification: true,
 *   tlsOptions: { ca: vault.ca },
 * });
 * ```
 */
export async function serveKeyVault(certificates: readonly KeyVaultCertificate[]): Promise<KeyVaultDouble> {
  const faults = noFaults();
  const token = 'vault-token-1';
  const { key, cert, ca } = await tlsIdentity();
  let host = '';
  const made: KeyVaultCertificate[] = [];
  const pending = new Map<string, PendingCertificate>();
  const handler = async (request: KmsRequest): Promise<KmsAnswer> => {
    const refused = refusal(request, token, faults);
    if (refused !== undefined) return refused;
    const state = { certificates: [...certificates, ...made], host, faults };
    return (await issuance(request, { ...state, made, pending })) ?? answer(request, state);
  };
  const double = await serve(handler, faults, { tls: { key, cert }, requestIdHeader: 'x-ms-request-id' });
  host = double.url;
  return { ...double, ca, token, resource };
}

async function tlsIdentity(): Promise<{ key: string; cert: string; ca: string }> {
  const authority = await createAuthority({ name: 'NotaryKit Test Vault', intermediates: 0 });
  const extensions = [
    keyUsage(['digitalSignature']),
    extendedKeyUsage([purposes.serverAuth]),
    subjectAltName(['localhost']),
  ];
  const server = await authority.issueLeaf({ extensions: () => extensions });
  return { key: server.privateKeyPem, cert: server.pem, ca: authority.root.pem };
}

function refusal({ headers, query, path }: KmsRequest, token: string, faults: KmsFaults): KmsAnswer | undefined {
  if (headers.authorization !== `Bearer ${token}`)
    return { ...fail(401, 'Unauthorized', 'AKV10000: no valid token'), headers: { 'www-authenticate': challenge } };
  if (faults.throttle > 0) {
    faults.throttle--;
    const wait = { 'retry-after': '1', 'retry-after-ms': '20' };
    return {
      ...fail(429, 'Throttled', 'Request was not processed because too many requests were received'),
      headers: wait,
    };
  }
  if (!query.has('api-version')) return fail(400, 'BadParameter', 'api-version is missing');
  const denied = faults.denied || (faults.readDenied && !path.endsWith('/sign'));
  return denied ? fail(403, 'Forbidden', 'Caller is not authorized to perform action', 'ForbiddenByRbac') : undefined;
}

/** A certificate on its way: created, asked after, merged with what an authority issued. */
async function issuance(
  { method, path, body }: KmsRequest,
  state: {
    readonly certificates: readonly KeyVaultCertificate[];
    readonly made: KeyVaultCertificate[];
    readonly pending: Map<string, PendingCertificate>;
    readonly host: string;
  },
): Promise<KmsAnswer | undefined> {
  const { certificates, made, pending, host } = state;
  const [, name = '', step] = /^\/certificates\/([^/]+)\/(|create|pending|pending\/merge)$/.exec(path) ?? [];
  const known = certificates.find((one) => one.name === name);
  if (step === undefined || (step === '' && (known !== undefined || !pending.has(name)))) return undefined;
  if (step === '') return { status: 200, body: unissuedBundle(host, name) };
  if (step === 'create' && pending.has(name))
    return fail(409, 'Conflict', `A new certificate of ${name} can not be created while one is pending`);
  if (step === 'create') pending.set(name, await createPending(body));
  const waiting = pending.get(name);
  if (waiting === undefined) return fail(404, 'PendingCertificateNotFound', `${name} has no pending certificate`);
  if (method === 'GET' || step === 'create')
    return { status: step === 'create' ? 202 : 200, body: pendingBundle(host, name, waiting) };
  const issued = mergePending(waiting, body);
  if (issued === undefined) return fail(400, 'BadParameter', 'Public key from x509 certificate does not match');
  pending.delete(name);
  const certificate = known ?? { name, versions: [] };
  if (known === undefined) made.push(certificate);
  certificate.versions.push(issued);
  return { status: 201, body: certificateBundle({ certificate, issued, host }) };
}

/** A version that was found. */
interface Found {
  readonly certificate: KeyVaultCertificate;
  readonly issued: KeyVaultVersion;
  readonly host: string;
}

async function answer(
  { path, body }: KmsRequest,
  state: { certificates: readonly KeyVaultCertificate[]; host: string; faults: KmsFaults },
): Promise<KmsAnswer> {
  const { certificates, host, faults } = state;
  const [, kind = '', name = '', version = '', sign] =
    /^\/(keys|certificates|secrets)\/([^/]+)(?:\/([^/]*))?(\/sign)?$/.exec(path) ?? [];
  const certificate = certificates.find((one) => one.name === name);
  const latest = certificate?.versions.at(-1);
  const exact = certificate?.versions.find((one) => versionOf(one) === version);
  const issued = exact ?? (version === '' || kind === 'certificates' ? latest : undefined);
  if (certificate === undefined || issued === undefined) return notFound(kind, name, version);
  const found: Found = { certificate, issued, host };
  if (kind === 'certificates') return { status: 200, body: certificateBundle(found) };
  const operation = sign === undefined ? 'get' : 'sign';
  if (faults.disabled)
    return fail(403, 'Forbidden', `Operation ${operation} is not allowed on a disabled key.`, 'KeyDisabled');
  if (sign !== undefined) return signDigestOf(found, body, faults);
  return { status: 200, body: kind === 'keys' ? keyBundle(found) : await secretBundle(found) };
}

function notFound(kind: string, name: string, version: string): KmsAnswer {
  const what = { keys: 'Key', certificates: 'Certificate', secrets: 'Secret' }[kind] ?? 'Resource';
  return fail(404, `${what}NotFound`, `A ${what.toLowerCase()} with (name/id) ${name}/${version} was not found.`);
}

function signDigestOf({ certificate, issued, host }: Found, body: KmsRequest['body'], faults: KmsFaults): KmsAnswer {
  const { keySpec } = issued;
  const { jws, hash } = algorithmOf(keySpec);
  const digest = Buffer.from(String(body['value']), 'base64url');
  if (certificate.keyOperations?.includes('sign') === false)
    return fail(403, 'Forbidden', 'Operation sign is not permitted on this key.', 'KeyOperationForbidden');
  if (body['alg'] !== jws)
    return fail(400, 'BadParameter', `Key and signing algorithm are incompatible. Key: ${keySpec}`);
  if (digest.length * 8 !== Number(hash.slice(3))) return fail(400, 'BadParameter', 'Invalid length of digest');
  const versions = certificate.versions.map(({ keyPair }) => keyPair);
  const version = certificate.versions.indexOf(issued) + 1;
  const value = Buffer.from(signWith({ versions, version, digest, der: false }, faults)).toString('base64url');
  return { status: 200, body: { kid: `${host}/keys/${certificate.name}/${versionOf(issued)}`, value } };
}

import { type CallOptions, decodeBase64, defined, quote } from '@notarykit/common/internal';
import { type Certificate, parseCertificate, parseCertificates, parsePem, parsePkcs12 } from '@notarykit/pki/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, readChainOf } from '../certificate-chain.js';
import { requireMethods } from '../remote/brought.js';
import type { RemoteKey } from '../remote/remote-signer.js';
import type {
  AbortOptions,
  AzureCertificate,
  AzureCertificateClient,
  AzureSecret,
  AzureSecretClient,
} from './clients.js';

/** Where a certificate is and where its issuers are. */
export interface CertificateSource {
  readonly certificates: AzureCertificateClient;
  readonly name: string;
  readonly version?: string;
  readonly caCertificates?: CertificateChainInput;
  readonly secrets?: AzureSecretClient;
}

/** The certificate in the version that is meant, with the key version behind it and its whole chain. */
export async function openCertificate(source: CertificateSource, call: CallOptions): Promise<RemoteKey> {
  const { name } = source;
  checkName(name);
  const { keyId, cer, properties } = await getCertificate(source, call);
  if (cer === undefined || keyId === undefined)
    throw refuse('key-not-found', `certificate ${name} has no content or no key yet`, name);
  checkVersioned(keyId);
  const leaf = parseCertificate(new Uint8Array(cer));
  const issuers = await issuersOf(source, properties.version, call);
  const others = issuers.filter(({ fingerprint }) => fingerprint !== leaf.fingerprint);
  const ders = [leaf, ...others].map(({ der }) => der);
  return { keyId, chain: await readChainOf(ders, leaf.publicKey.der) };
}

/**
 * Names of a vault appear in the paths of its clients, which do not check them.
 *
 * @throws {SignerError} reason `invalid-request`
 */
export function checkName(name: string): void {
  if (typeof name !== 'string' || !/^[0-9A-Za-z-]{1,127}$/.test(name))
    throw refuse('invalid-request', `expected a name of letters, digits and dashes, found ${quote(name)}`, quote(name));
}

/** @throws {SignerError} reason `bad-key` */
export function checkVersioned(keyId: string): void {
  if (typeof keyId !== 'string' || !/^https:\/\/[^/?#\\]+\/keys\/[0-9A-Za-z-]+\/[0-9A-Za-z]+$/.test(keyId))
    throw refuse(
      'bad-key',
      'expected the URL of a key with its version, ending in "/keys/<name>/<version>"',
      quote(keyId),
    );
}

const abortable = ({ signal }: CallOptions): AbortOptions => defined({ abortSignal: signal });

function refuse(reason: SignerErrorReason, message: string, keyId: string, cause?: unknown): SignerError {
  const detail = { reason, provider: 'azure-key-vault', keyId };
  return new SignerError(`Azure Key Vault: ${message}`, detail, defined({ cause }));
}

async function getCertificate(source: CertificateSource, call: CallOptions): Promise<AzureCertificate> {
  const { certificates, name, version } = source;
  requireMethods(certificates, 'certificates', version === undefined ? 'getCertificate' : 'getCertificateVersion');
  if (version !== undefined && !/^[0-9A-Za-z]{1,64}$/.test(version))
    throw refuse('invalid-request', `expected a version of letters and digits, found ${quote(version)}`, name);
  if (version === undefined) return certificates.getCertificate(name, abortable(call));
  const found = await certificates.getCertificateVersion(name, version, abortable(call));
  // The service answers an unknown version with the latest one.
  if (found.properties.version === version) return found;
  const message = `expected version ${version} of certificate ${name}, found ${found.properties.version ?? 'none'}`;
  throw refuse('key-not-found', message, name);
}

async function issuersOf(
  { secrets, caCertificates, name }: CertificateSource,
  version: string | undefined,
  call: CallOptions,
): Promise<readonly Certificate[]> {
  if (secrets !== undefined) {
    requireMethods(secrets, 'secrets', 'getSecret');
    const of = defined({ version });
    return certificatesOf(await secrets.getSecret(name, { ...abortable(call), ...of }), name, call);
  }
  if (caCertificates === undefined) return [];
  return typeof caCertificates === 'string'
    ? parseCertificates(caCertificates)
    : caCertificates.map((der) => parseCertificate(new Uint8Array(der)));
}

/** A private key beside the certificates is passed over without being read. */
async function certificatesOf(
  { value = '', properties }: AzureSecret,
  name: string,
  call: CallOptions,
): Promise<readonly Certificate[]> {
  try {
    if (properties.contentType === 'application/x-pkcs12')
      return (await parsePkcs12(decodeBase64(value), { password: '', privateKeys: 'skip', ...call })).certificates;
    const blocks = parsePem(value).filter(({ label }) => label === 'CERTIFICATE');
    return blocks.map(({ der }) => parseCertificate(der));
  } catch (cause) {
    call.signal?.throwIfAborted();
    const message = `the secret of ${name} cannot be read; create the certificate with content type "application/x-pem-file", or give caCertificates`;
    throw refuse('chain-mismatch', message, name, cause);
  }
}

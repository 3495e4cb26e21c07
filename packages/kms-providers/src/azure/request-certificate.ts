import {
  type Bytes,
  type CallOptions,
  concatBytes,
  defined,
  equalBytes,
  untilAborted,
} from '@notarykit/common/internal';
import { type Csr, encodeName, formatName, parseCsr } from '@notarykit/pki/internal';
import { algorithmOf, type KeySpec, keySpecOf, SignerError } from '@notarykit/signature-envelope/internal';
import type { CertificateChainInput } from '../certificate-chain.js';
import { checkIssued, type IssuedChain } from '../csr/check-issued.js';
import { requireFunction, requireMethods } from '../remote/brought.js';
import { checkName, checkVersioned } from './certificate.js';
import type { AbortOptions, AzureCertificate } from './clients.js';
import { azureError } from './errors.js';

/** The policy that a certificate is created with. */
export interface AzureCertificatePolicy {
  issuerName: 'Unknown';
  subject: string;
  exportable: false;
  reuseKey: false;
  keyType: 'RSA' | 'EC' | 'RSA-HSM' | 'EC-HSM';
  keySize?: number;
  keyCurveName?: 'P-256' | 'P-384' | 'P-521';
  keyUsage: 'digitalSignature'[];
  enhancedKeyUsage: string[];
  contentType: 'application/x-pem-file';
}

/** The part of `CertificateClient` of `@azure/keyvault-certificates` that gets a certificate issued. */
export interface AzureIssuanceClient {
  beginCreateCertificate(name: string, policy: AzureCertificatePolicy, options?: AbortOptions): Promise<unknown>;
  getCertificateOperation(
    name: string,
    options?: AbortOptions,
  ): Promise<{
    getOperationState(): { readonly certificateOperation?: { readonly csr?: Uint8Array | undefined } | undefined };
  }>;
  mergeCertificate(name: string, certificates: Uint8Array[], options?: AbortOptions): Promise<AzureCertificate>;
}

/** Options of {@link requestAzureCertificate}. */
export interface RequestAzureCertificateOptions extends CallOptions {
  readonly certificates: AzureIssuanceClient;
  /** Name of the certificate in the vault: a new one, or one that gets a new version with a new key. */
  readonly name: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly keySpec: KeySpec;
  /** Whether the key is made in hardware; needs a vault of the premium kind. Default false. */
  readonly hsm?: boolean;
  /** Takes the request to an authority and brings the certificates back: in any order, root included. */
  readonly issue: (csr: Bytes, options: CallOptions) => Promise<CertificateChainInput>;
  /** When the chain must be valid. Default now. */
  readonly now?: Date;
  /** As in `requestCertificate`: takes a certificate for another name than `subject`. Default false. */
  readonly allowOtherSubject?: boolean;
}

/** A chain that was issued, and the key version that it is for. */
export interface AzureIssuedChain extends IssuedChain {
  /** URL of the key with its version. */
  readonly keyId: string;
}

/**
 * The road to a certificate in Azure Key Vault: the vault makes a key that cannot be exported and a request for it, an
 * authority issues, and the whole chain is merged, so that `azureKeyVaultSigner` finds it in the certificate's secret too.
 * The usages are asked for explicitly: a vault's own policy is for TLS. Needs `certificates/create`, `get` and `import`.
 *
 * A certificate that an authority has not issued stays pending in the vault, one for each name; the next call takes its request to
 * the authority again, if it is for the same subject and key spec.
 *
 * @throws {SignerError} `chain-mismatch` for an answer that does not fit, which is then not merged; `invalid-request` when a
 * request for something else is pending; what the vault refuses; and what `issue` throws
 */
export async function requestAzureCertificate(options: RequestAzureCertificateOptions): Promise<AzureIssuedChain> {
  const { certificates: client, name, signal, subject, allowOtherSubject = false } = options;
  const call = defined({ signal });
  checkName(name);
  requireMethods(client, 'certificates', 'beginCreateCertificate', 'getCertificateOperation', 'mergeCertificate');
  requireFunction(options.issue, 'issue');
  const csr = await requestOf(options);
  const certificates = await untilAborted(options.issue(csr, call), signal);
  const issuedFor = { publicKey: parseCsr(csr).publicKey.der, keyId: name, at: options.now ?? new Date() };
  const chain = await checkIssued(certificates, { ...issuedFor, subject, allowOtherSubject });
  const { keyId } = await asked(options, (abort) => client.mergeCertificate(name, [...chain.certificateChain], abort));
  if (keyId === undefined) throw refuse('unknown', 'the vault merged the chain and named no key', name);
  checkVersioned(keyId);
  return { ...chain, keyId };
}

/** The vault's request: of a certificate that is created now, or of one that has been waiting since a call before. */
async function requestOf(options: RequestAzureCertificateOptions): Promise<Bytes> {
  const { certificates: client, name } = options;
  const policy = policyOf(options);
  const waited = await asked(options, (abort) =>
    client.beginCreateCertificate(name, policy, abort).then(() => false, isPending),
  );
  const operation = await asked(options, (abort) => client.getCertificateOperation(name, abort));
  const csr = operation.getOperationState().certificateOperation?.csr;
  if (csr === undefined) throw refuse('unknown', 'the vault gave no request', name);
  if (waited) checkPending(readCsr(csr, name), options);
  return concatBytes([csr]);
}

/** A second certificate of a name is refused with 409 while the first one waits for its authority. */
function isPending(error: unknown): true {
  if ((error as { statusCode?: unknown } | null)?.statusCode === 409) return true;
  throw error;
}

function checkPending({ subject, publicKey }: Csr, options: RequestAzureCertificateOptions): void {
  const sameKey = keySpecOf(publicKey) === options.keySpec;
  if (sameKey && equalBytes(subject.der, encodeName(options.subject))) return;
  const found = `one of ${keySpecOf(publicKey)} for "${formatName(subject)}"`;
  const advice = 'merge it, or delete the pending operation (deleteOperation)';
  throw refuse('invalid-request', `another request of this certificate is pending, ${found}; ${advice}`, options.name);
}

function readCsr(csr: Uint8Array, name: string): Csr {
  try {
    return parseCsr(csr);
  } catch (cause) {
    throw refuse('unknown', 'the request of the vault cannot be read', name, cause);
  }
}

async function asked<T>(
  { name, signal }: RequestAzureCertificateOptions,
  ask: (options: AbortOptions) => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await untilAborted(ask(defined({ abortSignal: signal })), signal);
  } catch (error) {
    throw azureError(error, name, signal);
  }
}

function policyOf({ keySpec, subject, hsm = false }: RequestAzureCertificateOptions): AzureCertificatePolicy {
  // A subject that is not a name is refused here, before the vault makes a key for it.
  encodeName(subject);
  const { type, curve, signatureLength } = algorithmOf(keySpec);
  const kind = type === 'ec' ? 'EC' : 'RSA';
  return {
    issuerName: 'Unknown',
    subject: Object.entries(subject)
      .map(([name, value]) => `${name}=${quoted(value)}`)
      .join(', '),
    exportable: false,
    reuseKey: false,
    keyType: hsm ? `${kind}-HSM` : kind,
    ...(curve === undefined ? { keySize: signatureLength * 8 } : { keyCurveName: curve }),
    keyUsage: ['digitalSignature'],
    enhancedKeyUsage: ['1.3.6.1.5.5.7.3.3'],
    contentType: 'application/x-pem-file',
  };
}

/** As names are written for Azure: a value with a separator is in quotation marks, and those are doubled. */
function quoted(value: string): string {
  return /[,+="<>#;\\\r\n]|^ | $/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function refuse(reason: 'unknown' | 'invalid-request', message: string, keyId: string, cause?: unknown): SignerError {
  const detail = { reason, provider: 'azure-key-vault', keyId };
  return new SignerError(`Azure Key Vault: ${message}`, detail, defined({ cause }));
}

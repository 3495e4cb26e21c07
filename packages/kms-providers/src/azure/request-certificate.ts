import { type Bytes, type CallOptions, concatBytes, equalBytes } from '@notarykit/common';
import { type Certificate, parseCertificate, parseCertificates } from '@notarykit/pki';
import { algorithmOf, type KeySpec, SignerError } from '@notarykit/signature-envelope';
import type { CertificateChainInput } from '../certificate-chain.js';
import { checkIssued, type IssuedChain } from '../csr/check-issued.js';
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
 * A certificate that an authority never issued stays pending in the vault, where the client can delete it.
 *
 * @throws {SignerError} `chain-mismatch` for an answer that does not fit, which is then not merged; what the vault refuses; and
 * what `issue` throws
 */
export async function requestAzureCertificate(options: RequestAzureCertificateOptions): Promise<AzureIssuedChain> {
  const { certificates: client, name, signal } = options;
  const call = signal === undefined ? {} : { signal };
  const csr = await asked(options, async (abort) => {
    await client.beginCreateCertificate(name, policyOf(options), abort);
    return (await client.getCertificateOperation(name, abort)).getOperationState().certificateOperation?.csr;
  });
  if (csr === undefined) throw refuse('unknown', 'the vault gave no request', name);
  const certificates = parse(await options.issue(concatBytes([csr]), call));
  const leaf = certificates.find(({ publicKey }) => contains(csr, publicKey.der));
  if (leaf === undefined)
    throw refuse('chain-mismatch', 'none of the certificates is for the key of the request', name);
  const ders = certificates.map(({ der }) => der);
  const at = options.now ?? new Date();
  const chain = await checkIssued(ders, { publicKey: leaf.publicKey.der, keyId: name, at });
  const { keyId } = await asked(options, (abort) => client.mergeCertificate(name, [...chain.certificateChain], abort));
  if (keyId === undefined) throw refuse('unknown', 'the vault merged the chain and named no key', name);
  return { ...chain, keyId };
}

async function asked<T>(
  { name, signal }: RequestAzureCertificateOptions,
  ask: (options: AbortOptions) => Promise<T>,
): Promise<T> {
  try {
    return await ask(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    throw azureError(error, name, signal);
  }
}

function policyOf({ keySpec, subject, hsm = false }: RequestAzureCertificateOptions): AzureCertificatePolicy {
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

/** As names are written for Azure: a value with a separator stands in quotation marks, and those are doubled. */
function quoted(value: string): string {
  return /[,+="<>#;\\\r\n]|^ | $/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function parse(input: CertificateChainInput): readonly Certificate[] {
  try {
    return typeof input === 'string' ? parseCertificates(input) : input.map((der) => parseCertificate(der));
  } catch (cause) {
    const message = `what the authority issued cannot be read: ${(cause as Error).message}`;
    throw new SignerError(`Azure Key Vault: ${message}`, { reason: 'chain-mismatch' }, { cause });
  }
}

/** Whether a request is for a key: its SubjectPublicKeyInfo, with the key in it, stands there as it is. */
function contains(csr: Uint8Array, publicKey: Uint8Array): boolean {
  for (let at = 0; at + publicKey.length <= csr.length; at++)
    if (equalBytes(csr.subarray(at, at + publicKey.length), publicKey)) return true;
  return false;
}

function refuse(reason: 'unknown' | 'chain-mismatch', message: string, keyId: string): SignerError {
  return new SignerError(`Azure Key Vault: ${message}`, { reason, provider: 'azure-key-vault', keyId });
}

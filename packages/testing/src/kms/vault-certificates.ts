import { equalBytes } from '@notarykit/common/internal';
import { encodePem, parseCertificates, parsePem } from '@notarykit/pki/internal';
import type { Authority } from '../authority/authority.js';
import type { ExtensionSpec } from '../authority/extension-spec.js';
import { basicConstraints, extendedKeyUsage, keyUsage, purposes } from '../authority/extensions.js';
import type { KmsAnswer } from './answer.js';
import type { KmsKey } from './key.js';
import type { KmsRequest } from './serve.js';

/** A role of a PKI engine. */
export interface VaultPkiRole {
  readonly authority: Authority;
  readonly role: string;
  /** Certificates for TLS servers and clients, as a role issues them by default. */
  readonly tls?: boolean;
}

/** An error as the server writes it. */
export const fail = (status: number, ...errors: string[]): KmsAnswer => ({ status, body: { errors } });

const tlsExtensions = (): ExtensionSpec[] => [
  basicConstraints({ ca: false }),
  keyUsage(['digitalSignature', 'keyEncipherment', 'keyAgreement']),
  extendedKeyUsage([purposes.serverAuth, purposes.clientAuth]),
];

/** `POST pki/sign/<role>`. */
export async function issueCertificate({ authority, tls }: VaultPkiRole, body: KmsRequest['body']): Promise<KmsAnswer> {
  const [request] = parsePem(String(body['csr']));
  if (request === undefined) return fail(400, "the request's PEM block could not be decoded");
  if (typeof body['common_name'] !== 'string') return fail(400, 'the common_name field is required');
  const chain = await authority.issueFromCsr(request.der, tls === true ? { extensions: tlsExtensions } : {});
  const [certificate, ...ca_chain] = chain.map((der) => encodePem('CERTIFICATE', der).trimEnd());
  return { status: 200, body: { data: { certificate, issuing_ca: ca_chain[0], ca_chain } } };
}

/** `POST transit/keys/<name>/set-certificate`: the leaf must be the version's, and the last certificate a CA. */
export function setCertificate(
  keys: readonly KmsKey[],
  name: string,
  body: KmsRequest['body'],
  chains: Record<string, string>,
): KmsAnswer {
  const version = Number(body['version']);
  const pair = keys.find((key) => key.name === name)?.versions[version - 1];
  if (pair === undefined) return fail(400, 'key or version not found');
  const certificates = parseCertificates(String(body['certificate_chain']));
  const [leaf] = certificates;
  if (leaf === undefined || !equalBytes(leaf.publicKey.der, pair.spki))
    return fail(400, 'the public key of the leaf certificate does not match the key');
  if (certificates.at(-1)?.basicConstraints?.ca !== true) return fail(400, 'the last certificate is not a CA');
  chains[`${name}:${version}`] = String(body['certificate_chain']);
  return { status: 200, body: {} };
}

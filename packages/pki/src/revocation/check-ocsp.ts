import { type Bytes, equalBytes } from '@notarykit/common/internal';
import { contentOf, DerReader, Tag } from '../asn1/index.js';
import { keyBitsOf } from '../crypto/public-key.js';
import { signatureParametersOf } from '../crypto/signature-algorithm.js';
import { verifyWith } from '../crypto/verify-raw.js';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { verifyCertificateSignature } from '../x509/verify.js';
import { certIdOf, certIdText, digest, serialOf } from './cert-id.js';
import { isExcused } from './check-crl.js';
import type { RevocationEvidence } from './checker.js';
import { decodeInvalidityDate } from './crl-entries.js';
import { checkFreshness, type FreshnessOptions } from './freshness.js';
import { oidNonce } from './ocsp-request.js';
import type { OcspResponse } from './ocsp-response.js';
import type { OcspSingleResponse } from './ocsp-single-response.js';

/** About which certificate an OCSP answer is asked, and how. */
export interface CheckOcspOptions extends FreshnessOptions {
  readonly certificate: Certificate;
  /** The issuer, from the validated chain. */
  readonly issuer: Certificate;
  readonly url?: string;
  /** The nonce of the request: an answer with another one is refused, one without is accepted and marked. */
  readonly nonce?: Uint8Array;
  readonly authenticSigningTime?: Date;
  /** Accept signatures with SHA-1. Only for vectors of other people. Default false. */
  readonly allowSha1?: boolean;
}

/** What an OCSP answer says of a certificate. */
export interface OcspVerdict extends RevocationEvidence {
  readonly method: 'ocsp';
  /** A delegated responder without `nocheck`: whether *its* certificate is revoked is still to be asked (by CRL). */
  readonly responderToCheck?: Certificate;
  /** The responder itself says that it does not know the certificate: no other one is asked. */
  readonly unknown?: true;
}

const oids = {
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  noCheck: '1.3.6.1.5.5.7.48.1.5',
  invalidityDate: '2.5.29.24',
  certificateTransparency: '1.3.6.1.4.1.11129.2.4.5',
} as const;

const understood: ReadonlySet<string> = new Set([oidNonce, oids.invalidityDate, oids.certificateTransparency]);

/**
 * What an OCSP answer says of a certificate (RFC 6960, 3.2 and 4.2.2). Anything wrong with it (its signature, the responder's
 * right to sign, its times, another certificate, a critical extension that is not understood) is `unavailable`, never `good`.
 */
export async function checkOcsp(response: OcspResponse, options: CheckOcspOptions): Promise<OcspVerdict> {
  const common = { method: 'ocsp' as const, ...(options.url !== undefined && { url: options.url }) };
  try {
    const responder = await checkSigner(response, options);
    checkCritical(response.extensions);
    const hasNonce = checkNonce(response, options.nonce);
    const { producedAt } = response;
    if (producedAt < options.certificate.notBefore) refuse('an answer made before the certificate was valid');
    const matching = await matchingResponses(response, options);
    for (const one of matching) checkSingle(one, producedAt, options);
    const verdict = decide(matching, options.authenticSigningTime);
    const toCheck =
      responder === undefined || hasExtension(responder, oids.noCheck) ? {} : { responderToCheck: responder };
    const marked =
      options.nonce !== undefined && !hasNonce ? { reason: 'the answer carries no nonce', ...verdict } : verdict;
    return { ...common, ...marked, ...toCheck };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { ...common, outcome: 'unavailable', reason: error.message, error };
  }
}

function hasExtension(certificate: Certificate, wanted: string): boolean {
  return certificate.extensions.some(({ oid }) => oid === wanted);
}

/** The delegated responder that signed, or nothing when the issuer itself did. */
async function checkSigner(response: OcspResponse, options: CheckOcspOptions): Promise<Certificate | undefined> {
  const { issuer } = options;
  if ((await isResponder(response, issuer)) && (await isSignedBy(response, issuer, options))) return undefined;
  let problem = 'no signature of the issuer and no certificate of its responder';
  for (const candidate of response.certificates) {
    if (!(await isResponder(response, candidate)) || equalBytes(candidate.der, issuer.der)) continue;
    const found = await delegateProblem(candidate, response, options);
    if (found === undefined) return candidate;
    problem = found;
  }
  return refuse(problem);
}

async function isResponder({ responder }: OcspResponse, { subject, publicKey }: Certificate): Promise<boolean> {
  if ('name' in responder) return equalBytes(responder.name, subject.der);
  const keyHash = await digest('1.3.14.3.2.26', keyBitsOf(publicKey));
  return keyHash !== undefined && equalBytes(responder.keyHash, keyHash);
}

/** Why a certificate may not answer for the issuer (RFC 6960, 4.2.2.2), if so. */
async function delegateProblem(
  candidate: Certificate,
  response: OcspResponse,
  options: CheckOcspOptions,
): Promise<string | undefined> {
  const { issuer, now, allowStale = false, allowSha1 = false } = options;
  if (!equalBytes(candidate.issuer.der, issuer.subject.der)) return 'a responder of another issuer';
  if (candidate.extendedKeyUsage?.purposes.includes(oids.ocspSigning) !== true)
    return 'a responder without OCSPSigning';
  if (candidate.keyUsage?.usages.has('digitalSignature') === false) return 'a responder that may not sign';
  // Recorded evidence is judged long after the responder's short-lived certificate.
  const at = allowStale ? response.producedAt : now;
  if (at < candidate.notBefore || at > candidate.notAfter) return 'a responder whose certificate is not valid now';
  if (!(await verifyCertificateSignature(candidate, issuer, { allowSha1 }))) return 'a responder of another issuer';
  return (await isSignedBy(response, candidate, options))
    ? undefined
    : 'a signature that does not match the key of the responder';
}

async function isSignedBy(
  response: OcspResponse,
  { publicKey }: Certificate,
  { allowSha1 = false }: CheckOcspOptions,
): Promise<boolean> {
  const parameters = signatureParametersOf(response.signatureAlgorithmDer, { allowSha1 });
  if (parameters === undefined) refuse('a signature algorithm that is not allowed');
  return verifyWith(publicKey, parameters, response.tbs, response.signature, 'der');
}

function checkCritical(extensions: OcspResponse['extensions']): void {
  const unknown = extensions.find(({ oid, critical }) => critical && !understood.has(oid));
  if (unknown !== undefined) refuse(`the critical extension ${unknown.oid}, which is not understood`);
}

/** Whether the answer repeats the nonce; another one is refused. */
function checkNonce(response: OcspResponse, nonce: Uint8Array | undefined): boolean {
  const extension = response.extensions.find(({ oid }) => oid === oidNonce);
  if (nonce === undefined || extension === undefined) return false;
  const reader = new DerReader(extension.value);
  const answered: Bytes = contentOf(reader.element(Tag.octetString, 'a nonce'));
  if (!equalBytes(answered, nonce)) refuse('an answer to another request (its nonce differs)');
  return true;
}

async function matchingResponses(
  { responses }: OcspResponse,
  { certificate, issuer }: CheckOcspOptions,
): Promise<readonly OcspSingleResponse[]> {
  const matching: OcspSingleResponse[] = [];
  const serial = serialOf(certificate);
  for (const one of responses) {
    if (!equalBytes(one.certId.serial, serial)) continue;
    const own = await certIdOf(certificate, issuer, one.certId.hashAlgorithm);
    if (own !== undefined && certIdText(own) === certIdText(one.certId)) matching.push(one);
  }
  if (matching.length === 0) refuse('no answer about this certificate');
  return matching;
}

function checkSingle(one: OcspSingleResponse, producedAt: Date, options: CheckOcspOptions): void {
  checkCritical(one.extensions);
  checkFreshness({ ...one, producedAt }, { ...options, nextUpdateRequired: options.maxAgeMs === undefined });
}

type Decision = Omit<OcspVerdict, 'method' | 'url'>;

/** Any revocation counts; good needs every matching answer to be good. */
function decide(matching: readonly OcspSingleResponse[], authenticSigningTime: Date | undefined): Decision {
  const decisions = matching.map((one) => decideOne(one, authenticSigningTime));
  const order = ['revoked', 'unavailable', 'good'];
  return decisions.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))[0] as Decision;
}

function decideOne(one: OcspSingleResponse, authenticSigningTime: Date | undefined): Decision {
  const times = { thisUpdate: one.thisUpdate, ...(one.nextUpdate && { nextUpdate: one.nextUpdate }) };
  if (one.status === 'good') return { outcome: 'good', ...times };
  if (one.status === 'unknown')
    return { outcome: 'unavailable', reason: 'the responder does not know the certificate', unknown: true, ...times };
  const extension = one.extensions.find(({ oid }) => oid === oids.invalidityDate);
  const invalidityDate = extension === undefined ? undefined : decodeInvalidityDate(extension.value);
  const outcome = isExcused(invalidityDate, authenticSigningTime) ? 'good' : 'revoked';
  const { revokedAt, reason } = one;
  return {
    outcome,
    ...(reason !== undefined && { reason }),
    ...(revokedAt !== undefined && { revokedAt }),
    ...(invalidityDate !== undefined && { invalidityDate }),
    ...times,
  };
}

function refuse(found: string): never {
  throw new PkiError('ERR_PKI_REVOCATION', `expected an OCSP answer that covers the certificate, found ${found}`);
}

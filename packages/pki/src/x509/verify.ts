import type { Bytes } from '@notarykit/common/internal';
import { isMissing } from '#crypto';
import { describePublicKey } from '../crypto/describe-key.js';
import type { SignatureParameters } from '../crypto/platform.js';
import { type SignatureAlgorithmOptions, signatureParametersOf } from '../crypto/signature-algorithm.js';
import { verifyWith } from '../crypto/verify-raw.js';
import { PkiError } from '../errors.js';
import { describeOid } from '../oid-names.js';
import type { Certificate } from './certificate.js';

// A chain seen before costs nothing: the same two (immutable) objects have the same answer.
const verified = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

/**
 * Whether the certificate's signature is made with the issuer's key, with an algorithm of the allow list (no SHA-1, no MD5) that
 * fits the key. Names, usages and times are not looked at. The answer for two certificate objects is remembered as long as
 * they live.
 */
export async function verifyCertificateSignature(
  certificate: Certificate,
  issuer: Certificate,
  options: SignatureAlgorithmOptions = {},
): Promise<boolean> {
  if (options.allowSha1 === true) return verifySignature(certificate, issuer, options);
  return answerIssued(certificate, issuer, false);
}

/** The answer for two certificate objects that was found before. */
export function rememberedAnswer(certificate: Certificate, issuer: Certificate): boolean | undefined {
  return verified.get(certificate)?.get(issuer);
}

/** As {@link verifyCertificateSignature}; with `concurrent`, beside other checks. */
export async function answerIssued(
  certificate: Certificate,
  issuer: Certificate,
  concurrent: boolean,
): Promise<boolean> {
  const known = rememberedAnswer(certificate, issuer);
  if (known !== undefined) return known;
  const answer = await verifySignature(certificate, issuer, {}, concurrent);
  const answers = verified.get(certificate) ?? new WeakMap<Certificate, boolean>();
  verified.set(certificate, answers.set(issuer, answer));
  return answer;
}

/**
 * Why no signature of this kind is checked, whatever its bytes are: for messages, which must not call a signature false that was never
 * looked at.
 *
 * @returns `undefined` when the algorithm is allowed and the kind of key supported
 */
export function uncheckableOf(
  { signatureAlgorithm, signatureAlgorithmDer }: Certificate,
  issuer: Certificate,
): string | undefined {
  const parameters = allowedOf(signatureAlgorithmDer);
  if (parameters === undefined)
    return `is signed with algorithm ${describeOid(signatureAlgorithm)}, which is not allowed (or not with these parameters)`;
  if (isMissing(parameters.scheme)) return `is signed with ${parameters.scheme}, which this platform does not have`;
  if (issuer.publicKey.type !== 'unsupported') return undefined;
  return `is signed with a key of a kind that is not supported (${describePublicKey(issuer.publicKey)})`;
}

function allowedOf(signatureAlgorithmDer: Bytes): SignatureParameters | undefined {
  try {
    return signatureParametersOf(signatureAlgorithmDer);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

async function verifySignature(
  { tbs, signature, signatureAlgorithmDer }: Certificate,
  { publicKey }: Certificate,
  options: SignatureAlgorithmOptions,
  concurrent = false,
): Promise<boolean> {
  try {
    const parameters = signatureParametersOf(signatureAlgorithmDer, options);
    if (parameters === undefined || publicKey.type === 'unsupported') return false;
    return await verifyWith(publicKey, parameters, tbs, signature, 'der', concurrent);
  } catch (error) {
    // A key of another kind, or one that cannot be imported, has signed nothing.
    if (error instanceof PkiError) return false;
    throw error;
  }
}

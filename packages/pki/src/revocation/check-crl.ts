import { equalBytes } from '@notarykit/common/internal';
import { signatureParametersOf } from '../crypto/signature-algorithm.js';
import { verifyWith } from '../crypto/verify-raw.js';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { ExtensionOid } from '../x509/extensions.js';
import type { RevocationEvidence } from './checker.js';
import type { Crl } from './crl-document.js';
import { type CrlEntry, findCrlEntries } from './crl-entries.js';
import { checkFreshness, type FreshnessOptions } from './freshness.js';
import { allReasons, coveredReasons } from './issuing-distribution-point.js';

/** A base CRL, and the delta that brings it up to date. */
export interface CrlPair {
  readonly base: Crl;
  readonly delta?: Crl;
}

/** About which certificate a CRL is asked, and how. */
export interface CheckCrlOptions extends FreshnessOptions {
  readonly certificate: Certificate;
  /** Certificates of the validated chain that bear the issuer's name: more than one after a change of its key. */
  readonly issuers: readonly Certificate[];
  /** Where the CRL comes from. */
  readonly url?: string;
  /** A time at which the signature is known to have existed as signed. */
  readonly authenticSigningTime?: Date;
  /** The CRL must have a number, in an extension that is not critical (RFC 5280, 5.2.3); Go asks for it in deltas only. Default false. */
  readonly requireNumber?: boolean;
  /** Accept signatures with SHA-1. Only for vectors of other people. Default false. */
  readonly allowSha1?: boolean;
}

/** What a CRL says of a certificate. */
export interface CrlVerdict extends RevocationEvidence {
  readonly method: 'crl';
  /** Bits of ReasonFlags (RFC 5280, 4.2.1.13) that the CRL speaks about; good is good only when all are covered. */
  readonly reasons: number;
}

/**
 * Whether a CRL lists a certificate (RFC 5280, 6.3). Anything wrong with the CRL (its signature, time, scope, delta, a critical
 * extension that is not understood) is `unavailable`, never `good`.
 */
export async function checkCrl(pair: CrlPair, options: CheckCrlOptions): Promise<CrlVerdict> {
  const { base, delta } = pair;
  const times = { thisUpdate: base.thisUpdate, ...(base.nextUpdate && { nextUpdate: base.nextUpdate }) };
  const common = { method: 'crl' as const, ...(options.url !== undefined && { url: options.url }), ...times };
  try {
    const reasons = coveredReasons(options.certificate, base.issuingDistributionPoint, options.url);
    if (typeof reasons === 'string') refuse(reasons);
    await checkOne(base, options);
    checkDelta(base, delta, options.certificate);
    if (delta !== undefined) await checkOne(delta, options);
    return { ...common, reasons, ...decide(entriesOf(pair, options.certificate), options.authenticSigningTime) };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { ...common, reasons: 0, outcome: 'unavailable', reason: error.message, error };
  }
}

/** The answer of several CRLs: any revocation counts, good needs all of them and every reason covered. */
export function combineCrlVerdicts(verdicts: readonly CrlVerdict[]): 'good' | 'revoked' | 'unavailable' {
  if (verdicts.some(({ outcome }) => outcome === 'revoked')) return 'revoked';
  const covered = verdicts.reduce((bits, { reasons }) => bits | reasons, 0);
  return verdicts.every(({ outcome }) => outcome === 'good') && covered === allReasons ? 'good' : 'unavailable';
}

async function checkOne(crl: Crl, options: CheckCrlOptions): Promise<void> {
  if (crl.unknownCritical !== undefined) refuse(`the critical extension ${crl.unknownCritical} is not understood`);
  if (options.requireNumber === true) checkNumber(crl);
  checkFreshness(crl, { ...options, nextUpdateRequired: true });
  await checkSignature(crl, options);
}

function checkNumber({ extensions }: Crl): void {
  const number = extensions.find(({ oid }) => oid === '2.5.29.20');
  if (number === undefined) refuse('no CRL number');
  if (number.critical) refuse('a critical CRL number');
}

// The same CRL object and issuer have the same answer: a 32 MiB CRL in a cache is hashed once.
const signed = new WeakMap<Crl, WeakSet<Certificate>>();

async function checkSignature(crl: Crl, { issuers, allowSha1 = false }: CheckCrlOptions): Promise<void> {
  const named = issuers.filter(({ subject }) => equalBytes(subject.der, crl.issuer.der));
  if (named.length === 0) refuse('a CRL of an issuer other than that of the certificate');
  const entitled = named.filter(maySignCrls);
  if (entitled.length === 0) refuse('an issuer that may not sign CRLs');
  for (const issuer of entitled) {
    if (signed.get(crl)?.has(issuer) === true) return;
    if (!(await isSignedBy(crl, issuer, allowSha1))) continue;
    if (!allowSha1) signed.set(crl, (signed.get(crl) ?? new WeakSet()).add(issuer));
    return;
  }
  refuse('a signature that does not match the key of the issuer');
}

function maySignCrls({ basicConstraints, keyUsage }: Certificate): boolean {
  return basicConstraints?.ca !== false && (keyUsage === undefined || keyUsage.usages.has('cRLSign'));
}

async function isSignedBy(crl: Crl, { publicKey }: Certificate, allowSha1: boolean): Promise<boolean> {
  const parameters = signatureParametersOf(crl.signatureAlgorithmDer, { allowSha1 });
  if (parameters === undefined) refuse('a signature algorithm that is not allowed');
  return verifyWith(publicKey, parameters, crl.tbs, crl.signature, 'der');
}

function checkDelta(base: Crl, delta: Crl | undefined, certificate: Certificate): void {
  if (base.baseNumber !== undefined) refuse('a delta CRL in place of a complete one');
  if (delta === undefined) {
    checkNoDelta(base, certificate);
    return;
  }
  if (delta.baseNumber === undefined) refuse('a delta CRL without delta CRL indicator');
  if (base.number === undefined || delta.number === undefined) refuse('a base or delta CRL without number');
  if (delta.number <= base.number) refuse(`delta CRL ${delta.number}, not newer than its base ${base.number}`);
  if (delta.baseNumber > base.number) refuse(`a delta to base ${delta.baseNumber}, newer than base ${base.number}`);
  if (!equalBytes(scopeOf(base), scopeOf(delta))) refuse('a delta CRL of another scope');
}

/** A delta that is announced must be there, or a revocation could be hidden by withholding it. */
function checkNoDelta(base: Crl, certificate: Certificate): void {
  if (base.freshestUrls.length > 0) refuse('a base CRL that announces a delta CRL, and no delta CRL');
  const isInBase = base.extensions.some(({ oid }) => oid === ExtensionOid.freshestCrl);
  const isInCertificate = certificate.extensions.some(({ oid }) => oid === ExtensionOid.freshestCrl);
  if (isInCertificate && !isInBase) refuse('a delta CRL that only the certificate announces');
}

function scopeOf(crl: Crl): Uint8Array {
  return crl.extensions.find(({ oid }) => oid === '2.5.29.28')?.value ?? new Uint8Array();
}

function entriesOf({ base, delta }: CrlPair, certificate: Certificate): readonly CrlEntry[] {
  const later = delta === undefined ? [] : findCrlEntries(delta, certificate);
  return [...findCrlEntries(base, certificate), ...later];
}

const temporary: ReadonlySet<string> = new Set(['certificateHold', 'removeFromCRL']);

type Decision = Pick<RevocationEvidence, 'outcome' | 'reason' | 'revokedAt' | 'invalidityDate'>;

/** Holds and their removal: the latest decides; every other reason is for ever. */
function decide(entries: readonly CrlEntry[], authenticSigningTime: Date | undefined): Decision {
  const counting = entries.filter((entry) => !isExcused(entry.invalidityDate, authenticSigningTime));
  const forever = counting.find(({ reason }) => !temporary.has(reason));
  const latest = counting.reduce<CrlEntry | undefined>(
    (found, entry) => (found === undefined || entry.revokedAt >= found.revokedAt ? entry : found),
    undefined,
  );
  const deciding = forever ?? latest;
  if (deciding !== undefined && deciding.reason !== 'removeFromCRL') return { outcome: 'revoked', ...deciding };
  const [excused] = entries;
  return excused === undefined ? { outcome: 'good' } : { outcome: 'good', ...excused };
}

/** A key that was unsafe only after the signature was made does not harm it; only an authentic time tells. */
export function isExcused(invalidityDate: Date | undefined, authenticSigningTime: Date | undefined): boolean {
  return invalidityDate !== undefined && authenticSigningTime !== undefined && authenticSigningTime < invalidityDate;
}

function refuse(found: string): never {
  throw new PkiError('ERR_PKI_REVOCATION', `expected a CRL that covers the certificate, found ${found}`);
}

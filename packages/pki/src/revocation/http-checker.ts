import type { Bytes, Cache } from '@notarykit/common';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { ExtensionOid } from '../x509/extensions.js';
import { combineCrlVerdicts } from './check-crl.js';
import type { OcspVerdict } from './check-ocsp.js';
import type {
  CertificateStatus,
  RevocationChecker,
  RevocationCheckOptions,
  RevocationEvidence,
  RevocationStatus,
} from './checker.js';
import { mostCrlBytes } from './crl.js';
import type { CrlBundle } from './crl-bundle.js';
import { askDistributionPoints, type CrlStepOptions, createFlights } from './crl-step.js';
import { type HttpSourceOptions, httpSource } from './http-source.js';
import { askResponders, type OcspStepOptions } from './ocsp-step.js';
import { type RecordedAnswer, recordedSource } from './recorded.js';
import type { RevocationSource } from './source.js';

/** What a check demands of answers, wherever they come from. */
interface JudgingOptions {
  /** The most milliseconds since an answer's `thisUpdate`. Default: no such bound. */
  readonly maxAgeMs?: number;
  /** Accept signatures with SHA-1. Only for vectors of other people. Default false. */
  readonly allowSha1?: boolean;
}

/** How {@link createRevocationChecker} asks. */
export interface RevocationCheckerOptions extends HttpSourceOptions, JudgingOptions {
  /** Keeps CRLs; `directoryCrlCache` of `/node` is notation's. Default none. */
  readonly cache?: Cache<CrlBundle>;
  /** Keeps OCSP answers. Default none. */
  readonly ocspCache?: Cache<Bytes>;
  /** Send a nonce with OCSP requests, which are not cached then. Default false. */
  readonly nonce?: boolean;
  /** For all OCSP requests of a chain, milliseconds. Default 10,000. */
  readonly ocspBudgetMs?: number;
  /** For all CRLs of a chain, milliseconds. Default 20,000. */
  readonly crlBudgetMs?: number;
  /** Called with every answer that a status rests on. */
  readonly onAnswer?: (answer: RecordedAnswer) => void;
}

/**
 * Asks OCSP responders and, where they give no answer, CRL distribution points over HTTP (trust-store-trust-policy.md,
 * "Certificate Revocation Evaluation"). The chain must be validated before. Whatever goes wrong is `unavailable`, never `good`
 * and never an exception, but for the caller's own abort.
 *
 * URLs come from certificates: only `http` to allowed addresses is asked. Names are checked where they are resolved, by the
 * `fetch` given; use `revocationFetch` of `@notarykit/pki/node` there.
 *
 * @example
 * ```ts
 * import { createRevocationChecker } from '@notarykit/pki';
 * import { revocationFetch } from '@notarykit/pki/node';
 *
 * const revocation = createRevocationChecker({ fetch: revocationFetch() });
 * const [leaf] = await revocation.check(chain);
 * if (leaf?.status === 'revoked') throw new Error('revoked');
 * ```
 */
export function createRevocationChecker(options: RevocationCheckerOptions): RevocationChecker {
  return checkerOver(httpSource(options), options);
}

/** What {@link offlineRevocationChecker} rests on. */
export interface OfflineRevocationOptions extends JudgingOptions {
  readonly answers: readonly RecordedAnswer[];
}

/**
 * Checks revocation by recorded answers alone. They are verified like fresh ones. With `maxAgeMs`, their `nextUpdate` may be
 * past as long as their `thisUpdate` is no older; the evidence says how old each one is.
 */
export function offlineRevocationChecker(options: OfflineRevocationOptions): RevocationChecker {
  const allowStale = options.maxAgeMs !== undefined;
  return checkerOver(recordedSource(options.answers), { ...options, allowStale });
}

/** A checker, and the answers that its statuses rested on, for {@link offlineRevocationChecker}. */
export function recordingRevocationChecker(
  options: RevocationCheckerOptions,
): RevocationChecker & { readonly answers: readonly RecordedAnswer[] } {
  const answers: RecordedAnswer[] = [];
  const onAnswer = (answer: RecordedAnswer): void => {
    options.onAnswer?.(answer);
    const isSame = (one: RecordedAnswer): boolean => one.url === answer.url && one.certId === answer.certId;
    const place = answers.findIndex(isSame);
    answers.splice(place < 0 ? answers.length : place, 1, answer);
  };
  return { ...createRevocationChecker({ ...options, onAnswer }), answers };
}

type CheckerOptions = Omit<RevocationCheckerOptions, keyof HttpSourceOptions> & {
  readonly maxCrlBytes?: number;
  readonly allowStale?: boolean;
};

function checkerOver(source: RevocationSource, options: CheckerOptions): RevocationChecker {
  const flights = createFlights();
  return {
    async check(chain, given = {}) {
      const steps = stepsOf(source, flights, options, given);
      const statuses = chain.map((certificate, i) => statusOf(certificate, chain.slice(i + 1), steps));
      const answers = await Promise.all(statuses);
      given.signal?.throwIfAborted();
      return answers;
    },
  };
}

interface Steps {
  readonly ocsp: OcspStepOptions;
  readonly crl: CrlStepOptions;
}

function stepsOf(
  source: RevocationSource,
  flights: CrlStepOptions['flights'],
  options: CheckerOptions,
  given: RevocationCheckOptions,
): Steps {
  const { cache, ocspCache, nonce = false, ocspBudgetMs = 10_000, crlBudgetMs = 20_000 } = options;
  const { now = new Date(), authenticSigningTime } = given;
  const { maxAgeMs, allowStale, allowSha1, onAnswer } = options;
  const shared = {
    source,
    now,
    ...(given.signal && { signal: given.signal }),
    ...(authenticSigningTime && { authenticSigningTime }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    ...(allowStale !== undefined && { allowStale }),
    ...(allowSha1 !== undefined && { allowSha1 }),
    ...(onAnswer && { onAnswer }),
  };
  const begin = performance.now();
  const within = (budgetMs: number) => () => budgetMs - (performance.now() - begin);
  const ocspStore = nonce || ocspCache === undefined ? {} : { cache: ocspCache };
  const maxCrlBytes = options.maxCrlBytes ?? mostCrlBytes;
  return {
    ocsp: { ...shared, sendNonce: nonce, remainingMs: within(ocspBudgetMs), ...ocspStore },
    crl: { ...shared, flights, maxCrlBytes, remainingMs: within(crlBudgetMs), ...(cache && { cache }) },
  };
}

/** `above` is the rest of the chain; the root has nobody above it who could be asked. */
async function statusOf(
  certificate: Certificate,
  above: readonly Certificate[],
  steps: Steps,
): Promise<CertificateStatus> {
  const [issuer] = above;
  const answer = issuer === undefined ? notRevocable : await ask(certificate, issuer, above, steps);
  return { certificate, ...answer };
}

interface Answer {
  readonly status: RevocationStatus;
  readonly evidence: readonly RevocationEvidence[];
}

const notRevocable: Answer = { status: 'notRevocable', evidence: [] };

async function ask(
  certificate: Certificate,
  issuer: Certificate,
  above: readonly Certificate[],
  steps: Steps,
): Promise<Answer> {
  const broken = brokenExtension(certificate);
  if (broken !== undefined) return { status: 'unavailable', evidence: [broken] };
  const { ocspUrls, crlUrls } = certificate;
  const asked = await askResponders(certificate, issuer, steps.ocsp);
  const ocsp = await Promise.all(asked.map((verdict) => withResponderChecked(verdict, above, steps)));
  const answered = ocsp.find(({ outcome }) => outcome !== 'unavailable');
  if (answered !== undefined) return { status: answered.outcome, evidence: ocsp };
  if (crlUrls.length === 0) return ocspUrls.length === 0 ? notRevocable : { status: 'unavailable', evidence: ocsp };
  const crl = await askDistributionPoints(certificate, above, steps.crl);
  return { status: combineCrlVerdicts(crl), evidence: [...ocsp, ...crl] };
}

/** A place to ask that cannot be read must not make a certificate one that has none. */
function brokenExtension({ malformedExtensions }: Certificate): RevocationEvidence | undefined {
  const named: Readonly<Record<string, 'ocsp' | 'crl'>> = {
    [ExtensionOid.authorityInformationAccess]: 'ocsp',
    [ExtensionOid.crlDistributionPoints]: 'crl',
  };
  const oid = malformedExtensions.find((one) => named[one] !== undefined);
  const method = oid === undefined ? undefined : named[oid];
  if (method === undefined) return undefined;
  return { method, outcome: 'unavailable', reason: `the extension ${oid} of the certificate is malformed` };
}

/** A delegated responder without `nocheck` is itself checked, by CRL only (RFC 6960, 4.2.2.2.1). */
async function withResponderChecked(
  verdict: OcspVerdict,
  above: readonly Certificate[],
  steps: Steps,
): Promise<RevocationEvidence> {
  const { responderToCheck, unknown: _, ...evidence } = verdict;
  if (responderToCheck === undefined || responderToCheck.crlUrls.length === 0) return evidence;
  const status = combineCrlVerdicts(await askDistributionPoints(responderToCheck, above, steps.crl));
  if (status === 'good') return evidence;
  const reason = `the responder's own certificate is ${status}`;
  const error = new PkiError('ERR_PKI_REVOCATION', `expected an entitled responder, found that ${reason}`);
  return { ...evidence, outcome: 'unavailable', reason, error };
}

import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { ExtensionOid } from '../x509/extensions.js';
import type { OcspVerdict } from './check-ocsp.js';
import type {
  CertificateStatus,
  RevocationChecker,
  RevocationCheckOptions,
  RevocationEvidence,
  RevocationStatus,
} from './checker.js';
import type { RevocationCheckerOptions } from './checker-options.js';
import { mostCrlBytes } from './crl.js';
import { askDistributionPoints, type CrlStepOptions, createFlights } from './crl-step.js';
import type { HttpSourceOptions } from './http-source.js';
import { askResponders, type OcspStepOptions } from './ocsp-step.js';
import type { RevocationSource } from './source.js';

/** How a checker judges, whatever its source. */
export type CheckerOptions = Omit<RevocationCheckerOptions, keyof HttpSourceOptions> & {
  readonly maxCrlBytes?: number;
  readonly allowStale?: boolean;
};

/** A checker that gets its answers from a source. */
export function checkerOver(source: RevocationSource, options: CheckerOptions): RevocationChecker {
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
  const { maxAgeMs, allowStale, allowSha1, alternatives, onAnswer } = options;
  const shared = {
    source,
    now,
    ...(given.signal && { signal: given.signal }),
    ...(authenticSigningTime && { authenticSigningTime }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    ...(allowStale !== undefined && { allowStale }),
    ...(allowSha1 !== undefined && { allowSha1 }),
    ...(alternatives !== undefined && { alternatives }),
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

/** `above` is the rest of the chain; the root has no issuer that could be asked. */
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
  return { status: crl.status, evidence: [...ocsp, ...crl.evidence] };
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
  const { status } = await askDistributionPoints(responderToCheck, above, steps.crl);
  if (status === 'good') return evidence;
  const reason = `the responder's own certificate is ${status}`;
  const error = new PkiError('ERR_PKI_REVOCATION', `expected an authorized responder: ${reason}`);
  return { ...evidence, outcome: 'unavailable', reason, error };
}

import {
  type Bytes,
  type Cache,
  equalBytes,
  isTimeout,
  quote,
  type SingleFlight,
  singleFlight,
  withDeadline,
} from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { ExtensionOid } from '../x509/extensions.js';
import { distributionPoints } from '../x509/source-urls.js';
import { type CrlPair, type CrlVerdict, checkCrl, combineCrlVerdicts } from './check-crl.js';
import { parseCrl } from './crl.js';
import type { CrlBundle } from './crl-bundle.js';
import type { Crl } from './crl-document.js';
import { recall, remember, unavailable } from './evidence.js';
import { allReasons } from './issuing-distribution-point.js';
import { callOf, judgeLate, type StepOptions } from './ocsp-step.js';

/** What CRLs need besides. */
export interface CrlStepOptions extends StepOptions {
  readonly maxCrlBytes: number;
  readonly cache?: Cache<CrlBundle>;
  /** Shares one download among all who wait for it. */
  readonly flights: SingleFlight<Bytes>;
}

export const createFlights = (): CrlStepOptions['flights'] => singleFlight<Bytes>();

/** What the distribution points of a certificate say. */
export interface DistributionPointsVerdict {
  readonly status: 'good' | 'revoked' | 'unavailable';
  /** Of every name that was asked. */
  readonly evidence: readonly CrlVerdict[];
}

/** Asks every distribution point of a certificate; a revocation ends it. */
export async function askDistributionPoints(
  certificate: Certificate,
  above: readonly Certificate[],
  options: CrlStepOptions,
): Promise<DistributionPointsVerdict> {
  const issuers = above.filter(({ subject }) => equalBytes(subject.der, certificate.issuer.der));
  const evidence: CrlVerdict[] = [];
  const deciding: CrlVerdict[] = [];
  for (const names of pointsOf(certificate, options)) {
    for (const url of names) {
      evidence.push(await askDistributionPoint(url, certificate, issuers, options));
      if (evidence.at(-1)?.outcome !== 'unavailable') break;
    }
    deciding.push(evidence.at(-1) as CrlVerdict);
    if (evidence.at(-1)?.outcome === 'revoked') break;
  }
  const status = combineCrlVerdicts(deciding);
  return { status, evidence: status === 'unavailable' ? evidence.map(withGap) : evidence };
}

/** A CRL that does not list the certificate but covers only some reasons says why that was not enough. */
function withGap(verdict: CrlVerdict): CrlVerdict {
  if (verdict.outcome !== 'good' || verdict.reasons === allReasons) return verdict;
  return { ...verdict, reason: 'it covers some revocation reasons only, and no CRL covers the others' };
}

/** Names that lead to one CRL, or each on its own, as notation takes them. */
function pointsOf(certificate: Certificate, { alternatives = false }: CrlStepOptions): readonly (readonly string[])[] {
  const extension = certificate.extensions.find(({ oid }) => oid === ExtensionOid.crlDistributionPoints);
  if (!alternatives || extension === undefined || certificate.crlUrls.length === 0)
    return certificate.crlUrls.map((url) => [url]);
  return distributionPoints(extension.value).filter((names) => names.length > 0);
}

async function askDistributionPoint(
  url: string,
  certificate: Certificate,
  issuers: readonly Certificate[],
  options: CrlStepOptions,
): Promise<CrlVerdict> {
  const judge = async (bundle: CrlBundle): Promise<CrlVerdict> => {
    const pair = parsePair(bundle, options.maxCrlBytes);
    const asked = { ...options, certificate, issuers, url };
    const verdict = await judgeLate(options, await checkCrl(pair, asked), (late) =>
      checkCrl(pair, { ...asked, ...late }),
    );
    if (verdict.outcome !== 'unavailable') record(url, bundle, pair, options);
    return verdict;
  };
  try {
    const known = await recall(options.cache, url, judge);
    if (known !== undefined) return known;
    const bundle = await fetchBundle(url, options);
    const verdict = await judge(bundle);
    await remember(options.cache, url, bundle, verdict, options.now);
    return verdict;
  } catch (error) {
    return { ...unavailable('crl', url, error, options.signal), reasons: 0 };
  }
}

function record(url: string, bundle: CrlBundle, { base }: CrlPair, options: CrlStepOptions): void {
  options.onAnswer?.({ method: 'crl', url, answer: bundle.baseCrl });
  const [deltaUrl] = base.freshestUrls;
  if (bundle.deltaCrl === undefined || deltaUrl === undefined) return;
  options.onAnswer?.({ method: 'crl', url: deltaUrl, answer: bundle.deltaCrl });
}

async function fetchBundle(url: string, options: CrlStepOptions): Promise<CrlBundle> {
  const baseCrl = await fetchCrl(url, options);
  const { freshestUrls } = parseOnce(baseCrl, options.maxCrlBytes);
  return freshestUrls.length === 0 ? { baseCrl } : { baseCrl, deltaCrl: await fetchDelta(freshestUrls, options) };
}

/** The first delta CRL that can be had and read. */
async function fetchDelta(urls: readonly string[], options: CrlStepOptions): Promise<Bytes> {
  const errors: unknown[] = [];
  for (const url of urls) {
    try {
      const delta = await fetchCrl(url, options);
      parseOnce(delta, options.maxCrlBytes);
      return delta;
    } catch (error) {
      unavailable('crl', url, error, options.signal);
      errors.push(error);
    }
  }
  throw new PkiError('ERR_PKI_REVOCATION', 'expected the delta CRL that the base CRL announces, found none', {
    cause: errors.at(-1),
  });
}

/** The download has its own time; who waits for it may give up sooner. */
async function fetchCrl(url: string, options: CrlStepOptions): Promise<Bytes> {
  const { timeoutMs = 0, signal } = callOf(options);
  const download = (shared: AbortSignal): Promise<Bytes> => options.source.crl(url, { signal: shared });
  try {
    return await withDeadline(timeoutMs, signal, (own) => options.flights(url, download, { signal: own }));
  } catch (cause) {
    if (!isTimeout(cause) || signal?.aborted === true) throw cause;
    const message = `expected the CRL at ${quote(url)} within the time limit of a chain, found none yet`;
    throw new PkiError('ERR_PKI_REVOCATION', message, { cause });
  }
}

function parsePair({ baseCrl, deltaCrl }: CrlBundle, maxBytes: number): CrlPair {
  const base = parseOnce(baseCrl, maxBytes);
  return deltaCrl === undefined ? { base } : { base, delta: parseOnce(deltaCrl, maxBytes) };
}

// A cache in this process gives the same array again: nothing of a 32 MiB CRL is read twice then.
const parsed = new WeakMap<Bytes, Crl>();

function parseOnce(der: Bytes, maxBytes: number): Crl {
  const crl = parsed.get(der) ?? parseCrl(der, { maxBytes });
  parsed.set(der, crl);
  return crl;
}

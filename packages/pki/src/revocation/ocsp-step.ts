import { type Bytes, type Cache, type CallOptions, defined } from '@notarykit/common/internal';
import type { Certificate } from '../x509/certificate.js';
import { type CertId, certIdOf, certIdText } from './cert-id.js';
import { type CheckOcspOptions, checkOcsp, type OcspVerdict } from './check-ocsp.js';
import { recall, remember, unavailable } from './evidence.js';
import type { FreshnessOptions } from './freshness.js';
import { encodeOcspRequest } from './ocsp-request.js';
import { parseOcspResponse } from './ocsp-response.js';
import type { RecordedAnswer } from './recorded.js';
import type { RevocationSource, SourceOptions } from './source.js';

/** What the checks of one call share. */
export interface StepOptions extends FreshnessOptions, CallOptions {
  readonly source: RevocationSource;
  readonly authenticSigningTime?: Date;
  readonly allowSha1?: boolean;
  /** See `JudgingOptions`. */
  readonly alternatives?: boolean;
  /** Milliseconds that the chain has left for this kind of request. */
  readonly remainingMs: () => number;
  readonly onAnswer?: (answer: RecordedAnswer) => void;
}

/** What OCSP needs besides. */
export interface OcspStepOptions extends StepOptions {
  readonly sendNonce: boolean;
  readonly cache?: Cache<Bytes>;
}

/** Asks the responders of a certificate in turn, until one gives an answer that is signed and current. */
export async function askResponders(
  certificate: Certificate,
  issuer: Certificate,
  options: OcspStepOptions,
): Promise<readonly OcspVerdict[]> {
  const verdicts: OcspVerdict[] = [];
  for (const url of certificate.ocspUrls) {
    const verdict = await askResponder(url, certificate, issuer, options);
    verdicts.push(verdict);
    if (verdict.outcome !== 'unavailable' || (verdict.unknown === true && options.alternatives !== true)) break;
  }
  return verdicts;
}

async function askResponder(
  url: string,
  certificate: Certificate,
  issuer: Certificate,
  options: OcspStepOptions,
): Promise<OcspVerdict> {
  const certId = certIdText((await certIdOf(certificate, issuer)) as CertId);
  const name = `${url} ${certId}`;
  const judge = async (answer: Bytes, nonce?: Uint8Array): Promise<OcspVerdict> => {
    const check: CheckOcspOptions = { ...options, certificate, issuer, url, ...(nonce && { nonce }) };
    const response = parseOcspResponse(answer);
    const verdict = await judgeLate(options, await checkOcsp(response, check), (late) =>
      checkOcsp(response, { ...check, ...late }),
    );
    if (verdict.outcome !== 'unavailable') options.onAnswer?.({ method: 'ocsp', url, certId, answer });
    return verdict;
  };
  try {
    const known = await recall(options.cache, name, (answer) => judge(answer));
    if (known !== undefined) return known;
    const nonce = options.sendNonce ? crypto.getRandomValues(new Uint8Array(16)) : undefined;
    const request = await encodeOcspRequest(certificate, issuer, defined({ nonce }));
    const answer = await options.source.ocsp({ url, request, certId }, callOf(options));
    const verdict = await judge(answer, nonce);
    await remember(options.cache, name, answer, verdict, options.now);
    return verdict;
  } catch (error) {
    return unavailable('ocsp', url, error, options.signal);
  }
}

/**
 * Where there are alternatives, an authentic answer that came too late may still say that a certificate is revoked: that decides. Everything
 * else about it is worth nothing.
 */
export async function judgeLate<V extends { readonly outcome: string }>(
  { alternatives = false }: StepOptions,
  verdict: V,
  again: (late: { readonly allowStale: true; readonly maxAgeMs: number }) => Promise<V>,
): Promise<V> {
  if (!alternatives || verdict.outcome !== 'unavailable') return verdict;
  const late = await again({ allowStale: true, maxAgeMs: Number.POSITIVE_INFINITY });
  return late.outcome === 'revoked' ? late : verdict;
}

/** What a source gets of a call. */
export function callOf({ signal, remainingMs }: StepOptions): SourceOptions {
  return { timeoutMs: remainingMs(), ...(signal && { signal }) };
}

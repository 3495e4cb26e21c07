import type { Bytes, Cache } from '@notarykit/common/internal';
import type { CrlBundle } from './crl-bundle.js';
import type { HttpSourceOptions } from './http-source.js';
import type { RecordedAnswer } from './recorded.js';

/** What a check demands of answers, wherever they come from. */
export interface JudgingOptions {
  /** The most milliseconds since an answer's `thisUpdate`. Default: no such bound. */
  readonly maxAgeMs?: number;
  /** Accept signatures with SHA-1. Only for vectors of other people. Default false. */
  readonly allowSha1?: boolean;
  /**
   * Takes the names in one distribution point (RFC 5280, 4.2.1.13) and the responders of a certificate for alternatives: they are asked
   * in order until one gives an authentic answer of now, and a revoked answer that was received decides, also an outdated one.
   * Default false, as in notation: every name must answer, and a responder that does not know the certificate is the last one.
   */
  readonly alternatives?: boolean;
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

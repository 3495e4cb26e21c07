import { defined, type VerdictName, verdictNameOf } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import { explainVerdict, type KeptVerdict } from 'notarykit/internal';
import type { ImageVerdict } from '../verdict.js';

/** What was found about one image. */
export interface VerificationResult {
  /** As it was asked. */
  readonly image: string;
  readonly trusted: boolean;
  readonly verdict: VerdictName;
  /** Stable, for machines: `TRUSTED`, `NO_SIGNATURE`… */
  readonly code: string;
  readonly message: string;
  /** What was decided about: deploy this digest, and not the tag. */
  readonly digest?: Digest;
  /** When the verdict would change by itself, RFC 3339. */
  readonly validUntil?: string;
  /** On the image's signatures, of the schema `trust-report.schema.json`. */
  readonly report?: NonNullable<KeptVerdict['report']>;
  /** Of the gate; only where it was asked for an explanation. */
  readonly decision?: NonNullable<KeptVerdict['decision']>;
  /** For people; only where it was asked for. */
  readonly explanation?: string;
}

/** What is answered about all images of a request. */
export interface VerificationAnswer {
  /** Whether every image is trusted. */
  readonly trusted: boolean;
  /** That of the worst image: refused, undecided, skipped, trusted. */
  readonly verdict: VerdictName;
  /** In the order in which they were asked. */
  readonly results: readonly VerificationResult[];
}

/** The result of an image; a word that is not known is not a verdict. */
export function resultOf(image: string, found: ImageVerdict, explained: boolean): VerificationResult {
  const { code, message, digest, validUntil, report, decision } = found;
  const verdict = verdictNameOf(found.verdict);
  return {
    image,
    trusted: verdict === 'trusted',
    verdict,
    code,
    message,
    ...defined({ digest }),
    ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
    ...defined({ report }),
    ...(explained ? explanationOf(found, verdict) : {}),
    ...(explained && decision !== undefined ? { decision } : {}),
  };
}

function explanationOf({ code, message, report, decision }: ImageVerdict, verdict: VerdictName) {
  const told = { verdict, code, message, ...(report && { report }), ...(decision && { decision }) };
  return { explanation: explainVerdict(told) };
}

const worstFirst = ['refused', 'undecided', 'skipped'] as const;

/** All results; nothing but trusted images makes a trusted answer, and no image none. */
export function answerOf(results: readonly VerificationResult[]): VerificationAnswer {
  const trusted = results.length > 0 && results.every((result) => result.trusted);
  const worst = worstFirst.find((each) => results.some(({ verdict }) => verdict === each));
  return { trusted, verdict: worst ?? (trusted ? 'trusted' : 'undecided'), results };
}

/** The status gives the verdict, so that a client that checks nothing else gets a refusal. */
const statuses: Readonly<Record<VerdictName, number>> = { trusted: 200, skipped: 403, refused: 403, undecided: 503 };

/** The status of an answer; `refusalStatus` stands for 403, for callers that throw bodies away with such a status. */
export function statusOf({ verdict }: VerificationAnswer, refusalStatus: 200 | 403): number {
  const status = statuses[verdict];
  return status === 403 ? refusalStatus : status;
}

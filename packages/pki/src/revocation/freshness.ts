import { PkiError } from '../errors.js';

/** How fresh an answer must be. */
export interface FreshnessOptions {
  /** The time of the check. */
  readonly now: Date;
  /**
   * The most milliseconds since `thisUpdate`. Given, an OCSP answer needs no `nextUpdate`. Default: no such bound, and
   * `nextUpdate` is required.
   */
  readonly maxAgeMs?: number;
  /**
   * Accept answers whose `nextUpdate` is past, as long as `maxAgeMs` holds: for recorded evidence on machines without
   * network. Default false.
   */
  readonly allowStale?: boolean;
}

/** What an answer says of its own time. */
export interface AnswerTimes {
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  /** OCSP only. */
  readonly producedAt?: Date;
}

/** Clocks may differ by this much before a time counts as future. */
export const clockSkewMs: number = 5 * 60 * 1000;

/**
 * Checks that an answer is of now: not from the future, not outdated, not older than asked for.
 *
 * @throws {PkiError} `ERR_PKI_REVOCATION`
 */
export function checkFreshness(times: AnswerTimes, options: FreshnessOptions & { nextUpdateRequired: boolean }): void {
  const { thisUpdate, nextUpdate, producedAt = thisUpdate } = times;
  const now = options.now.getTime();
  for (const time of [thisUpdate, producedAt]) {
    if (time.getTime() > now + clockSkewMs) refuse(`an answer of the future, ${time.toISOString()}`);
  }
  if (nextUpdate === undefined && options.nextUpdateRequired) refuse('an answer without nextUpdate');
  if (nextUpdate !== undefined && nextUpdate.getTime() < thisUpdate.getTime()) refuse('nextUpdate before thisUpdate');
  const isOutdated = nextUpdate !== undefined && now > nextUpdate.getTime();
  if (isOutdated && options.allowStale !== true) refuse(`an answer outdated since ${nextUpdate.toISOString()}`);
  if (options.maxAgeMs !== undefined && now - thisUpdate.getTime() > options.maxAgeMs) {
    refuse(`an answer of ${thisUpdate.toISOString()}, older than ${options.maxAgeMs} ms`);
  }
}

function refuse(found: string): never {
  throw new PkiError('ERR_PKI_REVOCATION', `expected a current answer, found ${found}`);
}

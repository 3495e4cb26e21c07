import { CodecError, quote } from './errors.js';

/** A moment by two clocks, in milliseconds: one that only goes on, and the one that tells the date. */
export interface Moment {
  readonly passed: number;
  readonly date: number;
}

/** Tells the moment. */
export type Clock = () => Moment;

/** This machine's clocks; `now`, where it is given, stands for both. */
export function clockOf(now?: () => number): Clock {
  if (now === undefined) return () => ({ passed: performance.now(), date: Date.now() });
  return () => {
    const time = now();
    return { passed: time, date: time };
  };
}

/**
 * Whether so many milliseconds are over since a moment, by whichever clock says so first: the one that only goes on stands still while a
 * machine sleeps, the one that tells the date can be put back. A moment in the future is not reliable, and counts as over.
 */
export function isOver(since: Moment, milliseconds: number, now: Moment): boolean {
  if (now.date < since.date) return true;
  return Math.max(now.passed - since.passed, now.date - since.date) >= milliseconds;
}

/**
 * How long something may live, as a number: an invalid number would never be over.
 *
 * @throws {CodecError} `ERR_CODEC_LIMIT`
 */
export function checkLife(milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined || (typeof milliseconds === 'number' && !Number.isNaN(milliseconds)))
    return milliseconds;
  throw new CodecError('ERR_CODEC_LIMIT', `expected a life in milliseconds, found ${quote(milliseconds)}`);
}

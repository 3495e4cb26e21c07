import type { Timeouts } from './timeouts.js';

/**
 * Bounds how long one piece of content is waited for, over all requests that it takes: a sender that gives a byte before each silence
 * is noticed would hold its reader for years. Time in which the body is not read does not count.
 */
export interface Pace {
  /** Notes a wait and what it brought; says what is wrong when the bound is passed. */
  took(ms: number, bytes: number): { readonly why: string; readonly final: boolean } | undefined;
}

/** Content up to this size, in bytes, has a bound on the whole of its time; larger content one on its rate. */
export const smallContent: number = 4 * 1024 * 1024;

/** The bound for content of so many bytes. */
export function createPace(size: number, timeouts: Required<Timeouts>): Pace {
  return size <= smallContent ? wholeTime(timeouts) : leastRate(timeouts);
}

function wholeTime({ metadataMs }: Required<Timeouts>): Pace {
  let spent = 0;
  return {
    took(ms) {
      spent += ms;
      return spent < metadataMs ? undefined : { why: `not whole within ${metadataMs} ms`, final: true };
    },
  };
}

function leastRate({ minBytesPerSecond, minRateOverMs }: Required<Timeouts>): Pace {
  let [spent, received] = [0, 0];
  return {
    took(ms, bytes) {
      spent += ms;
      received += bytes;
      if (spent < minRateOverMs) return undefined;
      const slow = received < (minBytesPerSecond * spent) / 1000;
      const why = `${received} bytes in ${Math.round(spent)} ms, expected at least ${minBytesPerSecond} bytes a second`;
      [spent, received] = [0, 0];
      return slow ? { why, final: false } : undefined;
    },
  };
}

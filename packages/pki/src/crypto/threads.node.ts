import { availableParallelism } from 'node:os';

type Done = (error: Error | null, valid: boolean) => void;

/** Threads that may be used besides this one. */
export interface Threads {
  /** Whether one is free. What finds none is done where it is asked for: nothing ever waits in line. */
  readonly isFree: () => boolean;
  /** Work that answers by a callback; its thread counts as used until then. */
  readonly run: (begin: (done: Done) => void) => Promise<boolean>;
}

/** At most so many at one time, over all callers. */
export function createThreads(most: number): Threads {
  let used = 0;
  return {
    isFree: () => used < most,
    run(begin) {
      used++;
      const answer = new Promise<boolean>((resolve, reject) => {
        begin((error, valid) => (error === null ? resolve(valid) : reject(error)));
      });
      return answer.finally(() => {
        used--;
      });
    },
  };
}

/** Deno and Bun speak Node's language, but check with a callback in this thread, or not at all. */
const hasPool = process.versions['deno'] === undefined && process.versions['bun'] === undefined;

/**
 * One for each other core: a thread without a core of its own saves no time. The pool has four threads by default, and files and names of
 * hosts wait for them too.
 */
export const threads: Threads = createThreads(hasPool ? Math.min(availableParallelism() - 1, 3) : 0);

import { type CallOptions, untilAborted } from '@notarykit/common';

/** Something that is found once and then shared. */
export interface OpenOnce<T> {
  /** Finds it, or gives what was found; a failure is not kept. Who gives up only stops waiting, and does not fail the others. */
  get(options: CallOptions): Promise<T>;
  /** Lets the next call find it anew. */
  forget(): void;
}

/** Shares what a function finds among all who ask. */
export function openOnce<T>(open: () => Promise<T>): OpenOnce<T> {
  let opened: Promise<T> | undefined;
  const start = (): Promise<T> => {
    const opening: Promise<T> = open().catch((error: unknown) => {
      // One that was forgotten meanwhile does not take away what has come after it.
      if (opened === opening) opened = undefined;
      throw error;
    });
    return opening;
  };
  return {
    get({ signal }) {
      opened ??= start();
      return untilAborted(opened, signal);
    },
    forget() {
      opened = undefined;
    },
  };
}

import { type CallOptions, untilAborted } from '@notarykit/common';

/** Something that is found once and then shared. */
export interface OpenOnce<T> {
  /** Finds it, or gives what was found; a failure is not kept. Who gives up only stops waiting, and does not fail the others. */
  get(options: CallOptions): Promise<T>;
  /** Lets the next call find it anew. */
  forget(): void;
}

export function openOnce<T>(open: () => Promise<T>): OpenOnce<T> {
  let opened: Promise<T> | undefined;
  return {
    get({ signal }) {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return untilAborted(opened, signal);
    },
    forget() {
      opened = undefined;
    },
  };
}

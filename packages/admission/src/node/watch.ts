import { stat } from 'node:fs/promises';

/** The known state of watched files. */
export interface FileWatch {
  /** Checks now; calls back when one of the files changed since the callback last succeeded. */
  check(): Promise<void>;
  /** Checks in intervals, with a timer that does not keep the process alive; the result stops it. */
  every(intervalMs: number): () => void;
}

/**
 * Calls back when one of the files changes, whose state now is the one to compare with: take the watch before you read them.
 * Kubernetes swaps a symbolic link to update mounted secrets, which directory watchers miss. A callback that gives `false`
 * is called again at the next check.
 */
export async function watchFiles(files: readonly string[], changed: () => Promise<boolean>): Promise<FileWatch> {
  let known = await stateOf(files);
  let checking: Promise<void> | undefined;
  const compare = async (): Promise<void> => {
    // Of before the callback reads: what is written meanwhile is another change.
    const now = await stateOf(files);
    if (now !== known && (await changed())) known = now;
  };
  const check = (): Promise<void> => {
    checking ??= compare().finally(() => {
      checking = undefined;
    });
    return checking;
  };
  return {
    check,
    every(intervalMs) {
      const timer = setInterval(() => void check().catch(() => undefined), intervalMs);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    try {
      const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true });
      return [mtimeNs, ctimeNs, size, ino].join(':');
    } catch {
      return 'gone';
    }
  });
  return (await Promise.all(states)).join('|');
}

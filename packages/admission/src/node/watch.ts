import { stat } from 'node:fs/promises';

/** What is known of files that are looked at now and then. */
export interface FileWatch {
  /** Looks now; calls back when one of the files changed since the callback last succeeded. */
  look(): Promise<void>;
  /** Looks in intervals, which keep no process alive; the result ends that. */
  every(intervalMs: number): () => void;
}

/**
 * Calls back when one of the files changes, whose state now is the one to compare with: take the watch before you read them.
 * Kubernetes swaps a symbolic link to update mounted secrets, which directory watchers miss. A callback that gives `false`
 * is called again at the next look.
 */
export async function watchFiles(files: readonly string[], changed: () => Promise<boolean>): Promise<FileWatch> {
  let known = await stateOf(files);
  let looking: Promise<void> | undefined;
  const compare = async (): Promise<void> => {
    // Of before the callback reads: what is written meanwhile is another change.
    const now = await stateOf(files);
    if (now !== known && (await changed())) known = now;
  };
  const look = (): Promise<void> => {
    looking ??= compare().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  return {
    look,
    every(intervalMs) {
      const timer = setInterval(() => void look().catch(() => undefined), intervalMs);
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

import { stat } from 'node:fs/promises';

/**
 * Calls back when one of the files changes. Kubernetes swaps a symbolic link to update mounted secrets, which directory
 * watchers miss: the files are looked at in intervals instead. Returns the function that stops it.
 */
export function watchFiles(files: readonly string[], intervalMs: number, changed: () => Promise<void>): () => void {
  let known: string | undefined;
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const now = await stateOf(files);
      if (known !== undefined && now !== known) await changed();
      known = now;
    } finally {
      busy = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      return `${mtimeMs}:${size}:${ino}`;
    } catch {
      return 'gone';
    }
  });
  return (await Promise.all(states)).join('|');
}

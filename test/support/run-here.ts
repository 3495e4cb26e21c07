import { runCommandLine } from '../../packages/cli/src/index.js';
import type { Ended } from './run-program.js';

/** Runs the command in this process, which is cheap: for command lines that are refused before anything is asked. */
export async function runHere(words: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = ((text: string) => {
      written[name] += text;
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  try {
    return { code: await runCommandLine(words), ...written };
  } finally {
    for (const undo of restore) undo();
  }
}

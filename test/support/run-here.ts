import { runCommandLine } from '../../packages/cli/src/index.js';
import type { Ended } from './run-program.js';

/** Runs the command in this process, which is cheap, with its own variables; one command at a time, and without standard input. */
export async function runHere(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  run: (words: readonly string[]) => Promise<number> = runCommandLine,
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const before = { ...process.env };
  Object.assign(process.env, env);
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
    return { code: await run(words), ...written };
  } finally {
    for (const undo of restore) undo();
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

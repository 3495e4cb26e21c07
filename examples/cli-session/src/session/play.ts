import { execFile } from 'node:child_process';
import type { Step } from './steps.js';

/** A step with what it printed. */
export interface Played extends Step {
  readonly output: string;
}

/** What is typed, and what the user has before the first line. */
export interface Session {
  readonly steps: readonly Step[];
  setUp(): Promise<Desk>;
}

/**
 * Plays a session with the tool at a path. Host and folder change from run to run; they are shown as `localhost:5000` and
 * `/home/wabbit`.
 *
 * @throws when a step ends with another exit code
 */
export async function playSession(tool: string, { steps, setUp }: Session): Promise<readonly Played[]> {
  const desk = await setUp();
  try {
    const played: Played[] = [];
    for (const step of steps) {
      const words = wordsOf(step.command).map((word) => word.replaceAll('localhost:5000', desk.host));
      const { code, output } = await run(tool, words.slice(1), desk);
      const shown = output.replaceAll(desk.host, 'localhost:5000').replaceAll(desk.folder, '/home/wabbit');
      if (code !== step.code) throw new Error(`${step.command} ended with ${code}, expected ${step.code}:\n${shown}`);
      played.push({ ...step, output: shown });
    }
    return played;
  } finally {
    await desk.close();
  }
}

/** Words as a shell makes them; quotes hold words together. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

/** Where a session is played. */
export interface Desk {
  readonly folder: string;
  readonly host: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

function run(
  tool: string,
  words: readonly string[],
  { folder, env }: Pick<Desk, 'folder' | 'env'>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 60_000 };
    execFile(process.execPath, [tool, ...words], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, output: stdout + stderr });
      else reject(error ?? new Error('the tool ended without a code'));
    });
  });
}

import { execFile } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a JavaScript program in its own process; any exit code is an answer. */
export function runProgram(path: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ended> {
  const env = { ...process.env, ...options.env };
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [path, ...args],
      { env, timeout: options.timeoutMs ?? 120_000, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else reject(error ?? new Error('the program ended without a code'));
      },
    );
    if (options.input !== undefined) child.stdin?.end(options.input);
  });
}

/** Where it runs. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What comes on its standard input, which then ends. Default: nothing, and it stays open. */
  readonly input?: string;
  /** After which it is ended, and that is a failure. Default two minutes. */
  readonly timeoutMs?: number;
}

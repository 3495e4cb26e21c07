import { spawn } from 'node:child_process';

/** How a program is run. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Text for its standard input. */
  readonly input?: string;
}

/** How a program ended. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function runProgram(
  path: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(path, [...args], { cwd: options.cwd, env: { ...process.env, ...options.env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A program that reads no input may have ended before it is given any.
  child.stdin.once('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}

/** Runs a program that must succeed; the failure shows what it printed. */
export async function succeed(path: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(path, args, options);
  if (code === 0) return stdout;
  throw new Error(`${path} ${args.join(' ')}: exit ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
}

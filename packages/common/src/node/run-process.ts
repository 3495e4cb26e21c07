import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { type Bytes, concatBytes } from '../bytes.js';
import { timerDelay } from '../deadline.js';
import { defined } from '../defined.js';
import { CodedError, quote } from '../errors.js';
import type { CallOptions } from '../options.js';
import { descendantsOf } from './descendants.js';

/** Codes of {@link ProcessError}. */
export type ProcessErrorCode = 'ERR_PROCESS_START' | 'ERR_PROCESS_TIMEOUT' | 'ERR_PROCESS_OUTPUT';

/** A program could not be started, took too long, or wrote too much. */
export class ProcessError extends CodedError<ProcessErrorCode> {}

/** How a program is run. */
export interface RunProcessOptions extends CallOptions {
  readonly args?: readonly string[];
  /** Its standard input. */
  readonly input?: Uint8Array;
  /** Its whole environment; nothing is inherited. Default: a short list of harmless ones of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default 60,000. */
  readonly timeoutMs?: number;
  /** Most bytes of standard output. Default 16 MiB. */
  readonly maxOutput?: number;
  /** Most bytes of standard error. Default 1 MiB. */
  readonly maxErrors?: number;
}

/** How a program ended. */
export interface ProcessResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: Bytes;
  readonly errors: Bytes;
}

/** What programs find in their environment unless the caller says otherwise: paths, language, proxies, no secrets. */
export const inheritedVariables: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'SystemRoot',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PATHEXT',
  'COMSPEC',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NOTATION_CONFIG',
  'NOTATION_LIBEXEC',
  'NOTATION_CACHE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * Runs a program without a shell, bounded in time and output. Whatever ends the wait early (limit, deadline, abort) kills the
 * program, its process group and, on Linux, all its descendants, in whatever session they are.
 *
 * @throws {ProcessError}
 */
export async function runProcess(path: string, options: RunProcessOptions = {}): Promise<ProcessResult> {
  const { signal, timeoutMs = 60_000 } = options;
  signal?.throwIfAborted();
  const delay = timerDelay(timeoutMs);
  const child = startChild(path, options);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      cleanUp();
      kill(child);
      reject(error);
    };
    const abort = (): void => fail(signal?.reason);
    const timer = setTimeout(() => {
      fail(new ProcessError('ERR_PROCESS_TIMEOUT', `program ${quote(path)} took more than ${timeoutMs} ms`));
    }, delay);
    const cleanUp = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const output = collect(child.stdout, 'output', options.maxOutput ?? 16 * 1024 * 1024, path, fail);
    const errors = collect(child.stderr, 'errors', options.maxErrors ?? 1024 * 1024, path, fail);
    child.once('error', (cause) => {
      fail(
        new ProcessError('ERR_PROCESS_START', `program ${quote(path)} cannot be started: ${cause.message}`, { cause }),
      );
    });
    child.once('close', (exitCode) => {
      cleanUp();
      resolve({ exitCode, output: concatBytes(output), errors: concatBytes(errors) });
    });
    // A program that does not read its input closes the pipe; its exit code tells the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? new Uint8Array());
  });
}

function startChild(path: string, options: RunProcessOptions): ChildProcessWithoutNullStreams {
  const { args = [], env = inheritedEnvironment(), cwd } = options;
  checkTexts(path, {
    ...env,
    ...Object.fromEntries(args.map((arg, i) => [`argument ${i + 1}`, arg])),
    path,
    cwd: cwd ?? '',
  });
  try {
    return spawn(path, [...args], {
      env,
      shell: false,
      windowsHide: true,
      // A group of its own can be killed whole.
      detached: process.platform !== 'win32',
      ...defined({ cwd }),
    });
  } catch (cause) {
    // Some refusals of the system are thrown, not passed to a callback: a file that is open for writing, arguments that are too long.
    const message = `program ${quote(path)} cannot be started: ${(cause as NodeJS.ErrnoException).code ?? 'it was refused'}`;
    throw new ProcessError('ERR_PROCESS_START', message, { cause });
  }
}

/** Values may be secret: the system's own error would show them. */
function checkTexts(path: string, texts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(texts))
    if (typeof value !== 'string' || `${name}${value}`.includes('\0'))
      throw new ProcessError(
        'ERR_PROCESS_START',
        `program ${quote(path)}: expected ${quote(name)} to be a string without NUL characters`,
      );
}

/** Those variables of this process that are set. Default: the harmless ones that programs get anyway. */
export function inheritedEnvironment(names: readonly string[] = inheritedVariables): Record<string, string> {
  const entries = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function collect(
  stream: NodeJS.ReadableStream,
  what: string,
  limit: number,
  path: string,
  fail: (error: unknown) => void,
): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let length = 0;
  stream.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length <= limit) parts.push(chunk);
    else fail(new ProcessError('ERR_PROCESS_OUTPUT', `program ${quote(path)}: more than ${limit} bytes of ${what}`));
  });
  return parts;
}

function kill(child: ChildProcessWithoutNullStreams): void {
  child.stdout.destroy();
  child.stderr.destroy();
  if (child.pid === undefined || process.platform === 'win32') return void child.kill('SIGKILL');
  // Before the program dies: what it started then has no parent, and is not found any more.
  const others = descendantsOf(child.pid);
  for (const pid of [-child.pid, ...others.flatMap((other) => [-other, other])]) end(pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already, or leads no group.
  }
}

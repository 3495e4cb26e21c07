import { spawn } from 'node:child_process';
import { isJsonObject, parseJson, quote } from '@notarykit/common/internal';
import type { Credential } from '../../credential.js';
import { RegistryError } from '../../errors.js';
import { helperReason } from './helper-reason.js';

/** How a credential helper is run. */
export interface HelperOptions {
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** The environment of the helper. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

const outputLimit = 64 * 1024;
const saidLimit = 4096;

/**
 * Asks `docker-credential-<suffix>` for the account of a server; `undefined` when it knows none. Started without a shell, bounded in
 * time and output; neither its output nor its standard error is ever repeated in a message, but what kind of failure they tell is.
 *
 * @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED`
 *
 * @see https://github.com/docker/docker-credential-helpers
 */
export async function askHelper(
  suffix: string,
  server: string,
  options: HelperOptions = {},
): Promise<Credential | undefined> {
  const program = programOf(suffix);
  const output = await callHelper({ program, verb: 'get' }, server, options);
  return output === undefined ? undefined : parse(program, output);
}

/** An account as a helper keeps it; the user of an identity token is `<token>`. */
export interface HelperAccount {
  readonly username: string;
  readonly secret: string;
}

/** Stores the account of a server in a helper, in place of the one it has. @throws {RegistryError} as {@link askHelper} */
export async function storeInHelper(
  suffix: string,
  server: string,
  { username, secret }: HelperAccount,
  options: HelperOptions = {},
): Promise<void> {
  const input = JSON.stringify({ ServerURL: server, Username: username, Secret: secret });
  await callHelper({ program: programOf(suffix), verb: 'store' }, input, options);
}

/** Erases the account of a server from a helper; false when it has none. @throws {RegistryError} as {@link askHelper} */
export async function eraseFromHelper(suffix: string, server: string, options: HelperOptions = {}): Promise<boolean> {
  return (await callHelper({ program: programOf(suffix), verb: 'erase' }, server, options)) !== undefined;
}

function programOf(suffix: string): string {
  // The suffix becomes a file name: no separators, nothing that leaves the search path.
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(suffix)) return `docker-credential-${suffix}`;
  throw new RegistryError(
    'ERR_REGISTRY_UNAUTHORIZED',
    `expected the name of a credential helper, found ${quote(suffix)}`,
  );
}

/** One call of a helper. */
interface HelperCall {
  readonly program: string;
  readonly verb: 'get' | 'store' | 'erase';
}

/** The output of a helper; `undefined` where it says that it has no account for that server. */
async function callHelper(call: HelperCall, input: string, options: HelperOptions): Promise<string | undefined> {
  const { code, output, said } = await run(call, input, options);
  if (code === 0) return output;
  if (call.verb !== 'store' && /^credentials not found in native keychain\s*$/.test(output)) return undefined;
  throw failed(call.program, `it ended with status ${code ?? 'none'}${helperReason(`${output}\n${said}`)}`);
}

function parse(program: string, output: string): Credential | undefined {
  let document: unknown;
  try {
    document = parseJson(output, { maxDepth: 8 });
  } catch {
    throw failed(program, 'its answer is not JSON');
  }
  const { Username: username, Secret: secret } = isJsonObject(document as null)
    ? (document as Record<string, unknown>)
    : {};
  if (typeof username !== 'string' || typeof secret !== 'string') throw failed(program, 'its answer holds no account');
  if (username === '' && secret === '') return undefined;
  return username === '<token>' ? { refreshToken: secret } : { username, password: secret };
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** The beginning of what it wrote for a person. */
  readonly said: string;
}

function run({ program, verb }: HelperCall, input: string, options: HelperOptions): Promise<Ended> {
  const { timeoutMs = 30_000, signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(program, [verb], {
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      detached: process.platform !== 'win32',
      env: { ...process.env, ...options.env },
    });
    let output = '';
    let said = '';
    let length = 0;
    const end = (error: unknown): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      kill(child.pid);
      reject(error as Error);
    };
    const abort = (): void => end(signal?.reason);
    const timer = setTimeout(() => end(failed(program, `it gave no answer within ${timeoutMs} ms`)), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    child.once('error', (error: NodeJS.ErrnoException) =>
      end(failed(program, `it cannot be started (${error.code ?? 'unknown'})`)),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      length += text.length;
      if (length > outputLimit) end(failed(program, `it wrote more than ${outputLimit} bytes`));
      else output += text;
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      if (said.length < saidLimit) said += text.slice(0, saidLimit);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve({ code, output, said });
    });
  });
}

/** The whole process group: a helper may have started others. */
function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function failed(program: string, why: string): RegistryError {
  return new RegistryError('ERR_REGISTRY_UNAUTHORIZED', `the credential helper ${program} failed: ${why}`);
}

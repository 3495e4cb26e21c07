import { readFile } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** Options that say where the password of a key file comes from; never the command line itself, which others can list. */
export const passwordOptions: Readonly<Record<string, OptionSpec>> = {
  'key-password-file': { type: 'string', value: 'path', help: 'file with the password of the key file, in one line' },
  'key-password-stdin': { type: 'boolean', help: 'the password of the key file is what comes on standard input' },
};

/** Where a password can come from. */
export interface PasswordSource {
  /** Whether an option names one, which then must have an effect. */
  readonly named: boolean;
  /** Reads it, or asks the person at the terminal. */
  read(what: string): Promise<string>;
}

/** The source that {@link passwordOptions} name, else a person. */
export function passwordSource(args: Arguments): PasswordSource {
  const [file, stdin] = [args.text('key-password-file'), args.flag('key-password-stdin')];
  if (file !== undefined && stdin)
    throw new UsageError('only one of --key-password-file and --key-password-stdin says where the password is');
  if (file !== undefined)
    return { named: true, read: async () => oneLine(await readFile(file, 'utf8'), '--key-password-file') };
  if (stdin) return { named: true, read: () => readPasswordLine('--key-password-stdin') };
  return { named: false, read: askPerson };
}

/** The password that comes on standard input, as the option says. */
export async function readPasswordLine(option: string): Promise<string> {
  return oneLine(await readAll(process.stdin), option);
}

/** A password is one line: a file with more is not a password file. */
export function oneLine(content: string, option: string): string {
  const line = content.replace(/\r?\n$/, '');
  if (/[\r\n]/.test(line)) throw new UsageError(`${option}: expected one line with only the password`);
  return line;
}

async function askPerson(what: string): Promise<string> {
  if (process.stdin.isTTY !== true)
    throw new UsageError(`${what} has a password: give it with --key-password-file or --key-password-stdin`);
  return await promptSecret(`Password of ${what}: `, process.stdin, process.stderr);
}

/** Asks the person at the terminal for the password of an account. */
export async function askPassword(question: string): Promise<string> {
  if (process.stdin.isTTY !== true)
    throw new UsageError('the account has a password: give it with --password-stdin, or in NOTATION_PASSWORD');
  return await promptSecret(question, process.stdin, process.stderr);
}

/** Asks the person at the terminal for the user of an account, which is shown. */
export async function askUsername(): Promise<string> {
  if (process.stdin.isTTY !== true)
    throw new UsageError('name the account with --username, and give its password with --password-stdin');
  process.stderr.write('Username: ');
  const name = await oneAnswer(createInterface({ input: process.stdin, output: process.stderr }));
  return name.trim();
}

/** Asks for a secret, which is not shown while it is typed. */
export async function promptSecret(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  output.write(question);
  try {
    return await oneAnswer(createInterface({ input, output: silent, terminal: true, historySize: 0 }));
  } finally {
    output.write('\n');
  }
}

function oneAnswer(lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    // Ctrl+C, Ctrl+D and the end of the input close it without a line.
    lines.once('close', () => reject(new UsageError('nothing was typed')));
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
  });
}

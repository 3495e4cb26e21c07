import type { Credential } from '@notarykit/registry-client';
import { type Arguments, type OptionSpec, UsageError } from './command.js';
import { askPassword, readPasswordLine } from './password.js';

/** Options that name the account at a registry, with notation's names and variables. */
export const accountOptions: Readonly<Record<string, OptionSpec>> = {
  username: {
    type: 'string',
    short: 'u',
    value: 'name',
    help: 'account at the registry; default: NOTATION_USERNAME, else what docker and notation have stored',
  },
  password: {
    type: 'string',
    short: 'p',
    value: 'password',
    help: 'its password, which others on this machine can list: better NOTATION_PASSWORD or --password-stdin',
  },
  'password-stdin': { type: 'boolean', help: 'the password is what comes on standard input' },
};

/** What was said of an account; all of it may be missing. */
export interface AccountWords {
  readonly username?: string;
  readonly password?: string;
}

/** What {@link accountOptions} and the environment say; an empty text says nothing. */
export async function readAccountWords(args: Arguments): Promise<AccountWords> {
  const username = args.text('username') || process.env['NOTATION_USERNAME'];
  const password = (await typedPassword(args)) || process.env['NOTATION_PASSWORD'];
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

async function typedPassword(args: Arguments): Promise<string | undefined> {
  if (!args.flag('password-stdin')) return args.text('password');
  if (args.text('password') !== undefined)
    throw new UsageError('only one of --password and --password-stdin says what the password is');
  const password = await readPasswordLine('--password-stdin');
  if (password === '') throw new UsageError('--password-stdin: nothing came on standard input');
  return password;
}

/** The account that the command line names; a password without a user is an identity token, as for notation. */
export async function readAccount(args: Arguments): Promise<Credential | undefined> {
  const { username, password } = await readAccountWords(args);
  if (username === undefined) return password === undefined ? undefined : { refreshToken: password };
  return { username, password: password ?? (await askPassword(`Password of ${username}: `)) };
}

/** @throws {UsageError} for options that have no effect, since no registry is asked */
export function refuseAccount(args: Arguments, why: string): void {
  const typed = ['username', 'password'].find((name) => args.text(name) !== undefined);
  const name = args.flag('password-stdin') ? 'password-stdin' : typed;
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}

import type { Credential } from '@notarykit/registry-client';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';
import { askPassword, readPasswordLine } from './password.js';

/** Which side of a copy an option is about; neither, where there is one registry. */
export type SidePrefix = '' | 'from-' | 'to-';

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
    secret: true,
    help: 'its password, which other users of this machine can see: better NOTATION_PASSWORD or --password-stdin',
  },
  'password-stdin': { type: 'boolean', help: 'read the password from standard input' },
};

/** The same for one side of a copy, with the names of oras. No variable names a side, so none is read: no registry sees the account of another. */
export function sideAccountOptions(prefix: SidePrefix, side: string): Readonly<Record<string, OptionSpec>> {
  return {
    [`${prefix}username`]: {
      type: 'string',
      value: 'name',
      help: `account at the registry of ${side}; default: what docker and notation have stored`,
    },
    [`${prefix}password`]: {
      type: 'string',
      value: 'password',
      secret: true,
      help: `its password, which other users of this machine can see: better --${prefix}password-stdin`,
    },
    [`${prefix}password-stdin`]: { type: 'boolean', help: 'read the password from standard input' },
  };
}

/** What was said of an account; all of it may be missing. */
export interface AccountWords {
  readonly username?: string;
  readonly password?: string;
}

/** What {@link accountOptions} and the environment say; an empty text says nothing. */
export async function readAccountWords(args: Arguments, prefix: SidePrefix = ''): Promise<AccountWords> {
  const env = prefix === '' ? process.env : {};
  const username = args.text(`${prefix}username`) || env['NOTATION_USERNAME'];
  const password = (await typedPassword(args, prefix)) || env['NOTATION_PASSWORD'];
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

async function typedPassword(args: Arguments, prefix: SidePrefix): Promise<string | undefined> {
  const [option, stdin] = [`${prefix}password`, `${prefix}password-stdin`];
  if (!args.flag(stdin)) return args.text(option);
  if (args.text(option) !== undefined)
    throw new UsageError(`only one of --${option} and --${stdin} says what the password is`);
  const password = await readPasswordLine(`--${stdin}`);
  if (password === '') throw new UsageError(`--${stdin}: standard input is empty`);
  return password;
}

/** The account that the command line names; a password without a user is an identity token, as for notation. */
export async function readAccount(args: Arguments, prefix: SidePrefix = ''): Promise<Credential | undefined> {
  const { username, password } = await readAccountWords(args, prefix);
  if (username === undefined) return password === undefined ? undefined : { refreshToken: password };
  return { username, password: password ?? (await askPassword(`Password of ${username}: `)) };
}

/** @throws {UsageError} for options that have no effect, since no registry is asked */
export function refuseAccount(args: Arguments, why: string, prefix: SidePrefix = ''): void {
  const typed = [`${prefix}username`, `${prefix}password`].find((name) => args.text(name) !== undefined);
  const name = args.flag(`${prefix}password-stdin`) ? `${prefix}password-stdin` : typed;
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}

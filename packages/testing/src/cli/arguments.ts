import { parseArgs } from 'node:util';
import type { RegistryAccount } from '../registry/auth/accounts.js';
import type { ListenOptions } from '../registry/listen.js';
import type { EmbeddedRegistryOptions } from '../registry/options.js';

/** What `notarykit-registry` was asked to do. */
export interface RegistryCommand {
  readonly help: boolean;
  readonly registry: EmbeddedRegistryOptions;
  readonly listen: ListenOptions;
}

/** What `--help` prints. */
export const usage: string = `notarykit-registry: an OCI registry for tests and for trying things out

  --port <number>         port to listen on (default 5000; 0: any free one)
  --address <address>     address to listen on (default 127.0.0.1: this machine alone)
  --dir <directory>       keep each repository as an OCI image layout below this directory (default: in memory)
  --user <name:password>  ask for an account; may be given again
  --auth <basic|token>    how accounts show who they are (default basic)
  --referrers <api|tag-schema>  with or without the referrers API (default api)
  --read-only-tags        a tag that exists does not move
  --no-delete             nothing can be deleted
  --help                  this text
`;

/**
 * Reads the command line.
 *
 * @throws an `Error` that says what is wrong
 */
export function readArguments(args: readonly string[]): RegistryCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '5000' },
      address: { type: 'string', default: '127.0.0.1' },
      dir: { type: 'string' },
      user: { type: 'string', multiple: true, default: [] },
      auth: { type: 'string' },
      referrers: { type: 'string', default: 'api' },
      'read-only-tags': { type: 'boolean', default: false },
      'no-delete': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const auth = authOf(values.user, values.auth);
  return {
    help: values.help,
    listen: { port: portNumber(values.port), address: filled('--address', values.address) },
    registry: {
      ...(values.dir === undefined ? {} : { directory: filled('--dir', values.dir) }),
      ...(auth === undefined ? {} : { auth }),
      referrers: oneOf('--referrers', values.referrers, ['api', 'tag-schema']),
      immutableTags: values['read-only-tags'],
      deletion: !values['no-delete'],
    },
  };
}

/** Whoever names a scheme expects that nobody comes in without an account. */
function authOf(users: readonly string[], named: string | undefined): EmbeddedRegistryOptions['auth'] {
  const scheme = oneOf('--auth', named ?? 'basic', ['basic', 'token']);
  const accounts = users.map(account);
  if (accounts.length === 0 && named !== undefined)
    throw new Error('--auth: expected an account too, --user name:password; without one the registry is open');
  if (new Set(accounts.map(({ username }) => username)).size < accounts.length)
    throw new Error('--user: expected each name once');
  return accounts.length === 0 ? undefined : { scheme, accounts };
}

/** An empty text is a variable that was not set; it would mean the working directory, or every address. */
function filled(name: string, text: string): string {
  if (text.trim() === '') throw new Error(`${name}: expected a value, found an empty one`);
  return text;
}

function account(text: string): RegistryAccount {
  const colon = text.indexOf(':');
  // The text may hold a password: it is not repeated.
  if (colon < 1 || colon === text.length - 1) throw new Error('--user: expected name:password');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error('--port: expected a number from 0 to 65535');
  return port;
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined) throw new Error(`${name}: expected ${allowed.join(' or ')}`);
  return found;
}

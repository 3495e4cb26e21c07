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
      auth: { type: 'string', default: 'basic' },
      referrers: { type: 'string', default: 'api' },
      'read-only-tags': { type: 'boolean', default: false },
      'no-delete': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const accounts = values.user.map(account);
  return {
    help: values.help,
    listen: { port: portNumber(values.port), address: values.address },
    registry: {
      ...(values.dir === undefined ? {} : { directory: values.dir }),
      ...(accounts.length === 0
        ? {}
        : { auth: { scheme: oneOf('--auth', values.auth, ['basic', 'token']), accounts } }),
      referrers: oneOf('--referrers', values.referrers, ['api', 'tag-schema']),
      immutableTags: values['read-only-tags'],
      deletion: !values['no-delete'],
    },
  };
}

function account(text: string): RegistryAccount {
  const colon = text.indexOf(':');
  // The text may hold a password: it is not repeated.
  if (colon < 1) throw new Error('--user: expected name:password');
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

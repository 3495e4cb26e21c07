import { parseArgs } from 'node:util';
import { defined } from '@notarykit/common/internal';
import type { RegistryAccount } from '../registry/auth/accounts.js';
import type { ListenerOptions } from '../registry/listen.js';
import type { EmbeddedRegistryOptions } from '../registry/options.js';

/** What `notarykit-registry` was asked to do. */
export interface RegistryCommand {
  readonly help: boolean;
  readonly registry: EmbeddedRegistryOptions;
  readonly listen: ListenerOptions;
}

/** What `--help` prints. */
export const usage: string = `notarykit-registry: an OCI registry for tests and for trying things out

  --port <number>         port to listen on (default 5000; 0: any free one)
  --address <address>     address to listen on (default 127.0.0.1: only this machine)
  --dir <directory>       keep each repository as an OCI image layout below this directory (default: in memory)
  --user <name:password>  ask for an account; may be given again
  --auth <basic|token>    how accounts show who they are (default basic)
  --referrers <api|tag-schema>  with or without the referrers API (default api)
  --read-only-tags        a tag that exists does not move
  --no-delete             nothing can be deleted
  --read-only             nothing can be written or deleted
  --realm <url>           with --auth token: where tokens are asked for, as the challenge says it (behind a TLS proxy, say)
  --page-size <number>    most tags, and most referrers, on one page
  --sparse                take manifests whose content is not there
  --url-layers            take manifests whose layers name urls and are not there
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
      'read-only': { type: 'boolean', default: false },
      realm: { type: 'string' },
      'page-size': { type: 'string' },
      sparse: { type: 'boolean', default: false },
      'url-layers': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const auth = authOf(values.user, values.auth, values.realm);
  const pageSize = values['page-size'] === undefined ? undefined : pageLimit(values['page-size']);
  return {
    help: values.help,
    listen: { port: portNumber(values.port), address: filled('--address', values.address) },
    registry: {
      ...(values.dir === undefined ? {} : { directory: filled('--dir', values.dir) }),
      ...defined({ auth }),
      referrers: oneOf('--referrers', values.referrers, ['api', 'tag-schema']),
      immutableTags: values['read-only-tags'],
      deletion: !values['no-delete'],
      readOnly: values['read-only'],
      sparse: values.sparse,
      urlLayers: values['url-layers'],
      ...(pageSize === undefined ? {} : { tagsPageSize: pageSize, referrersPageSize: pageSize }),
    },
  };
}

/** A named scheme means that every request needs an account. */
function authOf(
  users: readonly string[],
  named: string | undefined,
  realm: string | undefined,
): EmbeddedRegistryOptions['auth'] {
  const scheme = oneOf('--auth', named ?? 'basic', ['basic', 'token']);
  const accounts = users.map(account);
  if (accounts.length === 0 && named !== undefined)
    throw new Error('--auth: expected an account too, --user name:password; without one the registry is open');
  if (new Set(accounts.map(({ username }) => username)).size < accounts.length)
    throw new Error('--user: expected each name once');
  if (realm === undefined) return accounts.length === 0 ? undefined : { scheme, accounts };
  if (accounts.length === 0 || scheme !== 'token') throw new Error('--realm: expected --auth token and an account too');
  return { scheme, accounts, realm: realmUrl(realm) };
}

/** It is sent within quotation marks, as it is. */
function realmUrl(text: string): string {
  if (!/^https?:\/\/[!#-[\]-~]+$/.test(text) || !URL.canParse(text))
    throw new Error('--realm: expected a URL of http or https');
  return text;
}

function pageLimit(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Error('--page-size: expected a number from 1 to 99999');
  return Number(text);
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

import { posix } from 'node:path';
import { quote } from '@notarykit/common/internal';
import { checkRepositoryName, OciError, parseReference } from '@notarykit/oci/internal';
import { checkApiPath } from '../../registry-host.js';
import { misconfigured, parseToml, type TomlTable } from './toml-table.js';

/** A `hosts.toml`: the hosts in their order, and the server that is asked last. */
export interface HostsDocument {
  readonly hosts: readonly HostEntry[];
  /** Its `address` is absent where the registry itself is meant. */
  readonly server: HostEntry;
}

/** A `[host."…"]` table, or the members at the top of the file. */
export interface HostEntry {
  readonly address?: HostAddress;
  readonly capabilities: ReadonlySet<string>;
  /** Files, as they are written. */
  readonly ca: readonly string[];
  /** Files of certificate and key; one file may hold both. */
  readonly client: readonly (readonly [certificate: string, key: string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly where: string;
}

/** The parts of the URL of a host. */
export interface HostAddress {
  readonly registry: string;
  readonly plain: boolean;
  /** Path of the API. */
  readonly apiPath: string;
  /** The prefix of repository names, where the path has one: a project of a registry that mirrors others. */
  readonly namespace: string;
}

const entryNames = ['capabilities', 'ca', 'client', 'skip_verify', 'header', 'override_path', 'dial_timeout'];
const allCapabilities = ['pull', 'resolve', 'push', 'referrers'];

/**
 * Reads a `hosts.toml`.
 *
 * @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION`
 *
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export async function parseHosts(text: string, where: string): Promise<HostsDocument> {
  const document = await parseToml(text, where);
  document.check([...entryNames, 'server', 'host']);
  const hosts = document.table('host');
  return {
    hosts: hosts.names.map((address) => hostOf(hosts, address)),
    server: entryOf(document, document.text('server') || undefined),
  };
}

function hostOf(hosts: TomlTable, address: string): HostEntry {
  const table = hosts.table(address, withoutAccount(address));
  table.check(entryNames);
  return entryOf(table, address);
}

function entryOf(table: TomlTable, address: string | undefined): HostEntry {
  const { where } = table;
  // Only their types are checked: they have no effect, since certificates are always checked and the caller sets time limits.
  table.flag('skip_verify');
  table.text('dial_timeout');
  return {
    ...(address === undefined ? {} : { address: addressOf(address, table.flag('override_path') ?? false, where) }),
    capabilities: capabilitiesOf(table),
    ca: textsOf(table, 'ca'),
    client: clientOf(table),
    headers: headersOf(table),
    where,
  };
}

function addressOf(address: string, override: boolean, where: string): HostAddress {
  const wrong = (cause?: unknown) =>
    misconfigured(where, `expected https://host[:port][/path], found ${quote(withoutAccount(address))}`, cause);
  const full = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  const [, scheme = '', authority = '', path = ''] =
    /^(https?):\/\/([^/?#]*)((?:\/[A-Za-z0-9._~-]*)*)$/i.exec(full) ?? [];
  if (authority === '' || authority.includes('@')) throw wrong();
  const plain = scheme.toLowerCase() === 'http';
  const root = apiPathOf(path, override);
  try {
    return { registry: registryOf(authority, plain), plain, ...splitPath(root) };
  } catch (cause) {
    throw wrong(cause);
  }
}

/** Without a port, a host of one word would be read as part of a path. */
function registryOf(authority: string, plain: boolean): string {
  if (/^\d+$/.test(authority)) throw new OciError('ERR_OCI_INVALID', 'expected a host, found a number');
  const host = /[.:A-Z]/.test(authority) || authority === 'localhost' ? authority : `${authority}:${plain ? 80 : 443}`;
  return parseReference(`${host}/a`).registry;
}

function apiPathOf(path: string, override: boolean): string {
  const clean = path === '' ? '' : posix.normalize(path).replace(/\/$/, '');
  return override || clean.endsWith('/v2') ? clean : `${clean}/v2`;
}

/** Below `/v2/` a path is a prefix of repository names, which tokens name in full; any other path is that of an API. */
function splitPath(path: string): Pick<HostAddress, 'apiPath' | 'namespace'> {
  if (!path.startsWith('/v2/')) return { apiPath: checkApiPath(path), namespace: '' };
  const namespace = path.slice('/v2/'.length);
  checkRepositoryName(namespace);
  return { apiPath: '/v2', namespace: `${namespace}/` };
}

const withoutAccount = (address: string): string => address.replace(/^([a-z]+:\/\/)?[\s\S]*@/i, '$1<account>@');

function capabilitiesOf(table: TomlTable): ReadonlySet<string> {
  const named = textsOf(table, 'capabilities', 'list').map((each) => each.toLowerCase());
  const unknown = named.find((each) => !allCapabilities.includes(each));
  if (unknown !== undefined)
    throw misconfigured(table.where, `expected capabilities of ${allCapabilities.join(', ')}, found ${quote(unknown)}`);
  return new Set(named.length === 0 ? allCapabilities : named);
}

function textsOf(table: TomlTable, name: string, form: 'any' | 'list' = 'any'): readonly string[] {
  const value = table.value(name) ?? [];
  if (typeof value === 'string' && form === 'any') return [value];
  if (isTexts(value)) return value;
  throw misconfigured(table.where, `expected "${name}" to be ${form === 'any' ? 'a string or ' : ''}a list of strings`);
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function clientOf(table: TomlTable): HostEntry['client'] {
  const value = table.value('client') ?? [];
  const pairs = (Array.isArray(value) ? value : [value]).map((pair): readonly [string, string] | undefined => {
    if (typeof pair === 'string') return [pair, pair];
    return isTexts(pair) && pair.length === 2 ? [pair[0] as string, pair[1] || (pair[0] as string)] : undefined;
  });
  if (pairs.includes(undefined))
    throw misconfigured(
      table.where,
      'expected "client" to be a file, a list of files, or a list of [certificate, key]',
    );
  return pairs.filter((pair) => pair !== undefined);
}

/** Several values of one header are one line, as RFC 9110 section 5.3 has it. */
function headersOf(table: TomlTable): Readonly<Record<string, string>> {
  const headers = table.table('header');
  return Object.fromEntries(headers.names.map((name) => [name, textsOf(headers, name).join(', ')]));
}

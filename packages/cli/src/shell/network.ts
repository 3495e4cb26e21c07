import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { TransportOptions } from '@notarykit/transport/internal';
import type { SidePrefix } from './account.js';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** How a command reaches registries, timestamping authorities, OCSP responders and CRLs. */
export type Network = Pick<TransportOptions, 'proxy' | 'ca' | 'resolve' | 'clientCertificate'>;

const proxyOption: OptionSpec = {
  type: 'string',
  value: 'url',
  help: 'HTTP proxy for every request; default: that of HTTPS_PROXY, HTTP_PROXY and NO_PROXY',
};

const resolveOption: OptionSpec = {
  type: 'string',
  value: 'host:port:address',
  multiple: true,
  help: 'fixed address of a host',
};

/** Options of commands that use plain http only: OCSP responders and CRLs. */
export const routeOptions: Readonly<Record<string, OptionSpec>> = { proxy: proxyOption, resolve: resolveOption };

/** Options of commands that ask a network, with the names of oras where it has them. */
export const networkOptions: Readonly<Record<string, OptionSpec>> = { proxy: proxyOption, ...networkOptionsOf('') };

/** Options of the client certificate, with the names of oras, for commands that do not sign: there `--key-file` is the signing key. */
export const clientCertificateOptions: Readonly<Record<string, OptionSpec>> = clientCertificateOptionsOf('');

/** {@link clientCertificateOptions} of commands that sign. */
export const signersCertificateOptions: Readonly<Record<string, OptionSpec>> = clientCertificateOptionsOf('client-');

/** {@link networkOptions} of one side of a copy, which is asked through the proxy of both. */
export function networkOptionsOf(prefix: SidePrefix): Readonly<Record<string, OptionSpec>> {
  return {
    [`${prefix}ca-file`]: {
      type: 'string',
      value: 'path',
      help: "authorities of TLS servers, PEM, instead of the system's",
    },
    [`${prefix}resolve`]: resolveOption,
  };
}

/** {@link clientCertificateOptions} of one side of a copy, or of a command that signs. */
export function clientCertificateOptionsOf(prefix: SidePrefix | 'client-'): Readonly<Record<string, OptionSpec>> {
  return {
    [`${prefix}cert-file`]: {
      type: 'string',
      value: 'path',
      help: `client certificate for the registry, PEM; with --${prefix}key-file`,
    },
    [`${prefix}key-file`]: {
      type: 'string',
      value: 'path',
      help: `private key of the client certificate, PEM; with --${prefix}cert-file`,
    },
  };
}

/** What the options and the environment say. */
export async function readNetwork(args: Arguments, prefix: SidePrefix = ''): Promise<Network> {
  const file = args.text(`${prefix}ca-file`);
  return {
    ...readRoute(args, prefix),
    ...(file === undefined ? {} : { ca: await readFile(file) }),
    ...(await readClientCertificate(args, prefix)),
  };
}

/** What {@link routeOptions} and the environment say. */
export function readRoute(args: Arguments, prefix: SidePrefix = ''): Network {
  const entries = args.texts(`${prefix}resolve`).map((text) => readResolve(text, `${prefix}resolve`));
  const proxy = args.text('proxy');
  return {
    proxy: proxy === undefined ? 'env' : checkProxy(proxy),
    ...(entries.length === 0 ? {} : { resolve: Object.fromEntries(entries) }),
  };
}

/** The network for servers other than the registry, which do not get the client certificate. */
export function unnamed(network: Network): Omit<Network, 'clientCertificate'> {
  const { clientCertificate: _, ...others } = network;
  return others;
}

/** @throws {UsageError} for options that have no effect, since nothing is asked over a network */
export function refuseNetwork(
  args: Arguments,
  why: string,
  names: readonly string[] = [...Object.keys(networkOptions), ...clientCertificateNames(args)],
): void {
  const name = names.find((each) => args.texts(each).length > 0);
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}

/** @throws {UsageError} for options that have no effect, since nothing is asked over TLS */
export function refuseTls(args: Arguments, why: string): void {
  refuseNetwork(args, why, ['ca-file', ...clientCertificateNames(args)]);
}

/** The names of the options of a client certificate, where the command has them. */
export function clientCertificateNames(args: Arguments): readonly string[] {
  // Where a key signs, --key-file is that key.
  const options = [clientCertificateOptions, signersCertificateOptions].map((each) => Object.keys(each));
  return options.find(([first = '']) => args.declares(first)) ?? [];
}

/** Other users of the machine can list command lines, so that none may contain an account. */
function checkProxy(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError('--proxy: expected a URL such as http://proxy.example.com:3128');
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      '--proxy: other users can see an account on the command line: put the URL into HTTPS_PROXY instead',
    );
  return text;
}

async function readClientCertificate(args: Arguments, prefix: SidePrefix): Promise<Pick<Network, 'clientCertificate'>> {
  const names = prefix === '' ? clientCertificateNames(args) : Object.keys(clientCertificateOptionsOf(prefix));
  const [cert, key] = names.map((name) => args.text(name));
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined)
    throw new UsageError(`${names.map((name) => `--${name}`).join(' and ')} belong together`);
  return { clientCertificate: { cert: await readFile(cert), key: await readFile(key) } };
}

function readResolve(text: string, option: string): readonly [string, string] {
  const [, place = '', host = ''] = /^([^:\s]+:\d{1,5}):(\S+)$/.exec(text) ?? [];
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return [place.toLowerCase(), address];
  throw new UsageError(
    `--${option}: expected host:port:address, such as registry.example.com:443:10.0.0.7, found "${text}"`,
  );
}

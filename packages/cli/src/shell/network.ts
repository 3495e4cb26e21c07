import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { TransportOptions } from '@notarykit/transport';
import type { SidePrefix } from './account.js';
import { type Arguments, type OptionSpec, UsageError } from './command.js';

/** How a command reaches registries, timestamping authorities, OCSP responders and CRLs. */
export type Network = Pick<TransportOptions, 'proxy' | 'ca' | 'resolve' | 'clientCertificate'>;

/** Only what the environment says. */
export const environment: Network = { proxy: 'env' };

/** Options of commands that ask a network, with the names of oras. The proxy is that of the environment, as for notation and oras. */
export const networkOptions: Readonly<Record<string, OptionSpec>> = networkOptionsOf('');

/** Options that show a registry who calls, with the names of oras; where no key signs, since that key has the same name. */
export const clientCertificateOptions: Readonly<Record<string, OptionSpec>> = clientCertificateOptionsOf('');

/** {@link networkOptions} of one side of a copy. */
export function networkOptionsOf(prefix: SidePrefix): Readonly<Record<string, OptionSpec>> {
  return {
    [`${prefix}ca-file`]: {
      type: 'string',
      value: 'path',
      help: "authorities of TLS servers, PEM, instead of the system's",
    },
    [`${prefix}resolve`]: {
      type: 'string',
      value: 'host:port:address',
      multiple: true,
      help: 'fixed address of a host',
    },
  };
}

/** {@link clientCertificateOptions} of one side of a copy. */
export function clientCertificateOptionsOf(prefix: SidePrefix): Readonly<Record<string, OptionSpec>> {
  return {
    [`${prefix}cert-file`]: {
      type: 'string',
      value: 'path',
      help: `certificate that the registry is shown, PEM; with --${prefix}key-file`,
    },
    [`${prefix}key-file`]: {
      type: 'string',
      value: 'path',
      help: `private key of the certificate that the registry is shown, PEM; with --${prefix}cert-file`,
    },
  };
}

/** What the options and the environment say. */
export async function readNetwork(args: Arguments, prefix: SidePrefix = ''): Promise<Network> {
  const file = args.text(`${prefix}ca-file`);
  const entries = args.texts(`${prefix}resolve`).map((text) => readResolve(text, `${prefix}resolve`));
  return {
    ...environment,
    ...(file === undefined ? {} : { ca: await readFile(file) }),
    ...(entries.length === 0 ? {} : { resolve: Object.fromEntries(entries) }),
    ...(await readClientCertificate(args, prefix)),
  };
}

async function readClientCertificate(args: Arguments, prefix: SidePrefix): Promise<Pick<Network, 'clientCertificate'>> {
  // Where a key signs, --key-file is that key.
  if (!args.declares(`${prefix}cert-file`)) return {};
  const [cert, key] = [args.text(`${prefix}cert-file`), args.text(`${prefix}key-file`)];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined)
    throw new UsageError(`--${prefix}cert-file and --${prefix}key-file belong together`);
  return { clientCertificate: { cert: await readFile(cert), key: await readFile(key) } };
}

/** @throws {UsageError} for options that have no effect, since nothing is asked over a network, or over TLS */
export function refuseNetwork(
  args: Arguments,
  why: string,
  names: readonly string[] = [...Object.keys(networkOptions), ...clientCertificateNames(args)],
): void {
  const name = names.find((each) => args.texts(each).length > 0);
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}

/** The names of {@link clientCertificateOptions}, where the command has them. */
export function clientCertificateNames(args: Arguments): readonly string[] {
  return args.declares('cert-file') ? Object.keys(clientCertificateOptions) : [];
}

function readResolve(text: string, option: string): readonly [string, string] {
  const [, place = '', host = ''] = /^([^:\s]+:\d{1,5}):(\S+)$/.exec(text) ?? [];
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return [place.toLowerCase(), address];
  throw new UsageError(
    `--${option}: expected host:port:address, such as registry.example.com:443:10.0.0.7, found "${text}"`,
  );
}

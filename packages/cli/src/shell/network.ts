import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { TransportOptions } from '@notarykit/transport';
import { type Arguments, type OptionSpec, UsageError } from './command.js';

/** How a command reaches registries, timestamping authorities, OCSP responders and CRLs. */
export type Network = Pick<TransportOptions, 'proxy' | 'ca' | 'resolve'>;

/** Only what the environment says. */
export const environment: Network = { proxy: 'env' };

/** Options of commands that ask a network, with the names of oras. The proxy is that of the environment, as for notation and oras. */
export const networkOptions: Readonly<Record<string, OptionSpec>> = {
  'ca-file': { type: 'string', value: 'path', help: "authorities of TLS servers, PEM, instead of the system's" },
  resolve: {
    type: 'string',
    value: 'host:port:address',
    multiple: true,
    help: 'fixed address of a host',
  },
};

/** What the options and the environment say. */
export async function readNetwork(args: Arguments): Promise<Network> {
  const file = args.text('ca-file');
  const entries = args.texts('resolve').map(readResolve);
  return {
    ...environment,
    ...(file === undefined ? {} : { ca: await readFile(file) }),
    ...(entries.length === 0 ? {} : { resolve: Object.fromEntries(entries) }),
  };
}

/** @throws {UsageError} for options that have no effect, since nothing is asked over a network, or over TLS */
export function refuseNetwork(
  args: Arguments,
  why: string,
  names: readonly string[] = Object.keys(networkOptions),
): void {
  const name = names.find((each) => args.texts(each).length > 0);
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}

function readResolve(text: string): readonly [string, string] {
  const [, place = '', host = ''] = /^([^:\s]+:\d{1,5}):(\S+)$/.exec(text) ?? [];
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return [place.toLowerCase(), address];
  throw new UsageError(
    `--resolve: expected host:port:address, such as registry.example.com:443:10.0.0.7, found "${text}"`,
  );
}

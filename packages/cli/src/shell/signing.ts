import { createHttpTimestamper, parseCertificates } from '@notarykit/pki/internal';
import {
  isSignatureKind,
  type SignEnvelopeOptions,
  type Signer,
  signatureKinds,
} from '@notarykit/signature-envelope/internal';
import { createTransport } from '@notarykit/transport/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { type Arguments, UsageError } from './command.js';
import { readExpiry } from './duration.js';
import { readParsed } from './files.js';
import { type Network, readNetwork, refuseNetwork, unnamed } from './network.js';
import type { OptionSpec } from './option-spec.js';
import { readPairs } from './pairs.js';
import { type PluginOpener, readSigner, signerOptions } from './signer.js';

/** The option that {@link readMetadata} reads. */
export function metadataOption(help: string): OptionSpec {
  return { type: 'string', short: 'm', value: 'name=value', multiple: true, help };
}

/** Options of commands that sign. */
export const signingOptions: Readonly<Record<string, OptionSpec>> = {
  ...signerOptions,
  'signature-format': {
    type: 'string',
    value: 'jws|cose',
    help: 'envelope format; default: the one that notation is set to',
  },
  expiry: {
    type: 'string',
    short: 'e',
    value: 'duration',
    help: 'how long the signature is good, such as 3h20m or 30d',
  },
  'user-metadata': metadataOption('metadata that is signed along'),
  kind: {
    type: 'string',
    value: 'kind',
    choices: signatureKinds,
    help: 'what kind of signature this is: of who made it, of who examined it, or of who uses it',
  },
  'timestamp-url': {
    type: 'string',
    value: 'url',
    help: 'RFC 3161 timestamping authority; with --timestamp-root-cert',
  },
  'timestamp-root-cert': { type: 'string', value: 'path', help: 'root certificate of the timestamping authority' },
};

/** The network of a command that signs. */
export function signingNetwork(args: Arguments, isLocal: boolean): Promise<Network> {
  if (isLocal && args.text('timestamp-url') === undefined)
    refuseNetwork(args, 'nothing is asked over a network without --timestamp-url');
  return readNetwork(args);
}

/** What the options say about the signature. */
export async function readSigning<S>(
  args: Arguments,
  open: PluginOpener<S>,
  network: Network,
): Promise<Omit<SignEnvelopeOptions, 'signer'> & { readonly signer: Signer | S }> {
  const [expiry, kind] = [args.text('expiry'), args.text('kind')];
  return {
    signer: await readSigner(args, open),
    format: await readFormat(args),
    metadata: readMetadata(args),
    ...(isSignatureKind(kind) ? { kind } : {}),
    ...(expiry === undefined ? {} : { expiry: readExpiry(expiry) }),
    ...(await readTimestamp(args, network)),
  };
}

async function readFormat(args: Arguments): Promise<'jws' | 'cose'> {
  const format = args.text('signature-format') ?? (await notationConfiguration().settings()).signatureFormat;
  if (format === 'jws' || format === 'cose') return format;
  throw new UsageError(`--signature-format: expected "jws" or "cose", found "${format}"`);
}

/** `name=value` pairs of `--user-metadata`. */
export function readMetadata(args: Arguments): Readonly<Record<string, string>> {
  return readPairs(args, 'user-metadata');
}

async function readTimestamp(args: Arguments, network: Network) {
  const [url, file] = [args.text('timestamp-url'), args.text('timestamp-root-cert')];
  if (url === undefined && file === undefined) return {};
  if (url === undefined || file === undefined)
    throw new UsageError('--timestamp-url and --timestamp-root-cert belong together');
  const timestampRoots = await readParsed(file, (bytes) => parseCertificates(bytes));
  const fetch = createTransport(unnamed(network));
  return { timestamper: createHttpTimestamper({ url, roots: timestampRoots, fetch }), timestampRoots };
}

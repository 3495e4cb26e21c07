import { readFile } from 'node:fs/promises';
import { localSigner } from '@notarykit/kms-providers/local';
import { createHttpTimestamper, parseCertificates } from '@notarykit/pki';
import type { SignEnvelopeOptions, Signer } from '@notarykit/signature-envelope';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { type Arguments, type OptionSpec, UsageError } from './command.js';

/** Options of commands that sign. */
export const signingOptions: Readonly<Record<string, OptionSpec>> = {
  key: {
    type: 'string',
    short: 'k',
    value: 'name',
    help: "key of notation's signingkeys.json; default: its default key",
  },
  'key-file': { type: 'string', value: 'path', help: 'private key, PEM; with --certificate-file' },
  'certificate-file': { type: 'string', value: 'path', help: 'certificate chain of the key, PEM, root included' },
  'signature-format': {
    type: 'string',
    value: 'jws|cose',
    help: 'envelope format; default: the one that notation is set to',
  },
  expiry: { type: 'string', short: 'e', value: 'duration', help: 'how long the signature is good, such as 24h or 30d' },
  'user-metadata': {
    type: 'string',
    short: 'm',
    value: 'name=value',
    multiple: true,
    help: 'metadata that is signed along',
  },
  'timestamp-url': {
    type: 'string',
    value: 'url',
    help: 'RFC 3161 timestamping authority; with --timestamp-root-cert',
  },
  'timestamp-root-cert': { type: 'string', value: 'path', help: 'root certificate of the timestamping authority' },
};

/** What the options say about the signature. */
export async function readSigning(args: Arguments): Promise<SignEnvelopeOptions & { readonly signer: Signer }> {
  const expiry = args.text('expiry');
  return {
    signer: await readSigner(args),
    format: await readFormat(args),
    metadata: readMetadata(args),
    ...(expiry === undefined ? {} : { expiry: new Date(Date.now() + readDuration(expiry, 'expiry')) }),
    ...(await readTimestamp(args)),
  };
}

async function readSigner(args: Arguments): Promise<Signer> {
  const [keyFile, certificateFile] = [args.text('key-file'), args.text('certificate-file')];
  if (keyFile !== undefined && certificateFile !== undefined) return openSigner(keyFile, certificateFile);
  if (keyFile !== undefined || certificateFile !== undefined)
    throw new UsageError('--key-file and --certificate-file belong together');
  const { keys, default: usual } = await notationConfiguration().signingKeys();
  const name = args.text('key') ?? usual;
  const key = keys.find((each) => each.name === name);
  if (key === undefined)
    throw new UsageError(
      `there is no ${name === undefined ? 'default key' : `key "${name}"`} in signingkeys.json; name one of ${keys.map((each) => each.name).join(', ') || '(none)'} with --key, or use --key-file and --certificate-file`,
    );
  if ('keyPath' in key) return openSigner(key.keyPath, key.certificatePath);
  throw new UsageError(`key "${key.name}" is behind the plugin "${key.plugin}"; this tool signs with keys in files`);
}

async function openSigner(keyFile: string, certificateFile: string): Promise<Signer> {
  return localSigner({
    privateKey: await readFile(keyFile, 'utf8'),
    certificateChain: await readFile(certificateFile, 'utf8'),
  });
}

async function readFormat(args: Arguments): Promise<'jws' | 'cose'> {
  const format = args.text('signature-format') ?? (await notationConfiguration().settings()).signatureFormat;
  if (format === 'jws' || format === 'cose') return format;
  throw new UsageError(`--signature-format: expected "jws" or "cose", found "${format}"`);
}

/** `name=value` pairs of `--user-metadata`. */
export function readMetadata(args: Arguments): Readonly<Record<string, string>> {
  const pairs = args.texts('user-metadata').map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--user-metadata: expected name=value, found "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Milliseconds of a duration, the value of an option. */
export function readDuration(text: string, option: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === '') throw new UsageError(`--${option}: expected a duration such as 24h or 30d, found "${text}"`);
  return Number(count) * units[unit as keyof typeof units] * 1000;
}

async function readTimestamp(args: Arguments) {
  const [url, file] = [args.text('timestamp-url'), args.text('timestamp-root-cert')];
  if (url === undefined && file === undefined) return {};
  if (url === undefined || file === undefined)
    throw new UsageError('--timestamp-url and --timestamp-root-cert belong together');
  const timestampRoots = parseCertificates(await readFile(file));
  return { timestamper: createHttpTimestamper({ url, roots: timestampRoots, fetch }), timestampRoots };
}

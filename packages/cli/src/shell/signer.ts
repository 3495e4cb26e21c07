import type { PluginSignerOptions } from '@notarykit/kms-providers/plugin';
import type { Signer } from '@notarykit/signature-envelope/internal';
import { notationConfiguration, type SigningKey } from '@notarykit/trust-policy/node';
import { type Arguments, UsageError } from './command.js';
import { openPem, openPkcs12 } from './key-files.js';
import type { OptionSpec } from './option-spec.js';
import { passwordOptions, passwordSource } from './password.js';
import { type PluginKey, pluginOptions } from './plugin-key.js';

/** Options that say who signs. */
export const signerOptions: Readonly<Record<string, OptionSpec>> = {
  key: {
    type: 'string',
    short: 'k',
    value: 'name',
    help: "key of notation's signingkeys.json, in files or behind a plugin; default: its default key",
  },
  'key-file': { type: 'string', value: 'path', help: 'private key, PEM; with --certificate-file' },
  'certificate-file': { type: 'string', value: 'path', help: 'certificate chain of the key, PEM, root included' },
  'pkcs12-file': {
    type: 'string',
    value: 'path',
    help: 'key and certificate chain, root included, in PKCS #12 (.p12, .pfx)',
  },
  ...passwordOptions,
  id: { type: 'string', value: 'key', help: 'key id, as the plugin has it; with --plugin' },
  plugin: { type: 'string', value: 'name', help: 'installed plugin of notation; with --id' },
  'plugin-config': { type: 'string', value: 'name=value', multiple: true, help: 'passed to the plugin' },
};

/** Makes a signer of a plugin: one of raw signatures, or whichever the plugin has where whole envelopes will do. */
export type PluginOpener<S> = (options: PluginSignerOptions) => S | Promise<S>;

/** Where a key lives. */
type Place =
  | { readonly kind: 'pem'; readonly keyFile: string; readonly chainFile: string }
  | { readonly kind: 'pkcs12'; readonly file: string }
  | { readonly kind: 'plugin'; readonly key: PluginKey };

/** The signer that the options name; an option that would have no effect is refused. */
export async function readSigner<S>(args: Arguments, open: PluginOpener<S>): Promise<Signer | S> {
  const place = await placeOf(args);
  const source = passwordSource(args);
  if (place.kind === 'plugin') {
    if (source.named) throw new UsageError('the key is behind a plugin and has no password: leave it out');
    return open(pluginOptions(args, place.key));
  }
  if (args.texts('plugin-config').length > 0)
    throw new UsageError('--plugin-config has no effect: the key is in a file, not behind a plugin');
  return place.kind === 'pem' ? openPem(place.keyFile, place.chainFile, source) : openPkcs12(place.file, source);
}

async function placeOf(args: Arguments): Promise<Place> {
  const [keyFile, chainFile] = pair(args, 'key-file', 'certificate-file');
  const [id, plugin] = pair(args, 'id', 'plugin');
  const file = args.text('pkcs12-file');
  const ways = [keyFile, file, id, args.text('key')].filter((way) => way !== undefined);
  if (ways.length > 1)
    throw new UsageError('only one of --key, --key-file, --pkcs12-file and --id says which key signs');
  if (keyFile !== undefined && chainFile !== undefined) return { kind: 'pem', keyFile, chainFile };
  if (file !== undefined) return { kind: 'pkcs12', file };
  if (id !== undefined && plugin !== undefined) return { kind: 'plugin', key: { plugin, id, pluginConfig: {} } };
  const key = await findKey(args.text('key'));
  return 'keyPath' in key
    ? { kind: 'pem', keyFile: key.keyPath, chainFile: key.certificatePath }
    : { kind: 'plugin', key };
}

function pair(args: Arguments, first: string, second: string): readonly [string | undefined, string | undefined] {
  const both = [args.text(first), args.text(second)] as const;
  if ((both[0] === undefined) !== (both[1] === undefined))
    throw new UsageError(`--${first} and --${second} belong together`);
  return both;
}

async function findKey(wanted: string | undefined): Promise<SigningKey> {
  const { keys, default: usual } = await notationConfiguration().signingKeys();
  const name = wanted ?? usual;
  const key = keys.find((each) => each.name === name);
  if (key !== undefined) return key;
  const known = keys.map((each) => each.name).join(', ') || '(none)';
  const missing = name === undefined ? 'default key' : `key "${name}"`;
  throw new UsageError(
    `there is no ${missing} in signingkeys.json; name one of ${known} with --key, or use --key-file and --certificate-file, --pkcs12-file, or --id and --plugin`,
  );
}

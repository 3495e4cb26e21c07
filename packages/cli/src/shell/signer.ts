import { readFile } from 'node:fs/promises';
import { localSigner } from '@notarykit/kms-providers/local';
import type { PluginSignerOptions } from '@notarykit/kms-providers/plugin';
import type { Signer } from '@notarykit/signature-envelope';
import { notationConfiguration, type SigningKey } from '@notarykit/trust-policy/node';
import { type Arguments, type OptionSpec, UsageError } from './command.js';
import { readPairs } from './pairs.js';

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
  id: { type: 'string', value: 'key', help: 'key id, as the plugin has it; with --plugin' },
  plugin: { type: 'string', value: 'name', help: 'installed plugin of notation; with --id' },
  'plugin-config': { type: 'string', value: 'name=value', multiple: true, help: 'passed to the plugin' },
};

/** Makes a signer of a plugin: one of raw signatures, or whichever the plugin has where whole envelopes will do. */
export type PluginOpener<S> = (options: PluginSignerOptions) => S | Promise<S>;

/** The signer that the options name. */
export async function readSigner<S>(args: Arguments, open: PluginOpener<S>): Promise<Signer | S> {
  const [keyFile, certificateFile] = pair(args, 'key-file', 'certificate-file');
  const [id, plugin] = pair(args, 'id', 'plugin');
  const ways = [keyFile, id, args.text('key')].filter((way) => way !== undefined);
  if (ways.length > 1) throw new UsageError('only one of --key, --key-file and --id says which key signs');
  if (keyFile !== undefined && certificateFile !== undefined) return openFiles(keyFile, certificateFile);
  if (id !== undefined && plugin !== undefined) return open(pluginOptions(args, { plugin, id, pluginConfig: {} }));
  const key = await findKey(args.text('key'));
  return 'keyPath' in key ? openFiles(key.keyPath, key.certificatePath) : open(pluginOptions(args, key));
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
    `there is no ${missing} in signingkeys.json; name one of ${known} with --key, or use --key-file and --certificate-file, or --id and --plugin`,
  );
}

async function openFiles(keyFile: string, certificateFile: string): Promise<Signer> {
  return localSigner({
    privateKey: await readFile(keyFile, 'utf8'),
    certificateChain: await readFile(certificateFile, 'utf8'),
  });
}

type PluginKey = Pick<Extract<SigningKey, { plugin: string }>, 'id' | 'plugin' | 'pluginConfig'>;

/** As with notation, the plugin finds its credentials in the environment of who types, and what is typed wins. */
function pluginOptions(args: Arguments, { plugin, id, pluginConfig }: PluginKey): PluginSignerOptions {
  return {
    name: plugin,
    keyId: id,
    pluginConfig: { ...pluginConfig, ...readPairs(args, 'plugin-config') },
    inheritEnv: Object.keys(process.env),
  };
}

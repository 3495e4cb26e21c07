import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type CallOptions, defined } from '@notarykit/common/internal';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { download } from '../shell/download.js';
import { networkOptions, readNetwork, refuseNetwork } from '../shell/network.js';
import { outputOptions } from '../shell/output.js';
import { readPluginFiles, readSource } from '../shell/plugin-archive.js';
import { type PluginFile, PluginSourceError } from '../shell/plugin-files.js';
import { installPlugin } from '../shell/plugin-install.js';

export const pluginInstallCommand: Command = {
  usage: 'plugin install <source>',
  aliases: ['add'],
  summary: 'Install a plugin from a zip, a tar.gz or its program, or replace an older version of it',
  options: {
    file: { type: 'boolean', help: '<source> is a file' },
    url: { type: 'boolean', help: '<source> is an https URL; with --sha256sum' },
    sha256sum: { type: 'string', value: 'hex', help: 'SHA-256 that the source must have' },
    force: { type: 'boolean', help: 'replace a newer version, too' },
    ...networkOptions,
    ...outputOptions,
  },
  examples: [
    'plugin install --file notation-wabbit-plugin_1.0.0_linux_amd64.tar.gz',
    'plugin install --url https://wabbit-networks.io/notation-wabbit-plugin.zip --sha256sum 113062a4…',
  ],
  async run(args, terminal, call) {
    const { plugin, before } = await installPlugin(await readSourceFiles(args, call), args.flag('force'));
    const { name, version } = plugin;
    const text =
      before === undefined
        ? `installed the plugin ${name}, version ${version}`
        : `replaced version ${before} of the plugin ${name} by ${version}`;
    terminal.result({ name, version, ...defined({ before }) }, text);
    return 0;
  },
};

async function readSourceFiles(args: Arguments, call: CallOptions): Promise<readonly PluginFile[]> {
  const [source = ''] = args.positionals;
  const expected = readExpected(args);
  if (args.flag('file') === args.flag('url')) throw new UsageError('say with --file or --url what the source is');
  if (args.flag('file')) refuseNetwork(args, 'the source is a file');
  else if (expected === undefined) throw new UsageError('--url needs --sha256sum: nothing else says what is installed');
  const { bytes, mode } = args.flag('file')
    ? await readSource(source)
    : { bytes: await download(source, await readNetwork(args), call), mode: 0 };
  if (expected !== undefined) checkSum(bytes, expected);
  const name = args.flag('file') ? source : basename(new URL(source).pathname);
  return await readPluginFiles(name, bytes, mode);
}

function readExpected(args: Arguments): string | undefined {
  const text = args.text('sha256sum');
  if (text === undefined || /^[0-9a-f]{64}$/i.test(text)) return text?.toLowerCase();
  throw new UsageError(`--sha256sum: expected 64 hexadecimal digits, found "${text}"`);
}

function checkSum(bytes: Uint8Array, expected: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expected) throw new PluginSourceError(`expected a source with SHA-256 ${expected}, found ${found}`);
}

import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { defined } from '@notarykit/common/internal';
import { pluginSigner } from '@notarykit/kms-providers/plugin';
import { signBlob } from 'notarykit/internal';
import { type Command, UsageError } from '../shell/command.js';
import { networkOptions } from '../shell/network.js';
import { outputOptions } from '../shell/output.js';
import { readSigning, signingNetwork, signingOptions } from '../shell/signing.js';

export const blobSignCommand: Command = {
  usage: 'blob sign <file>',
  summary: 'Sign a file; the signature is written beside it',
  options: {
    ...signingOptions,
    ...networkOptions,
    'media-type': { type: 'string', value: 'type', help: 'media type of the file; default application/octet-stream' },
    'signature-directory': {
      type: 'string',
      value: 'path',
      help: 'folder that the signature is written to; default: that of the file',
    },
    force: { type: 'boolean', help: 'replace a signature that is there' },
    ...outputOptions,
  },
  examples: ['blob sign --key wabbit-networks release.tgz'],
  async run(args, terminal, call) {
    const [file = ''] = args.positionals;
    const [mediaType, folder = dirname(file)] = [args.text('media-type'), args.text('signature-directory')];
    if (folder === '') throw new UsageError('--signature-directory: expected a folder, found an empty name');
    const { envelope, fileName } = await signBlob(await readFile(file), {
      ...call,
      ...(await readSigning(args, pluginSigner, await signingNetwork(args, true))),
      ...defined({ contentMediaType: mediaType }),
    });
    const path = join(folder, fileName(basename(file)));
    await writeFile(path, envelope, { flag: args.flag('force') ? 'w' : 'wx' });
    terminal.result({ signature: path }, `signed ${file}\nsignature ${path}`);
    return 0;
  },
};

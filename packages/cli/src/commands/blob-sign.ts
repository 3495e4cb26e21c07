import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pluginSigner } from '@notarykit/kms-providers/plugin';
import { signBlob } from 'notarykit';
import type { Command } from '../shell/command.js';
import { readSigning, signingOptions } from '../shell/signing.js';

export const blobSignCommand: Command = {
  usage: 'blob sign <file>',
  summary: 'Sign a file; the signature is written beside it',
  options: {
    ...signingOptions,
    'media-type': { type: 'string', value: 'type', help: 'media type of the file; default application/octet-stream' },
    'signature-directory': { type: 'string', value: 'path', help: 'where the signature is written; default: here' },
    force: { type: 'boolean', help: 'replace a signature that is there' },
  },
  examples: ['blob sign --key wabbit-networks release.tgz'],
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    const mediaType = args.text('media-type');
    const { envelope, fileName } = await signBlob(await readFile(file), {
      ...(await readSigning(args, pluginSigner)),
      ...(mediaType === undefined ? {} : { contentMediaType: mediaType }),
    });
    const path = join(args.text('signature-directory') ?? '.', fileName(basename(file)));
    await writeFile(path, envelope, { flag: args.flag('force') ? 'w' : 'wx' });
    terminal.result({ signature: path }, `signed ${file}\nsignature ${path}`);
    return 0;
  },
};

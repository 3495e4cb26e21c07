import { inspectBlob } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { readParsed } from '../shell/files.js';
import { describeInspection } from '../shell/inspection.js';
import { outputOptions } from '../shell/output.js';
import { mediaTypeOf } from './blob-verify.js';

export const blobInspectCommand: Command = {
  usage: 'blob inspect <signature>',
  summary: 'Show what the signature of a file claims. Nothing is verified',
  options: { ...outputOptions },
  examples: ['blob inspect release.tgz.jws.sig'],
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    const inspection = await readParsed(file, (bytes) => inspectBlob(bytes, { mediaType: mediaTypeOf(file) }));
    terminal.result(inspection, `${file}\n${describeInspection(inspection)}`);
    return 0;
  },
};

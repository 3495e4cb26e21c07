import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { blobPolicy } from '../shell/policy-file.js';
import { showPolicy } from './policy-show.js';

export const blobPolicyShowCommand: Command = {
  usage: 'blob policy show',
  summary: 'Print the trust policy for files of this machine, after checking it',
  options: { ...outputOptions },
  examples: ['blob policy show'],
  run: (_args, terminal) => showPolicy(blobPolicy, terminal),
};

import type { Command } from '../shell/command.js';
import { referenceOf } from '../shell/described.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { onePlatformOption, resolveOne } from '../shell/resolving.js';
import { keylessTargetOptions, onlyTargetOf, readTargetOf } from '../shell/target.js';

export const resolveCommand: Command = {
  usage: 'resolve <reference>',
  aliases: ['digest'],
  summary: 'Print the digest that a tag points to now',
  options: {
    'full-reference': { type: 'boolean', short: 'l', help: 'print registry and repository, too' },
    platform: onePlatformOption,
    ...mirrorOptions,
    ...keylessTargetOptions,
  },
  examples: ['resolve registry.example.com/net-monitor:v1', 'resolve -l registry.example.com/net-monitor:v1'],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const target = await onlyTargetOf(args, reference, readTargetOf);
    const found = await resolveOne(args, target, call);
    const { name } = target.repository;
    terminal.result(referenceOf(name, found), args.flag('full-reference') ? `${name}@${found.digest}` : found.digest);
    return 0;
  },
};

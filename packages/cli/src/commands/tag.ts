import { tagArtifact } from '@notarykit/artifact-graph/internal';
import type { Command } from '../shell/command.js';
import { withProgress } from '../shell/progress.js';
import { ifMatchOption, readIfMatch } from '../shell/tags.js';
import { keylessTargetOptions, nameOfTarget, onlyTargetOf, readTag } from '../shell/target.js';

export const tagCommand: Command = {
  usage: 'tag <reference> <tags...>',
  aliases: ['tag-update'],
  summary: 'Set tags on an artifact that is complete',
  options: {
    'if-match': ifMatchOption,
    ...keylessTargetOptions,
  },
  examples: [
    'tag registry.example.com/net-monitor@sha256:… v1 latest',
    'tag-update --if-match none registry.example.com/net-monitor@sha256:… v1',
  ],
  async run(args, terminal, call) {
    const [reference = '', ...names] = args.positionals;
    const tagNames = names.map(readTag);
    const target = await onlyTargetOf(args, reference);
    const { tags } = await tagArtifact(withProgress(target.repository, terminal), nameOfTarget(target), tagNames, {
      ...call,
      ...readIfMatch(args),
    });
    await target.save();
    const lines = tags.map(({ tag, before, after }) => `${tag}: ${before ?? 'new'} -> ${after}`);
    terminal.result(tags, lines.join('\n'));
    return 0;
  },
};

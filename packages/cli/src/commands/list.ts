import type { ArtifactNode } from '@notarykit/artifact-graph';
import { discover } from 'notarykit';
import type { Command } from '../shell/command.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { outputOptions } from '../shell/output.js';
import { withProgress } from '../shell/progress.js';
import { keylessTargetOptions, nameOfTarget, onlyTargetOf, readTargetOf } from '../shell/target.js';
import { branches } from '../shell/tree.js';

export const listCommand: Command = {
  usage: 'list <reference>',
  aliases: ['ls'],
  summary: 'List what refers to an artifact as a tree: signatures, SBOMs and their signatures. Nothing is verified',
  options: {
    'artifact-type': { type: 'string', value: 'type', multiple: true, help: 'only referrers of this type' },
    ...mirrorOptions,
    ...keylessTargetOptions,
    ...outputOptions,
  },
  examples: [
    'list registry.example.com/net-monitor:v1',
    'list --artifact-type application/vnd.cncf.notary.signature registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const target = await onlyTargetOf(args, reference, readTargetOf);
    const types = args.texts('artifact-type');
    const filter = types.length === 0 ? {} : { artifactTypes: types };
    const tree = await discover(withProgress(target.repository, terminal), nameOfTarget(target), {
      ...call,
      ...filter,
    });
    const text = [`${target.repository.name}@${tree.descriptor.digest}`, ...branches(tree, '')].join('\n');
    terminal.result(plain(tree), text);
    return 0;
  },
};

interface PlainNode {
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly referrers: readonly PlainNode[];
}

function plain({ descriptor: { digest, mediaType, artifactType }, referrers }: ArtifactNode): PlainNode {
  return { digest, mediaType, ...(artifactType && { artifactType }), referrers: referrers.map(plain) };
}

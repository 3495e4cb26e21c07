import type { ArtifactNode } from '@notarykit/artifact-graph/internal';
import { defined } from '@notarykit/common/internal';
import { discover } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { referenceOf } from '../shell/described.js';
import { treePage } from '../shell/html/tree.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { readCount } from '../shell/numbers.js';
import { withProgress } from '../shell/progress.js';
import { onePlatformOption, resolveOne } from '../shell/resolving.js';
import { keylessTargetOptions, onlyTargetOf, readTargetOf } from '../shell/target.js';
import { branches } from '../shell/tree.js';

export const discoverCommand: Command = {
  usage: 'discover <reference>',
  summary: 'Show what refers to an artifact, and what refers to that, as oras does. Nothing is verified',
  options: {
    'artifact-type': { type: 'string', value: 'type', multiple: true, help: 'only referrers of this type' },
    depth: { type: 'string', value: 'count', help: 'steps from an artifact to what refers to it; default: all' },
    platform: onePlatformOption,
    ...mirrorOptions,
    ...keylessTargetOptions,
  },
  formats: ['html', 'tree'],
  examples: [
    'discover registry.example.com/net-monitor:v1',
    'discover --json --artifact-type sbom/example registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const [types, depth] = [args.texts('artifact-type'), readCount(args, 'depth', 99)];
    const target = await onlyTargetOf(args, reference, readTargetOf);
    const repository = withProgress(target.repository, terminal);
    const tree = await discover(repository, await resolveOne(args, target, call), {
      ...call,
      manifests: false,
      ...(types.length === 0 ? {} : { artifactTypes: types }),
      ...defined({ depth }),
    });
    const text = [`${repository.name}@${tree.descriptor.digest}`, ...branches(tree, '')].join('\n');
    terminal.result(described(repository.name, tree), text, () => treePage(repository.name, tree));
    return 0;
  },
};

function described(repository: string, { descriptor, referrers }: ArtifactNode): object {
  return {
    ...referenceOf(repository, descriptor),
    referrers: referrers.map((one) => describedReferrer(repository, one)),
  };
}

/** The annotations are those of the manifest itself: a list may have others. */
function describedReferrer(repository: string, node: ArtifactNode): object {
  const { annotations } = node.manifest;
  return described(repository, { ...node, descriptor: { ...node.descriptor, ...(annotations && { annotations }) } });
}

import type { ArtifactNode } from '@notarykit/artifact-graph/internal';
import { signatureArtifactType } from '@notarykit/signature-envelope/internal';
import { discover } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { maxSignaturesOf } from '../shell/numbers.js';
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
    'max-signatures': {
      type: 'string',
      value: 'count',
      help: 'most signatures of the artifact that are listed; default all',
    },
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
    const all = await discover(withProgress(target.repository, terminal), nameOfTarget(target), {
      ...call,
      ...filter,
    });
    const tree = withSignatures(all, maxSignaturesOf(args));
    if (tree.referrers.length < all.referrers.length)
      terminal.note('there are more signatures than are listed; see --max-signatures');
    const text = [`${target.repository.name}@${tree.descriptor.digest}`, ...branches(tree, '')].join('\n');
    terminal.result(plain(tree), text);
    return 0;
  },
};

/** The artifact with so many of its signatures at most. */
function withSignatures(tree: ArtifactNode, most = Number.POSITIVE_INFINITY): ArtifactNode {
  let left = most;
  const referrers = tree.referrers.filter(
    ({ descriptor }) => descriptor.artifactType !== signatureArtifactType || left-- > 0,
  );
  return { ...tree, referrers };
}

interface PlainNode {
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly referrers: readonly PlainNode[];
}

function plain({ descriptor: { digest, mediaType, artifactType }, referrers }: ArtifactNode): PlainNode {
  return { digest, mediaType, ...(artifactType && { artifactType }), referrers: referrers.map(plain) };
}

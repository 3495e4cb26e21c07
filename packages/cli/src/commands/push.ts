import { packArtifact } from '@notarykit/artifact-graph/internal';
import { defined } from '@notarykit/common/internal';
import type { Command } from '../shell/command.js';
import { referenceOf } from '../shell/described.js';
import { exportManifest, packingOptions, readPacking, unknownArtifact } from '../shell/packing.js';
import { withProgress } from '../shell/progress.js';
import { splitTags, tagOfTarget } from '../shell/tags.js';
import { keylessTargetOptions, onlyTargetOf, writtenTargetOf } from '../shell/target.js';

export const pushCommand: Command = {
  usage: 'push <reference> [files...]',
  summary: 'Push files as one artifact; its tags are set last',
  options: { ...packingOptions, ...keylessTargetOptions },
  examples: [
    'push --artifact-type sbom/example registry.example.com/net-monitor-sbom:v1 sbom.json:application/json',
    'push registry.example.com/net-monitor-docs:v1,latest docs',
    'push --oci-layout net-monitor.tar:v1 net-monitor.bin',
  ],
  async run(args, terminal, call) {
    const [named = '', ...files] = args.positionals;
    const { reference, tags } = splitTags(named);
    const target = await onlyTargetOf(args, reference, writtenTargetOf);
    const repository = withProgress(target.repository, terminal);
    const artifactType =
      args.text('artifact-type') ?? (args.text('config') === undefined ? unknownArtifact : undefined);
    const packed = await packArtifact(repository, {
      ...call,
      ...(await readPacking(args, files)),
      ...defined({ artifactType }),
      tags: [...tagOfTarget(target), ...tags],
    });
    await target.save();
    await exportManifest(args, packed);
    const set = packed.tags.map(({ tag }) => `${repository.name}:${tag}`);
    terminal.result(
      { ...referenceOf(repository.name, packed.descriptor), referenceAsTags: set },
      [`pushed ${repository.name}@${packed.descriptor.digest}`, ...set.map((tag) => `tagged ${tag}`)].join('\n'),
    );
    return 0;
  },
};

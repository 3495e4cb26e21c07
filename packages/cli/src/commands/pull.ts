import { openGraph } from '@notarykit/artifact-graph/internal';
import { titleOf, writeFiles } from '@notarykit/artifact-graph/node';
import { type Command, UsageError } from '../shell/command.js';
import { referenceOf } from '../shell/described.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { withProgress } from '../shell/progress.js';
import { onePlatformOption, resolveOne } from '../shell/resolving.js';
import { keylessTargetOptions, onlyTargetOf, readTargetOf } from '../shell/target.js';

export const pullCommand: Command = {
  usage: 'pull <reference>',
  summary: 'Write the files of an artifact, each checked against its digest before it has its name',
  options: {
    output: { type: 'string', short: 'o', value: 'folder', help: 'where the files are written; default: here' },
    'keep-old-files': { type: 'boolean', short: 'k', help: 'replace no file that is there: it is an error' },
    platform: onePlatformOption,
    ...mirrorOptions,
    ...keylessTargetOptions,
  },
  examples: [
    'pull registry.example.com/net-monitor-sbom:v1',
    'pull --output docs registry.example.com/net-monitor-docs@sha256:…',
  ],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const target = await onlyTargetOf(args, reference, readTargetOf);
    const repository = withProgress(target.repository, terminal);
    const found = await resolveOne(args, target, call);
    const { manifest } = await openGraph(repository).manifest(found, call);
    if (manifest.kind === 'index')
      throw new UsageError(`${found.digest} is an index: name one of its images with --platform or by its digest`);
    const files = await writeFiles(repository, found, {
      ...call,
      directory: args.text('output') ?? '.',
      name: titleOf,
      overwrite: !args.flag('keep-old-files'),
    });
    const layers = manifest.kind === 'artifact' ? manifest.blobs : manifest.layers;
    if (files.length < layers.length)
      terminal.note(`${layers.length - files.length} of ${layers.length} layers have no name and are not written`);
    terminal.result(
      {
        reference: `${repository.name}@${found.digest}`,
        files: files.map(({ layer, path }) => ({ path, ...referenceOf(repository.name, layer) })),
      },
      [`pulled ${repository.name}@${found.digest}`, ...files.map(({ path }) => path)].join('\n'),
    );
    return 0;
  },
};

import { buffer } from 'node:stream/consumers';
import { tagArtifact } from '@notarykit/artifact-graph/internal';
import { isJsonObject, parseJson } from '@notarykit/common/internal';
import { describe, isDigest, isManifestMediaType, parseManifest } from '@notarykit/oci/internal';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { readParsed } from '../shell/files.js';
import { splitTags, tagOfTarget } from '../shell/tags.js';
import { keylessTargetOptions, onlyTargetOf, writtenTargetOf } from '../shell/target.js';

export const manifestPushCommand: Command = {
  usage: 'manifest push <reference> <file>',
  summary: 'Push a manifest whose content is there already; "-" reads it from standard input',
  options: {
    'media-type': { type: 'string', value: 'type', help: 'media type; default: the one that the manifest states' },
    descriptor: { type: 'boolean', help: 'print the descriptor as one line of JSON' },
    ...keylessTargetOptions,
  },
  examples: [
    'manifest push registry.example.com/net-monitor:v1,latest manifest.json',
    'manifest push registry.example.com/net-monitor:v1 -',
  ],
  async run(args, terminal, call) {
    const [named = '', file = ''] = args.positionals;
    const { reference, tags: others } = splitTags(named);
    const { bytes, mediaType } = await readManifest(args, file);
    const descriptor = describe(mediaType, bytes);
    const target = await onlyTargetOf(args, reference, writtenTargetOf);
    const { repository, name } = target;
    const byDigest = name !== undefined && isDigest(name);
    if (byDigest && name !== descriptor.digest)
      throw new UsageError(`${file} has the digest ${descriptor.digest}, not ${name}`);
    await repository.push(descriptor, bytes, call);
    const tags = [...(byDigest ? [] : tagOfTarget(target)), ...others];
    if (tags.length > 0) await tagArtifact(repository, descriptor, tags, call);
    await target.save();
    const lines = [
      `pushed ${repository.name}@${descriptor.digest}`,
      ...tags.map((tag) => `tagged ${repository.name}:${tag}`),
    ];
    terminal.result(descriptor, args.flag('descriptor') ? JSON.stringify(descriptor) : lines.join('\n'));
    return 0;
  },
};

interface ReadManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Anything but a manifest would be pushed as a blob, which nothing lists and no tag names. */
async function readManifest(args: Arguments, file: string): Promise<ReadManifest> {
  const given = args.text('media-type');
  const parse = (bytes: Uint8Array): ReadManifest => {
    const document = parseJson(bytes);
    const stated = isJsonObject(document) ? document['mediaType'] : undefined;
    const mediaType = given ?? (typeof stated === 'string' ? stated : undefined);
    if (mediaType === undefined) throw new UsageError(`${file} states no media type: give it with --media-type`);
    if (!isManifestMediaType(mediaType)) throw new UsageError(`${mediaType} is not the media type of a manifest`);
    parseManifest(bytes, mediaType);
    return { bytes, mediaType };
  };
  return file === '-' ? parse(new Uint8Array(await buffer(process.stdin))) : await readParsed(file, parse);
}

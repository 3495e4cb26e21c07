import { openGraph } from '@notarykit/artifact-graph/internal';
import { decodeUtf8, parseJson } from '@notarykit/common/internal';
import { type Command, UsageError } from '../shell/command.js';
import { referenceOf } from '../shell/described.js';
import { writeResult } from '../shell/files.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { onePlatformOption, resolveOne } from '../shell/resolving.js';
import { keylessTargetOptions, onlyTargetOf, readTargetOf } from '../shell/target.js';

export const manifestFetchCommand: Command = {
  usage: 'manifest fetch <reference>',
  aliases: ['get', 'show'],
  summary: 'Print a manifest, byte for byte, after it was checked against its digest',
  options: {
    descriptor: { type: 'boolean', help: 'print media type, digest and size, not the manifest' },
    pretty: { type: 'boolean', help: 'print it with line breaks: not the bytes that have the digest' },
    output: { type: 'string', short: 'o', value: 'path', help: 'write it to this file; "-": print it' },
    platform: onePlatformOption,
    ...mirrorOptions,
    ...keylessTargetOptions,
  },
  examples: [
    'manifest fetch registry.example.com/net-monitor:v1',
    'manifest fetch --descriptor registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const path = args.text('output') === '-' ? undefined : args.text('output');
    const [descriptor, pretty] = [args.flag('descriptor'), args.flag('pretty')];
    if (path !== undefined && descriptor) throw new UsageError('only one of --output and --descriptor says what to do');
    const target = await onlyTargetOf(args, reference, readTargetOf);
    const found = await resolveOne(args, target, call);
    const { bytes } = await openGraph(target.repository).manifest(found, call);
    const content = parseJson(bytes);
    const { mediaType, digest, size } = found;
    if (path !== undefined) await writeResult(path, bytes);
    const value = descriptor ? { mediaType, digest, size } : content;
    const text = pretty ? JSON.stringify(value, undefined, 2) : descriptor ? JSON.stringify(value) : decodeUtf8(bytes);
    const result = { ...referenceOf(target.repository.name, { mediaType, digest, size }), content };
    if (path === undefined) terminal.exactly(descriptor ? value : result, text);
    return 0;
  },
};

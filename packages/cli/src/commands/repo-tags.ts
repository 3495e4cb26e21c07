import { type CallOptions, mapConcurrent } from '@notarykit/common/internal';
import { isNotFound } from '@notarykit/oci/internal';
import type { Command } from '../shell/command.js';
import { keylessTargetOptions, onlyTargetOf, type Target } from '../shell/target.js';

export const repoTagsCommand: Command = {
  usage: 'repo tags <reference>',
  aliases: ['show-tags'],
  summary: 'List the tags of a repository, or those that point to one artifact',
  options: {
    last: { type: 'string', value: 'tag', help: 'go on after this tag' },
    'exclude-digest-tags': { type: 'boolean', help: 'leave out tags that are made of a digest, such as sha256-…' },
    ...keylessTargetOptions,
  },
  examples: ['repo tags registry.example.com/net-monitor', 'repo tags registry.example.com/net-monitor@sha256:…'],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const target = await onlyTargetOf(args, reference);
    const after = args.text('last') ?? '';
    const listed: string[] = [];
    for await (const tag of target.repository.tags(call)) if (tag > after) listed.push(tag);
    const shown = args.flag('exclude-digest-tags') ? listed.filter((tag) => !digestTag.test(tag)) : listed;
    const tags = await pointingTo(target, shown, call);
    terminal.result({ tags }, tags.join('\n'));
    return 0;
  },
};

const digestTag = /^sha(256-[0-9a-f]{64}|512-[0-9a-f]{128})/;

/** With a tag or digest in the reference: only the tags of that artifact. */
async function pointingTo(
  { name, repository }: Target,
  tags: readonly string[],
  call: CallOptions,
): Promise<readonly string[]> {
  if (name === undefined) return tags;
  const { digest } = await repository.resolve(name, call);
  const found = await mapConcurrent(tags, 3, (tag) => digestOfTag(repository, tag, call));
  return tags.filter((_tag, i) => found[i] === digest);
}

/** A tag may go away after it was listed. */
async function digestOfTag(
  repository: Target['repository'],
  tag: string,
  call: CallOptions,
): Promise<string | undefined> {
  try {
    return (await repository.resolve(tag, call)).digest;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

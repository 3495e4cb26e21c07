import type { PackOptions } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined } from '@notarykit/common/internal';
import { openPluginSigner } from '@notarykit/kms-providers/plugin';
import { type Descriptor, isDigest } from '@notarykit/oci/internal';
import { publish } from 'notarykit/internal';
import { attachOption, readAttachments } from '../shell/attachments.js';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { packingOptions, readPacking } from '../shell/packing.js';
import { withProgress } from '../shell/progress.js';
import { readSigning, signingNetwork, signingOptions } from '../shell/signing.js';
import { ifMatchOption, readIfMatch, splitTags, tagOfTarget } from '../shell/tags.js';
import { nameOfTarget, readTag, signedTargetOptions, type Target, writtenTargetOf } from '../shell/target.js';

const { 'artifact-type': artifactType, annotation, config } = packingOptions;

export const publishCommand: Command = {
  usage: 'publish <reference> [files...]',
  summary: 'Push files, or take an image that was pushed by digest; sign it, attach and sign the rest, and tag last',
  options: {
    ...(artifactType && { 'artifact-type': artifactType }),
    ...(annotation && { annotation }),
    ...(config && { config }),
    attach: attachOption,
    tag: { type: 'string', value: 'tag', multiple: true, help: 'tag to set; needed where the reference is a digest' },
    'if-match': ifMatchOption,
    ...signingOptions,
    ...signedTargetOptions,
  },
  examples: [
    'publish --artifact-type application/vnd.example registry.example.com/net-monitor:v1 net-monitor.bin',
    'publish --tag v1 --attach sbom/example=sbom.json:application/json registry.example.com/net-monitor@sha256:…',
  ],
  async run(args, terminal, call) {
    const [named = '', ...files] = args.positionals;
    const { reference, tags } = splitTags(named);
    const network = await signingNetwork(args, args.flag('oci-layout'));
    const target = await writtenTargetOf(args, reference, network);
    const repository = withProgress(target.repository, terminal);
    const push = files.length === 0 ? pushedBefore(args, target, call) : await readFiles(args, files);
    const tag = [...(files.length === 0 ? [] : tagOfTarget(target)), ...tags, ...args.texts('tag').map(readTag)];
    if (tag.length === 0) throw new UsageError('name at least one tag: in the reference, or with --tag');
    const published = await publish(repository, {
      ...call,
      push,
      sign: await readSigning(args, openPluginSigner, network),
      attach: await readAttachments(args),
      tag,
      ...readIfMatch(args),
    });
    await target.save();
    const { artifact, signatures, attached, tags: set } = published;
    const lines = [
      `published ${repository.name}@${artifact.digest}`,
      ...attached.map((one) => `attached ${repository.name}@${one.artifact.digest}`),
      ...set.map((one) => `tagged ${repository.name}:${one.tag}`),
    ];
    const result = {
      digest: artifact.digest,
      signatures: signatures.map(({ signature }) => signature.digest),
      attached: attached.map((one) => ({ digest: one.artifact.digest, signature: one.signature.digest })),
      tags: set,
    };
    terminal.result(result, lines.join('\n'));
    return 0;
  },
};

/** A tag that is there already would show an artifact that is not signed yet: what was pushed before is named by its digest. */
function pushedBefore(args: Arguments, target: Target, call: CallOptions): () => Promise<Descriptor> {
  const name = nameOfTarget(target);
  if (!isDigest(name)) throw new UsageError('name the files to push, or the digest of an image that was pushed');
  const unused = ['artifact-type', 'config', 'annotation'].find((option) => args.texts(option).length > 0);
  if (unused !== undefined) throw new UsageError(`--${unused} has no effect: no files are packed`);
  return () => target.repository.resolve(name, call);
}

async function readFiles(args: Arguments, files: readonly string[]): Promise<PackOptions> {
  const artifactType = args.text('artifact-type');
  return { ...(await readPacking(args, files)), ...defined({ artifactType }) };
}

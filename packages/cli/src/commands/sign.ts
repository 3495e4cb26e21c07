import { fileLayer } from '@notarykit/artifact-graph/node';
import { openPluginSigner } from '@notarykit/kms-providers/plugin';
import { sign, signFile } from 'notarykit/internal';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { unknownArtifact } from '../shell/packing.js';
import { platformsOption, readPlatforms } from '../shell/platforms.js';
import { withProgress } from '../shell/progress.js';
import { readSigning, signingNetwork, signingOptions } from '../shell/signing.js';
import { nameOfTarget, signedTargetOptions, type TargetOptions, targetOf } from '../shell/target.js';

export const signCommand: Command = {
  usage: 'sign [reference]',
  summary: 'Sign an artifact, or pack files, attach them to a subject and sign them',
  options: {
    ...signingOptions,
    file: {
      type: 'string',
      value: 'path:type',
      multiple: true,
      help: 'file or directory to pack and sign, with its media type',
    },
    subject: { type: 'string', value: 'reference', help: 'what the files are about; they are attached to it' },
    'artifact-type': {
      type: 'string',
      value: 'type',
      help: `type of the artifact that the files become; default ${unknownArtifact}`,
    },
    'force-referrers-tag': {
      type: 'string',
      value: 'true|false',
      choices: ['true', 'false'],
      help: 'keep the signature under a tag of referrers, also where the registry has a list of them; default false',
    },
    platforms: platformsOption('of a multi-platform image, what is signed: index (default), images in it, or both'),
    ...signedTargetOptions,
    ...outputOptions,
  },
  examples: [
    'sign registry.example.com/net-monitor:v1',
    'sign --platforms both registry.example.com/net-monitor:v1',
    'sign --key wabbit-networks --expiry 30d registry.example.com/net-monitor@sha256:…',
    'sign --file sbom.json:application/json --subject registry.example.com/net-monitor:v1 --artifact-type sbom/example',
  ],
  async run(args, terminal, call) {
    const files = args.texts('file');
    const reference = referenceOf(args, files.length > 0);
    const network = await signingNetwork(args, args.flag('oci-layout'));
    const target = await targetOf(args, reference, network, readReferrers(args));
    const signing = { ...call, ...(await readSigning(args, openPluginSigner, network)) };
    const name = nameOfTarget(target);
    const repository = withProgress(target.repository, terminal);
    const signed =
      files.length === 0
        ? await sign(repository, name, { ...signing, ...readPlatforms(args) })
        : await signFile(repository, {
            ...signing,
            files: await Promise.all(files.map(readFileOption)),
            subject: name,
            artifactType: args.text('artifact-type') ?? unknownArtifact,
          });
    await target.save();
    if (signed.warning !== undefined) terminal.note(signed.warning);
    const { artifact, signature } = signed;
    const result = { artifact: artifact.digest, signature: signature.digest };
    const more = signed.signatures
      .slice(1)
      .map(({ subject, signature: { digest } }) => ({ subject: subject.digest, signature: digest }));
    const lines = more.map((one) => `\nsigned ${repository.name}@${one.subject}\nsignature ${one.signature}`);
    terminal.result(
      more.length === 0 ? result : { ...result, platforms: more },
      `signed ${repository.name}@${(signed.signatures[0]?.subject ?? artifact).digest}\nsignature ${signature.digest}${lines.join('')}`,
    );
    return 0;
  },
};

/** notation keeps signatures under a referrers tag by default; here the registry's referrers API goes first. */
function readReferrers(args: Arguments): Pick<TargetOptions, 'client'> {
  const forced = args.text('force-referrers-tag');
  if (forced === undefined) return {};
  if (args.flag('oci-layout')) throw new UsageError('--force-referrers-tag has no effect: the artifact is in a layout');
  return { client: { referrers: forced === 'true' ? 'tag' : 'auto' } };
}

function referenceOf(args: Arguments, packs: boolean): string {
  if (packs && args.text('platforms') !== undefined)
    throw new UsageError('--platforms is about images: files become one artifact, which is signed itself');
  const reference = packs ? args.text('subject') : args.positionals[0];
  if (!packs && (args.text('subject') ?? args.text('artifact-type')) !== undefined)
    throw new UsageError('--subject and --artifact-type say what files become: name the files with --file');
  if (reference !== undefined && packs === (args.positionals.length === 0)) return reference;
  throw new UsageError(
    packs
      ? '--file packs files for a subject: name it with --subject, and no other reference'
      : 'name the artifact to sign, such as registry.example.com/net-monitor:v1',
  );
}

function readFileOption(text: string) {
  const [, path, mediaType] = /^(.+):([^:/\\]+\/[^:/\\]+)$/.exec(text) ?? [];
  return path === undefined || mediaType === undefined ? fileLayer(text) : fileLayer(path, { mediaType });
}

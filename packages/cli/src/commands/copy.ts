import { copy } from 'notarykit/internal';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import type { Network } from '../shell/network.js';
import { readPlatforms, verifiedPlatforms } from '../shell/platforms.js';
import { rateMeter } from '../shell/rate.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { readScope, scopeOptions } from '../shell/scope.js';
import { readSides, sideOptions } from '../shell/sides.js';
import { splitTags, tagOfTarget } from '../shell/tags.js';
import { nameOfTarget, openBoth } from '../shell/target.js';
import { bar } from '../shell/terminal.js';
import { readTrust } from '../shell/trust.js';

/** How the artifact is verified. */
const verdictOptions = { ...scopeOptions, ...verifiedPlatforms, ...judgingOptions, ...revocationOptions };

export const copyCommand: Command = {
  usage: 'copy <from> <to>',
  aliases: ['cp'],
  summary: 'Copy an artifact with its signatures and all that refers to it; the tag is set last',
  options: {
    'from-oci-layout': { type: 'boolean', help: '<from> is "folder:tag" or "file.tar:tag"' },
    'to-oci-layout': { type: 'boolean', help: '<to> is "folder:tag" or "file.tar:tag"; made if it is not there' },
    verify: { type: 'boolean', help: 'copy only if the trust policy trusts it' },
    platform: { type: 'string', value: 'os/arch', multiple: true, help: 'only this platform of an image index' },
    recursive: {
      type: 'boolean',
      short: 'r',
      help: 'also copy what refers to it, as is done without this option, too',
    },
    ...verdictOptions,
    ...sideOptions,
  },
  examples: [
    'copy registry.example.com/net-monitor:v1 registry.other.com/net-monitor:v1',
    'cp -r --from-username dev --from-password-stdin registry.example.com/net-monitor:v1 registry.other.com/net-monitor:v1,latest',
    'copy --to-oci-layout registry.example.com/net-monitor:v1 net-monitor.tar:v1',
  ],
  async run(args, terminal, call) {
    const [from = '', to = ''] = args.positionals;
    const { reference, tags: others } = splitTags(to);
    const sides = await readSides(args);
    const verifying = await readVerify(args, sides.both);
    const [source, target] = await openBoth(
      { reference: from, options: { layout: args.flag('from-oci-layout'), ...sides.from } },
      { reference, options: { layout: args.flag('to-oci-layout'), ...sides.to, create: true } },
    );
    const tags = [...tagOfTarget(target), ...others];
    const platforms = args.texts('platform');
    const moved = rateMeter();
    const { root, copied, skipped, mounted, notCopied } = await copy(source.repository, target.repository, {
      ...call,
      reference: nameOfTarget(source),
      ...(tags.length === 0 ? {} : { tag: tags }),
      ...verifying,
      ...(platforms.length === 0 ? {} : { platforms }),
      onProgress: ({ phase, nodes, bytes }) =>
        terminal.progress(
          `${phase} ${bar(bytes.done, bytes.total)} ${nodes.done}/${nodes.total}, ${moved(bytes.done)}`,
        ),
    });
    await target.save();
    const left = notCopied.length === 0 ? '' : `, ${notCopied.length} not copied: layers that may not be distributed`;
    const text = `copied ${root.digest}\nto ${target.repository.name}: ${copied.nodes} new, ${skipped.nodes} there already, ${mounted.nodes} mounted${left}`;
    terminal.result({ digest: root.digest, copied, skipped, mounted, notCopied }, text);
    return 0;
  },
};

async function readVerify(args: Arguments, network: Network) {
  if (args.flag('verify'))
    return {
      verify: {
        ...readScope(args, 'from-oci-layout'),
        ...(await readTrust(revocationNetwork(args, network))),
        ...readJudging(args),
        ...readPlatforms(args),
      },
    };
  const given = Object.keys(verdictOptions).find((name) => args.texts(name).length > 0);
  if (given !== undefined) throw new UsageError(`--${given} has no effect without --verify`);
  return {};
}

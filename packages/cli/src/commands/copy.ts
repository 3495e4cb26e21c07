import { copy } from 'notarykit';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { type Network, networkOptions, readNetwork } from '../shell/network.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { nameOfTarget, openBoth, readTag } from '../shell/target.js';
import { bar } from '../shell/terminal.js';
import { readTrust } from '../shell/trust.js';

export const copyCommand: Command = {
  usage: 'copy <from> <to>',
  summary: 'Copy an artifact with its signatures and all that refers to it; the tag is set last',
  options: {
    'from-oci-layout': { type: 'boolean', help: '<from> is "folder:tag" or "file.tar:tag"' },
    'to-oci-layout': { type: 'boolean', help: '<to> is "folder:tag" or "file.tar:tag"; made if it is not there' },
    verify: { type: 'boolean', help: 'copy only if the trust policy trusts it' },
    platform: { type: 'string', value: 'os/arch', multiple: true, help: 'only this platform of an image index' },
    ...revocationOptions,
    'insecure-registry': { type: 'boolean', help: 'talk plain http to the registries' },
    ...networkOptions,
  },
  examples: [
    'copy registry.example.com/net-monitor:v1 registry.other.com/net-monitor:v1',
    'copy --to-oci-layout registry.example.com/net-monitor:v1 net-monitor.tar:v1',
  ],
  async run(args, terminal) {
    const [from = '', to = ''] = args.positionals;
    const network = await readNetwork(args);
    const shared = { plainHttp: args.flag('insecure-registry'), network };
    const [source, target] = await openBoth(
      { reference: from, options: { layout: args.flag('from-oci-layout'), ...shared } },
      { reference: to, options: { layout: args.flag('to-oci-layout'), ...shared, create: true } },
    );
    const platforms = args.texts('platform');
    const { root, copied, skipped, mounted, notCopied } = await copy(source.repository, target.repository, {
      reference: nameOfTarget(source),
      ...(target.name === undefined ? {} : { tag: readTag(target.name) }),
      ...(await readVerify(args, network)),
      ...(platforms.length === 0 ? {} : { platforms }),
      onProgress: ({ phase, nodes, bytes }) =>
        terminal.progress(`${phase} ${bar(bytes.done, bytes.total)} ${nodes.done}/${nodes.total}, ${bytes.done} bytes`),
    });
    await target.save();
    const left = notCopied.length === 0 ? '' : `, ${notCopied.length} not copied: layers that may not be distributed`;
    const text = `copied ${root.digest}\nto ${target.repository.name}: ${copied.nodes} new, ${skipped.nodes} there already, ${mounted.nodes} mounted${left}`;
    terminal.result({ digest: root.digest, copied, skipped, mounted, notCopied }, text);
    return 0;
  },
};

async function readVerify(args: Arguments, network: Network) {
  if (args.flag('verify')) return { verify: await readTrust(revocationNetwork(args, network)) };
  if (args.text('revocation-addresses') !== undefined)
    throw new UsageError('--revocation-addresses has no effect without --verify');
  return {};
}

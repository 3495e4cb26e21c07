import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type BundleInput, createBundle, readBundle } from 'notarykit/internal';
import { writeBundle } from 'notarykit/node';
import type { Command } from '../shell/command.js';
import { readPluginConfig, verifierConfigOptions } from '../shell/judging.js';
import { mirrorOptions, mirrorsOf } from '../shell/mirrors.js';
import { clientCertificateOptions, networkOptions, readNetwork } from '../shell/network.js';
import { plainHttpOptions, readPlainHttp } from '../shell/plain-http.js';
import { readPlatforms, verifiedPlatforms } from '../shell/platforms.js';
import { withProgress } from '../shell/progress.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { nameOfTarget, openTarget } from '../shell/target.js';
import { readBundleTrust } from '../shell/trust.js';

export const bundleCreateCommand: Command = {
  usage: 'bundle create <references...>',
  summary: 'Put artifacts, their signatures and revocation evidence into one tar that is verified without a network',
  options: {
    output: { type: 'string', short: 'o', value: 'path', help: 'the bundle; one that is there is replaced' },
    content: { type: 'boolean', help: 'configs and layers too, so that the artifacts can be copied out of it' },
    'no-referrers': { type: 'boolean', help: 'leave SBOMs, scans and other referrers out' },
    renew: { type: 'string', value: 'path', help: 'an older bundle whose evidence is carried along' },
    ...verifiedPlatforms,
    ...verifierConfigOptions,
    ...revocationOptions,
    ...mirrorOptions,
    ...plainHttpOptions,
    ...networkOptions,
    ...clientCertificateOptions,
  },
  examples: [
    'bundle create --output net-monitor.bundle.tar registry.example.com/net-monitor:v1',
    'bundle create --content --renew old.bundle.tar --output new.bundle.tar registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const path = args.required('output');
    const network = await readNetwork(args);
    const options = { layout: false, plainHttp: readPlainHttp(args), network, ...mirrorsOf(args) };
    const inputs: BundleInput[] = [];
    for (const reference of args.positionals) {
      const target = await openTarget(reference, options);
      inputs.push({ repository: withProgress(target.repository, terminal), reference: nameOfTarget(target) });
    }
    const bundle = await createBundle(inputs, {
      ...call,
      ...readPluginConfig(args),
      ...readPlatforms(args),
      ...(await readBundleTrust(revocationNetwork(args, network))),
      evidence: await readEvidence(args.text('renew')),
      content: args.flag('content'),
      referrers: !args.flag('no-referrers'),
    });
    await writeBundle(path, bundle, call);
    const { artifacts, evidence, policy } = bundle;
    const lines = artifacts.flatMap(({ repository, tag, descriptor, referrers }) => [
      `${repository}${tag === undefined ? '' : `:${tag}`} ${descriptor.digest}`,
      ...referrers.map(({ digest }) => `  with ${digest}`),
    ]);
    const text = [`wrote ${path}`, ...lines, `${evidence.length} revocation answer(s), policy ${policy}`].join('\n');
    terminal.result({ path, policy, artifacts, answers: evidence.length }, text);
    return 0;
  },
};

async function readEvidence(path: string | undefined) {
  if (path === undefined) return [];
  return (await readBundle(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>)).evidence;
}

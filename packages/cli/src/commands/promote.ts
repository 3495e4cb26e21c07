import { pluginSigner } from '@notarykit/kms-providers/plugin';
import { explainDecision } from '@notarykit/sbom-gate/internal';
import { promote } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { gateOptions, readGateBasis } from '../shell/gate.js';
import { signersCertificateOptions } from '../shell/network.js';
import { readWholePlatforms, wholePlatformsOption } from '../shell/platforms.js';
import { revocationOptions } from '../shell/revocation.js';
import { readSides, sideOptions } from '../shell/sides.js';
import { readSigning, signingOptions } from '../shell/signing.js';
import { nameOfTarget, openBoth, readTag } from '../shell/target.js';

export const promoteCommand: Command = {
  usage: 'promote <from> <to>',
  summary: 'Verify, gate, sign with the production key, copy, and tag last',
  options: {
    ...gateOptions,
    'sign-in': {
      type: 'string',
      value: 'where',
      choices: ['source', 'target'],
      help: 'where production signatures are made; default source',
    },
    platforms: wholePlatformsOption(
      'of a multi-platform image, what must be signed and is signed: the index (default), or each image in it, too',
    ),
    ...signingOptions,
    ...revocationOptions,
    ...sideOptions,
    ...signersCertificateOptions,
  },
  examples: [
    'promote --gate-policy gate.yaml --to-username deploy --to-password-stdin staging.example.com/net-monitor:v1 prod.example.com/net-monitor:v1',
    'promote --gate-policy gate.yaml --key production staging.example.com/net-monitor:v1 prod.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const [from = '', to = ''] = args.positionals;
    const sides = await readSides(args);
    const [source, target] = await openBoth(
      { reference: from, options: { layout: false, ...sides.from } },
      { reference: to, options: { layout: false, ...sides.to } },
    );
    const network = sides.both;
    const basis = await readGateBasis(args, network);
    const { artifact, decision, tags } = await promote(source.repository, target.repository, {
      ...call,
      reference: nameOfTarget(source),
      tag: readTag(nameOfTarget(target)),
      ...basis,
      ...readWholePlatforms(args),
      ...(await readSigning(args, pluginSigner, network)),
      ...(args.text('sign-in') === 'target' ? { signIn: 'target' } : {}),
      onProgress: ({ phase, message }) => terminal.progress(`${phase} ${message}`),
    });
    const text = `${explainDecision(decision).trimEnd()}\n\npromoted ${target.repository.name}@${artifact.digest} as ${tags.map(({ tag }) => tag).join(', ')}`;
    terminal.result({ digest: artifact.digest, decision, tags }, text);
    return 0;
  },
};

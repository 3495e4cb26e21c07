import { defined } from '@notarykit/common/internal';
import { explain } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { VerifyBundleOptions } from 'notarykit/internal';
import { verifyBundleFile } from 'notarykit/node';
import type { Arguments, Command } from '../shell/command.js';
import { readDuration } from '../shell/duration.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import { readPlatforms, verifiedPlatforms } from '../shell/platforms.js';

export const bundleVerifyCommand: Command = {
  usage: 'bundle verify <file>',
  summary: 'Verify a bundle without a network, by the evidence in it',
  options: {
    ...verifiedPlatforms,
    ...judgingOptions,
    'max-age': {
      type: 'string',
      value: 'duration',
      help: 'let evidence count beyond its end if it is not older, such as 30d',
    },
    expect: {
      type: 'string',
      value: 'reference',
      multiple: true,
      help: 'what must be in the bundle, and nothing else: registry/repository[:tag][@digest]',
    },
    'other-policy': { type: 'boolean', help: 'accept a bundle that was made under another trust policy' },
  },
  examples: [
    'bundle verify --expect registry.example.com/net-monitor:v1 net-monitor.bundle.tar',
    'bundle verify --at 2026-06-01T00:00:00Z net-monitor.bundle.tar',
  ],
  async run(args, terminal, call) {
    const [file = ''] = args.positionals;
    const { trustPolicy, trustStore, plugins } = notationConfiguration();
    const { artifacts } = await verifyBundleFile(file, {
      ...call,
      policy: await trustPolicy(),
      trustStore,
      plugins: await plugins(),
      ...readJudging(args),
      ...readPlatforms(args),
      ...readMaxAge(args),
      ...(args.texts('expect').length === 0 ? {} : { expect: args.texts('expect') }),
      otherPolicy: args.flag('other-policy') ? 'accept' : 'refuse',
    });
    const reports = artifacts.map(({ repository, tag, verdict, referrers }) => ({
      repository,
      ...defined({ tag }),
      digest: verdict.digest,
      report: verdict.report,
      referrers: referrers.map((referrer) => referrer.verdict.report),
    }));
    const texts = reports.flatMap(({ report, referrers }) => [report, ...referrers].map(explain));
    terminal.result({ verdict: 'trusted', artifacts: reports }, texts.join('\n'));
    return 0;
  },
};

function readMaxAge(args: Arguments): Pick<VerifyBundleOptions, 'maxAgeMs'> {
  const age = args.text('max-age');
  return age === undefined ? {} : { maxAgeMs: readDuration(age, 'max-age') };
}

import { parseTime } from '@notarykit/common';
import { explain } from '@notarykit/trust-policy';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { VerifyBundleOptions } from 'notarykit';
import { verifyBundleFile } from 'notarykit/node';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { readDuration } from '../shell/duration.js';

export const bundleVerifyCommand: Command = {
  usage: 'bundle verify <file>',
  summary: 'Verify a bundle without a network, by the evidence in it',
  options: {
    at: {
      type: 'string',
      value: 'time',
      help: 'as of this time, such as 2026-06-01T00:00:00Z; newer evidence is none',
    },
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
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    const { trustPolicy, trustStore, plugins } = notationConfiguration();
    const { artifacts } = await verifyBundleFile(file, {
      policy: await trustPolicy(),
      trustStore,
      plugins: await plugins(),
      ...readTimes(args),
      ...(args.texts('expect').length === 0 ? {} : { expect: args.texts('expect') }),
      otherPolicy: args.flag('other-policy') ? 'accept' : 'refuse',
    });
    const reports = artifacts.map(({ repository, tag, verdict, referrers }) => ({
      repository,
      ...(tag === undefined ? {} : { tag }),
      digest: verdict.digest,
      report: verdict.report,
      referrers: referrers.map((referrer) => referrer.verdict.report),
    }));
    const texts = reports.flatMap(({ report, referrers }) => [report, ...referrers].map(explain));
    terminal.result({ verdict: 'trusted', artifacts: reports }, texts.join('\n'));
    return 0;
  },
};

function readTimes(args: Arguments): Pick<VerifyBundleOptions, 'at' | 'maxAgeMs'> {
  const [at, age] = [args.text('at'), args.text('max-age')];
  return {
    ...(at === undefined ? {} : { at: readTime(at) }),
    ...(age === undefined ? {} : { maxAgeMs: readDuration(age, 'max-age') }),
  };
}

function readTime(text: string): Date {
  try {
    return parseTime(text);
  } catch {
    throw new UsageError(`--at: expected a time such as 2026-06-01T00:00:00Z, found "${text}"`);
  }
}

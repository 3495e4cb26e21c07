import { defined } from '@notarykit/common/internal';
import { type AuditOptions, type AuditResult, audit, planResigning, summarizeAudit } from 'notarykit/internal';
import { openRecord } from '../shell/audit-record.js';
import { auditLines, planLines, summaryLine } from '../shell/audit-text.js';
import type { Arguments, Command } from '../shell/command.js';
import { readDuration } from '../shell/duration.js';
import { exitCodes } from '../shell/exit-codes.js';
import { auditPage } from '../shell/html/audit.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { readCount } from '../shell/numbers.js';
import { readWholePlatforms, wholePlatformsOption } from '../shell/platforms.js';
import { readPolicyFile } from '../shell/policy-file.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { readScope, scopeOptions } from '../shell/scope.js';
import { keylessTargetOptions, readTargetOf, verifyingNetwork } from '../shell/target.js';
import { bar } from '../shell/terminal.js';
import { readTrust } from '../shell/trust.js';

export const auditCommand: Command = {
  usage: 'audit <repository>',
  summary: 'Look at every artifact of a repository: what is unsigned, what ends when, what to sign again',
  options: {
    against: { type: 'string', value: 'path', help: 'say also what this trust policy would say' },
    within: { type: 'string', value: 'duration', help: 'renew what ends within this time, 720h or 30d; default 30d' },
    after: { type: 'string', value: 'tag', help: 'go on after this tag' },
    until: { type: 'string', value: 'tag', help: 'end with this tag; with --after, several runs share a repository' },
    group: {
      type: 'string',
      value: 'digest|none',
      choices: ['digest', 'none'],
      help: 'each artifact once with all its tags (digest, default), or each tag as it is listed',
    },
    concurrency: { type: 'string', value: 'count', help: 'artifacts looked at, at a time; default 4' },
    ...scopeOptions,
    record: { type: 'string', value: 'path', help: 'write what was seen to this new file, for "policy simulate"' },
    platforms: wholePlatformsOption(
      'of a multi-platform image, what is looked at: only the index, or each image in it, too (default)',
    ),
    ...judgingOptions,
    ...revocationOptions,
    ...mirrorOptions,
    ...keylessTargetOptions,
  },
  formats: ['html'],
  examples: [
    'audit registry.example.com/net-monitor',
    'audit --against next-policy.json --within 90d registry.example.com/net-monitor',
    'audit --record 2026-11.jsonl registry.example.com/net-monitor',
    'audit --oci-layout --scope registry.example.com/net-monitor net-monitor.tar',
  ],
  async run(args, terminal, call) {
    const [name = ''] = args.positionals;
    const network = await verifyingNetwork(args);
    const given = await readOptions(args);
    const target = await readTargetOf(args, name, network);
    const subject =
      target.name === undefined ? target.repository : [{ repository: target.repository, reference: target.name }];
    const within = readDuration(args.text('within') ?? '30d', 'within');
    const results: AuditResult[] = [];
    const record = await openRecord(args.text('record'));
    try {
      const options: AuditOptions = {
        ...(await readTrust(revocationNetwork(args, network), record?.writer.answer)),
        ...call,
        ...given,
        ...(record && { record: record.writer }),
        onProgress: ({ done, total = done }) => terminal.progress(`${bar(done, total)} ${done} of ${total} artifacts`),
      };
      for await (const result of audit(subject, options)) results.push(result);
    } catch (error) {
      await record?.discard();
      throw error;
    }
    await record?.writer.end();
    const plan = await planResigning(results, { before: new Date((given.at ?? new Date()).getTime() + within) });
    const summary = await summarizeAudit(results);
    const { undecided, ...due } = plan;
    const text = [...results.flatMap(auditLines), '', summaryLine(summary), ...planLines(plan)].join('\n');
    const { name: repository } = target.repository;
    terminal.result({ repository, summary, results, plan: due }, text, () => auditPage(repository, results, text));
    if (undecided.length > 0) return exitCodes.failed;
    return plan.review.length > 0 ? exitCodes.refused : exitCodes.trusted;
  },
};

async function readOptions(args: Arguments): Promise<Partial<AuditOptions>> {
  const [against, after, until] = ['against', 'after', 'until'].map(args.text);
  const group = args.text('group') as AuditOptions['group'];
  const concurrency = readCount(args, 'concurrency', 99);
  return {
    ...(against === undefined ? {} : { against: { policy: await readPolicyFile(against) } }),
    ...readWholePlatforms(args),
    ...readJudging(args),
    ...defined({ after, until, group, concurrency }),
    ...readScope(args),
  };
}

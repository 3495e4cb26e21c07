import { type AuditOptions, audit, planResigning, summarizeAudit } from 'notarykit';
import { auditRecordFile } from 'notarykit/node';
import { auditLines, planLines, summaryLine } from '../shell/audit-text.js';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { readDuration } from '../shell/duration.js';
import { exitCodes } from '../shell/exit-codes.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { readCount } from '../shell/numbers.js';
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
    at: { type: 'string', value: 'date', help: 'verify as of this date, 2027-01-31 or 2027-01-31T12:00:00Z' },
    within: { type: 'string', value: 'duration', help: 'renew what ends within this time, 720h or 30d; default 30d' },
    after: { type: 'string', value: 'tag', help: 'go on after this tag' },
    concurrency: { type: 'string', value: 'count', help: 'artifacts looked at, at a time; default 4' },
    ...scopeOptions,
    record: { type: 'string', value: 'path', help: 'write what was seen to this new file, for "policy simulate"' },
    ...revocationOptions,
    ...mirrorOptions,
    ...keylessTargetOptions,
  },
  examples: [
    'audit registry.example.com/net-monitor',
    'audit --against next-policy.json --within 90d registry.example.com/net-monitor',
    'audit --record 2026-11.jsonl registry.example.com/net-monitor',
    'audit --oci-layout --scope registry.example.com/net-monitor net-monitor.tar',
  ],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    const network = await verifyingNetwork(args);
    const given = await readOptions(args);
    const target = await readTargetOf(args, name, network);
    const subject =
      target.name === undefined ? target.repository : [{ repository: target.repository, reference: target.name }];
    const within = readDuration(args.text('within') ?? '30d', 'within');
    const results = [];
    const path = args.text('record');
    const record = path === undefined ? undefined : await auditRecordFile(path);
    const options: AuditOptions = {
      ...(await readTrust(revocationNetwork(args, network), record?.answer)),
      ...given,
      ...(record && { record }),
      onProgress: ({ done, total = done }) => terminal.progress(`${bar(done, total)} ${done} of ${total} artifacts`),
    };
    try {
      for await (const result of audit(subject, options)) results.push(result);
      await record?.end();
    } finally {
      await record?.close();
    }
    const plan = await planResigning(results, { before: new Date((options.at ?? new Date()).getTime() + within) });
    const summary = await summarizeAudit(results);
    const { undecided, ...due } = plan;
    const text = [...results.flatMap(auditLines), '', summaryLine(summary), ...planLines(plan)].join('\n');
    terminal.result({ repository: target.repository.name, summary, results, plan: due }, text);
    if (undecided.length > 0) return exitCodes.failed;
    return plan.review.length > 0 ? exitCodes.notTrusted : exitCodes.trusted;
  },
};

async function readOptions(args: Arguments): Promise<Partial<AuditOptions>> {
  const [against, at, after] = ['against', 'at', 'after'].map(args.text);
  const concurrency = readCount(args, 'concurrency', 99);
  return {
    ...(against === undefined ? {} : { against: { policy: await readPolicyFile(against) } }),
    ...(at === undefined ? {} : { at: readDate(at) }),
    ...(after === undefined ? {} : { after }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...readScope(args),
  };
}

function readDate(text: string): Date {
  const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(text) ? new Date(text) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw new UsageError(`--at: expected a date such as 2027-01-31 or 2027-01-31T12:00:00Z, found "${text}"`);
  return date;
}

import { type SimulatedOutcome, simulate } from '@notarykit/trust-policy/internal';
import { readAuditRecord } from 'notarykit/node';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { readPluginConfig, verifierConfigOptions } from '../shell/judging.js';
import { readPolicyFile } from '../shell/policy-file.js';
import { readOfflineAnchors } from '../shell/trust.js';

export const policySimulateCommand: Command = {
  usage: 'policy simulate <record> [policy]',
  summary: 'Say what would flip under a trust policy, by what an audit has recorded; no network is used',
  options: verifierConfigOptions,
  examples: ['policy simulate 2026-11.jsonl next-policy.json', 'policy simulate 2026-11.jsonl'],
  async run(args, terminal, call) {
    const [path = '', file] = args.positionals;
    const { outcomes, answers, unrecorded } = await readAuditRecord(path);
    const policy = await readPolicyFile(file);
    const options = { ...call, ...(await readOfflineAnchors(answers)), ...readPluginConfig(args) };
    const simulated = await simulate(policy, outcomes, options);
    const [flips, undecided] = [simulated.filter((one) => one.flips), simulated.filter(isUndecided)];
    const lines = [
      ...[...flips, ...undecided].map(line),
      ...unrecorded.map(
        ({ repository, digest = '', tags, message }) =>
          `not recorded  ${[...tags, `${repository}@${digest}`].join(', ')}: ${message}`,
      ),
      `${simulated.length} ${simulated.length === 1 ? 'outcome' : 'outcomes'}: ${flips.length} would flip, ${undecided.length} undecided, ${unrecorded.length} not recorded`,
    ];
    terminal.result({ outcomes: simulated, unrecorded }, lines.join('\n'));
    if (undecided.length + unrecorded.length > 0) return exitCodes.failed;
    return flips.length > 0 ? exitCodes.refused : exitCodes.trusted;
  },
};

const isUndecided = ({ before, after }: SimulatedOutcome): boolean => [before, after].includes('undecided');

function line({ repository, digest, tags = [], before, after, code, because }: SimulatedOutcome): string {
  const reason = because?.fact ?? (code === 'ERR_TRUST_NO_STATEMENT' ? 'no statement' : undefined);
  const why = reason === undefined ? '' : `, because: ${reason}`;
  return `${before} -> ${after}  ${[...tags, `${repository}@${digest}`].join(', ')}${why}`;
}

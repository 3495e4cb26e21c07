import { gate } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { readDigests } from '../shell/digests.js';
import { exitCodes } from '../shell/exit-codes.js';
import { asOf, gateOptions, readGateInput, textOfDecision, timed } from '../shell/gate.js';
import { gatePage } from '../shell/html/gate.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import { withProgress } from '../shell/progress.js';
import { revocationOptions } from '../shell/revocation.js';
import { keylessTargetOptions } from '../shell/target.js';

export const gateCommand: Command = {
  usage: 'gate <reference>',
  summary: 'Decide whether an artifact may be deployed, by its evidence or by a verification summary',
  options: {
    ...gateOptions,
    'revoked-summary': {
      type: 'string',
      value: 'digest',
      multiple: true,
      help: 'a verification summary that does not count any more, or an image for which none does',
    },
    ...judgingOptions,
    ...revocationOptions,
    ...keylessTargetOptions,
  },
  formats: ['html'],
  examples: [
    'gate --gate-policy gate.yaml registry.example.com/net-monitor:v1',
    'gate --gate-policy gate.yaml --base-images base-images.json registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal, call) {
    const revokedSummaries = readDigests(args, 'revoked-summary');
    const { target, name, basis } = await readGateInput(args);
    const repository = withProgress(target.repository, terminal);
    const judging = readJudging(args);
    const decided = gate(repository, name, { ...call, ...asOf(basis, judging), revokedSummaries });
    const decision = await timed(decided, judging);
    terminal.result(decision, textOfDecision(decision), () => gatePage(decision));
    return exitCodes.trusted;
  },
};

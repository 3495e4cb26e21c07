import { explainDecision } from '@notarykit/sbom-gate';
import { gate } from 'notarykit';
import type { Command } from '../shell/command.js';
import { readDigests } from '../shell/digests.js';
import { exitCodes } from '../shell/exit-codes.js';
import { gateOptions, readGateInput } from '../shell/gate.js';
import { revocationOptions } from '../shell/revocation.js';
import { targetOptions } from '../shell/target.js';

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
    ...revocationOptions,
    ...targetOptions,
  },
  examples: [
    'gate --gate-policy gate.yaml registry.example.com/net-monitor:v1',
    'gate --gate-policy gate.yaml --base-images base-images.json registry.example.com/net-monitor:v1',
  ],
  async run(args, terminal) {
    const revokedSummaries = readDigests(args, 'revoked-summary');
    const { target, name, basis } = await readGateInput(args);
    const decision = await gate(target.repository, name, { ...basis, revokedSummaries });
    terminal.result(decision, explainDecision(decision).trimEnd());
    return exitCodes.trusted;
  },
};

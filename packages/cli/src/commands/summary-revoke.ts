import { pluginSigner } from '@notarykit/kms-providers/plugin';
import { revokeSummaries } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { gatePolicyOption, readGatePolicy } from '../shell/gate.js';
import { readNetwork } from '../shell/network.js';
import { withProgress } from '../shell/progress.js';
import { readSigning, signingOptions } from '../shell/signing.js';
import { nameOfTarget, signedTargetOptions, targetOf } from '../shell/target.js';

export const summaryRevokeCommand: Command = {
  usage: 'summary revoke <reference>',
  summary: 'Take back every verification summary of an artifact: attach a signed one that failed',
  options: { 'gate-policy': gatePolicyOption, ...signingOptions, ...signedTargetOptions },
  examples: ['summary revoke --gate-policy gate.yaml --key verifier registry.example.com/net-monitor:v1'],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const network = await readNetwork(args);
    const target = await targetOf(args, reference, network);
    const policy = await readGatePolicy(args);
    const sign = await readSigning(args, pluginSigner, network);
    const repository = withProgress(target.repository, terminal);
    const { summary, signature } = await revokeSummaries(repository, nameOfTarget(target), { ...call, policy, sign });
    await target.save();
    const text = `attached ${summary.digest}, which takes back the verification summaries before it`;
    terminal.result({ summary: summary.digest, signature: signature.signature.digest }, text);
    return exitCodes.trusted;
  },
};

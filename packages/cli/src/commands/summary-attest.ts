import { pluginSigner } from '@notarykit/kms-providers/plugin';
import { explainDecision } from '@notarykit/sbom-gate/internal';
import { attestSummary } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { gateOptions, readGateInput } from '../shell/gate.js';
import { withProgress } from '../shell/progress.js';
import { revocationOptions } from '../shell/revocation.js';
import { readSigning, signingOptions } from '../shell/signing.js';
import { signedTargetOptions } from '../shell/target.js';

export const summaryAttestCommand: Command = {
  usage: 'summary attest <reference>',
  summary: 'Gate an artifact by its evidence, and attach a signed verification summary of the decision',
  options: { ...gateOptions, ...signingOptions, ...revocationOptions, ...signedTargetOptions },
  examples: ['summary attest --gate-policy gate.yaml --key verifier registry.example.com/net-monitor:v1'],
  async run(args, terminal, call) {
    const { network, target, name, basis } = await readGateInput(args);
    const sign = await readSigning(args, pluginSigner, network);
    const { decision, summary, signature } = await attestSummary(withProgress(target.repository, terminal), name, {
      ...call,
      ...basis,
      sign,
    });
    await target.save();
    const text = `${explainDecision(decision).trimEnd()}\n\nattached the verification summary ${summary.digest}`;
    terminal.result({ decision, summary: summary.digest, signature: signature.signature.digest }, text);
    return decision.verdict === 'ALLOW' ? exitCodes.trusted : exitCodes.refused;
  },
};

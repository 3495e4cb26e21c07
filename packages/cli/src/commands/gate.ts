import { type Digest, parseDigest } from '@notarykit/oci';
import { explainDecision } from '@notarykit/sbom-gate';
import { gate } from 'notarykit';
import { type Command, UsageError } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { gatePolicyOption, readGateInput } from '../shell/gate.js';
import { revocationOptions } from '../shell/revocation.js';
import { targetOptions } from '../shell/target.js';

export const gateCommand: Command = {
  usage: 'gate <reference>',
  summary: 'Decide whether an artifact may be deployed, by its evidence or by a verification summary',
  options: {
    'gate-policy': gatePolicyOption,
    'revoked-summary': {
      type: 'string',
      value: 'digest',
      multiple: true,
      help: 'a verification summary that does not count any more, or an image for which none does',
    },
    ...revocationOptions,
    ...targetOptions,
  },
  examples: ['gate --gate-policy gate.yaml registry.example.com/net-monitor:v1'],
  async run(args, terminal) {
    const revokedSummaries = args.texts('revoked-summary').map(readDigest);
    const { target, name, trust, policy } = await readGateInput(args);
    const decision = await gate(target.repository, name, { policy, trust, revokedSummaries });
    terminal.result(decision, explainDecision(decision).trimEnd());
    return exitCodes.trusted;
  },
};

/** A mistyped digest would revoke nothing, so it is refused. */
function readDigest(text: string): Digest {
  try {
    parseDigest(text);
    return text as Digest;
  } catch (cause) {
    const message = `--revoked-summary: expected a digest such as sha256:…, found "${text}"`;
    throw new UsageError(message, { cause });
  }
}

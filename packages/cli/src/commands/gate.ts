import { type Digest, parseReference } from '@notarykit/oci';
import { explainDecision } from '@notarykit/sbom-gate';
import { gate } from 'notarykit';
import { type Command, UsageError } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { gatePolicyOption, readGatePolicy } from '../shell/gate.js';
import { readNetwork } from '../shell/network.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { nameOfTarget, targetOf, targetOptions } from '../shell/target.js';
import { readTrust } from '../shell/trust.js';

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
    const [reference = ''] = args.positionals;
    const network = await readNetwork(args);
    const target = await targetOf(args, reference, network);
    const trust = await readTrust(revocationNetwork(args, network));
    const policy = await readGatePolicy(args, trust);
    const revokedSummaries = args.texts('revoked-summary').map(readDigest);
    const decision = await gate(target.repository, nameOfTarget(target), { policy, trust, revokedSummaries });
    terminal.result(decision, explainDecision(decision).trimEnd());
    return exitCodes.trusted;
  },
};

/** A digest that is mistyped would revoke nothing. */
function readDigest(text: string): Digest {
  try {
    const { digest } = parseReference(`registry.test/any@${text}`);
    if (digest !== undefined) return digest;
  } catch {
    // Told below.
  }
  throw new UsageError(`--revoked-summary: expected a digest such as sha256:…, found "${text}"`);
}

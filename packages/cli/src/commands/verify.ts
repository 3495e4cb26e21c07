import { explain } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { maxSignaturesOf, maxSignaturesOption } from '../shell/numbers.js';
import { metadataOption, readMetadata } from '../shell/signing.js';
import { nameOfTarget, targetOf, targetOptions, verifyingNetwork } from '../shell/target.js';
import { readTrust } from '../shell/trust.js';

export const verifyCommand: Command = {
  usage: 'verify <reference>',
  summary: "Verify an artifact under notation's trust policy and trust store, and explain the verdict",
  options: {
    'user-metadata': metadataOption('metadata that must be signed'),
    scope: { type: 'string', value: 'scope', help: 'registry scope of the policy, for an OCI layout' },
    'max-signatures': maxSignaturesOption('most signatures that are examined'),
    ...targetOptions,
  },
  examples: [
    'verify registry.example.com/net-monitor:v1',
    'verify --oci-layout --scope registry.example.com/net-monitor net-monitor.tar:v1',
  ],
  async run(args, terminal) {
    const [reference = ''] = args.positionals;
    const network = await verifyingNetwork(args);
    const target = await targetOf(args, reference, network);
    const [scope, limit] = [args.text('scope'), maxSignaturesOf(args)];
    const verdict = await verify(target.repository, nameOfTarget(target), {
      ...(await readTrust(network)),
      metadata: readMetadata(args),
      ...(scope === undefined ? {} : { scope }),
      ...(limit === undefined ? {} : { maxSignatures: limit }),
    });
    terminal.result(
      { verdict: verdict.verdict, digest: verdict.digest, report: verdict.report },
      explain(verdict.report),
    );
    // Skipped is not trusted: nothing was verified.
    return verdict.verdict === 'trusted' ? exitCodes.trusted : exitCodes.notTrusted;
  },
};

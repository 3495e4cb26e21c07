import { explain } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
import { type Command, UsageError } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { metadataOption, readMetadata } from '../shell/signing.js';
import { nameOfTarget, targetOf, targetOptions } from '../shell/target.js';
import { readTrust } from '../shell/trust.js';

export const verifyCommand: Command = {
  usage: 'verify <reference>',
  summary: "Verify an artifact under notation's trust policy and trust store, and explain the verdict",
  atLeast: 1,
  options: {
    'user-metadata': metadataOption('metadata that must be signed'),
    scope: { type: 'string', value: 'scope', help: 'registry scope of the policy, for an OCI layout' },
    'max-signatures': { type: 'string', value: 'count', help: 'most signatures that are examined; default 100' },
    ...targetOptions,
  },
  examples: [
    'verify registry.example.com/net-monitor:v1',
    'verify --oci-layout --scope registry.example.com/net-monitor net-monitor.tar:v1',
  ],
  async run(args, terminal) {
    const [reference = ''] = args.positionals;
    const target = await targetOf(args, reference);
    const [scope, limit] = [args.text('scope'), args.text('max-signatures')];
    const verdict = await verify(target.repository, nameOfTarget(target), {
      ...(await readTrust()),
      metadata: readMetadata(args),
      ...(scope === undefined ? {} : { scope }),
      ...(limit === undefined ? {} : { maxSignatures: readCount(limit) }),
    });
    terminal.result(
      { verdict: verdict.verdict, digest: verdict.digest, report: verdict.report },
      explain(verdict.report),
    );
    // Skipped is not trusted: nothing was verified.
    return verdict.verdict === 'trusted' ? exitCodes.trusted : exitCodes.notTrusted;
  },
};

function readCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`--max-signatures: expected a number from 1 on, found "${text}"`);
}

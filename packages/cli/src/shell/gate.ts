import { readFile } from 'node:fs/promises';
import { type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import type { Trust } from 'notarykit';
import type { Arguments, OptionSpec } from './command.js';

/** The option that {@link readGatePolicy} reads. */
export const gatePolicyOption: OptionSpec = { type: 'string', value: 'path', help: 'deployment policy, JSON or YAML' };

/** The deployment policy; a signer that it names must be a statement of the trust policy, where there is one. */
export async function readGatePolicy(args: Arguments, trust?: Pick<Trust, 'policy'>): Promise<GatePolicy> {
  const document = await readFile(args.required('gate-policy'));
  if (trust === undefined) return parseGatePolicy(document);
  return parseGatePolicy(document, { statements: trust.policy.statements.map(({ name }) => name) });
}

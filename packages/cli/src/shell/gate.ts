import { type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import type { Trust } from 'notarykit';
import type { Arguments, OptionSpec } from './command.js';
import { readParsed } from './files.js';

/** The option that {@link readGatePolicy} reads. */
export const gatePolicyOption: OptionSpec = { type: 'string', value: 'path', help: 'deployment policy, JSON or YAML' };

/** The deployment policy; a signer that it names must be a statement of the trust policy, where there is one. */
export async function readGatePolicy(args: Arguments, trust?: Pick<Trust, 'policy'>): Promise<GatePolicy> {
  const options = trust === undefined ? {} : { statements: trust.policy.statements.map(({ name }) => name) };
  return await readParsed(args.required('gate-policy'), (bytes) => parseGatePolicy(bytes, options));
}

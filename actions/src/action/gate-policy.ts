import { type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import type { Trust } from 'notarykit';
import { inputError } from './errors.js';
import type { Inputs } from './inputs.js';

/** The deployment policy; the signers that it names must be statements of the trust policy. */
export async function readGatePolicy(inputs: Inputs<'gate-policy'>, { policy: trusted }: Trust): Promise<GatePolicy> {
  const statements = trusted.statements.map(({ name }) => name);
  const policy = await inputs.file('gate-policy', (content) => parseGatePolicy(content, { statements }));
  if (policy === undefined) throw inputError('gate-policy', 'it is required');
  return policy;
}

import { type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import type { GateOptions, Trust } from 'notarykit';
import { readVerifiedBases, verifiedBaseOptions } from './base-images.js';
import type { Arguments, OptionSpec } from './command.js';
import { readParsed } from './files.js';
import { type Network, readNetwork } from './network.js';
import { revocationNetwork } from './revocation.js';
import { nameOfTarget, type Target, targetOf } from './target.js';
import { readTrust } from './trust.js';

/** The option that {@link readGatePolicy} reads. */
export const gatePolicyOption: OptionSpec = { type: 'string', value: 'path', help: 'deployment policy, JSON or YAML' };

/** The deployment policy; a signer that it names must be a statement of the trust policy, where there is one. */
export async function readGatePolicy(args: Arguments, trust?: Pick<Trust, 'policy'>): Promise<GatePolicy> {
  const options = trust === undefined ? {} : { statements: trust.policy.statements.map(({ name }) => name) };
  return await readParsed(args.required('gate-policy'), (bytes) => parseGatePolicy(bytes, options));
}

/** Options of commands that gate. */
export const gateOptions: Readonly<Record<string, OptionSpec>> = {
  'gate-policy': gatePolicyOption,
  ...verifiedBaseOptions,
};

/** By what is gated: whom to trust, the deployment policy, and what was verified before. */
type GateBasis = Pick<GateOptions, 'trust' | 'policy' | 'baseImages'>;

/** What {@link gateOptions} say. */
export async function readGateBasis(args: Arguments, network: Network): Promise<GateBasis> {
  const trust = await readTrust(revocationNetwork(args, network));
  const policy = await readGatePolicy(args, trust);
  return { trust, policy, baseImages: await readVerifiedBases(args, policy) };
}

/** What a gate of one artifact needs. */
export interface GateInput {
  readonly network: Network;
  readonly target: Target;
  /** Tag or digest of the artifact. */
  readonly name: string;
  readonly basis: GateBasis;
}

/** Reads what the command line says about the artifact that is gated, and by what. */
export async function readGateInput(args: Arguments): Promise<GateInput> {
  const [reference = ''] = args.positionals;
  const network = await readNetwork(args);
  const target = await targetOf(args, reference, network);
  return { network, target, name: nameOfTarget(target), basis: await readGateBasis(args, network) };
}

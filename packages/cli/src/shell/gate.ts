import { formatTime } from '@notarykit/common/internal';
import {
  explainDecision,
  type GateDecision,
  GateError,
  type GatePolicy,
  parseGatePolicy,
} from '@notarykit/sbom-gate/internal';
import type { VerificationPlugin } from '@notarykit/trust-policy/internal';
import type { GateOptions, Trust } from 'notarykit/internal';
import { readVerifiedBases, verifiedBaseOptions } from './base-images.js';
import type { Arguments } from './command.js';
import { readParsed } from './files.js';
import type { Judging } from './judging.js';
import { type Network, readNetwork } from './network.js';
import type { OptionSpec } from './option-spec.js';
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
  const plugins = usesSummaries(policy) ? await verifiersOf(trust.plugins) : trust.plugins;
  return {
    trust: { ...trust, ...(plugins && { plugins }) },
    policy,
    baseImages: await readVerifiedBases(args, policy),
  };
}

const usesSummaries = ({ summary, output }: GatePolicy): boolean => (summary ?? output.verifierId) !== undefined;

/**
 * No summary is made or accepted where a plugin may have its say, since what it said once may be wrong the next time. One that only
 * signs has none; one that does not answer may have.
 */
async function verifiersOf(plugins: Trust['plugins'] = []): Promise<readonly VerificationPlugin[]> {
  const verifies = await Promise.all(
    plugins.map((plugin) =>
      plugin.describe().then(
        ({ capabilities }) => capabilities.length > 0,
        () => true,
      ),
    ),
  );
  return plugins.filter((_, i) => verifies[i]);
}

/** The basis as of another time, which holds for signatures and evidence alike. */
export function asOf(basis: GateBasis, { at, ...more }: Judging): Omit<GateOptions, 'signal'> {
  return { ...basis, trust: { ...basis.trust, ...more }, ...(at && { now: at }) };
}

/** A decision, with the time of `--at` if it was made as of that. */
export type TimedDecision = GateDecision & Pick<Judging, 'at'>;

/** Says of a decision, also of one that denies, that its time was given: it may be another now. */
export async function timed(decide: Promise<GateDecision>, { at }: Judging): Promise<TimedDecision> {
  if (at === undefined) return await decide;
  try {
    return { ...(await decide), at };
  } catch (cause) {
    if (!(cause instanceof GateError) || cause.code !== 'ERR_GATE_DENIED') throw cause;
    const detail: TimedDecision = { ...(cause.detail as GateDecision), at };
    throw new GateError('ERR_GATE_DENIED', textOfDecision(detail), { cause, detail });
  }
}

/** A decision as text for people. */
export function textOfDecision(decision: TimedDecision): string {
  const { at } = decision;
  const text = explainDecision(decision).trimEnd();
  return at === undefined ? text : `${text}\n\nDecided as of ${formatTime(at)} (--at), not of now`;
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

import { isJsonArray, parseJson } from '@notarykit/common';
import { type Digest, OciError, parseDigest } from '@notarykit/oci';
import { type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import type { GateOptions, Trust } from 'notarykit';
import { inputError } from './errors.js';
import type { Inputs } from './inputs.js';
import type { Network } from './network.js';
import { readTrust, trustInputs } from './trust.js';

/** Inputs of {@link readGateBasis}. */
export const gateInputs = ['gate-policy', 'base-images', ...trustInputs] as const;

type GateInput = (typeof gateInputs)[number];

/** What the gate decides by: the trust, the deployment policy, and the base images that were verified before the build. */
export async function readGateBasis(
  inputs: Inputs<GateInput>,
  network: Network,
): Promise<Pick<GateOptions, 'trust' | 'policy' | 'baseImages'>> {
  const trust = await readTrust(inputs, network);
  const policy = await readPolicy(inputs, trust);
  return { trust, policy, baseImages: await readBaseImages(inputs, policy) };
}

/** The signers that a deployment policy names must be statements of the trust policy. */
async function readPolicy(inputs: Inputs<'gate-policy'>, { policy: trusted }: Trust): Promise<GatePolicy> {
  const statements = trusted.statements.map(({ name }) => name);
  const policy = await inputs.file('gate-policy', (content) => parseGatePolicy(content, { statements }));
  if (policy === undefined) throw inputError('gate-policy', 'it is required');
  return policy;
}

/** A policy that does not ask for the digests would let them pass without a look. */
async function readBaseImages(inputs: Inputs<'base-images'>, policy: GatePolicy): Promise<readonly Digest[]> {
  const digests = await inputs.file('base-images', parseDigests);
  if (digests !== undefined && policy.provenance?.baseImages !== 'verified')
    throw inputError('base-images', 'it has no effect: the policy does not say "provenance.baseImages: verified"');
  return digests ?? [];
}

/** A JSON array of digests, as `notarykit base-images --digests` writes it. */
function parseDigests(content: Uint8Array): readonly Digest[] {
  const digests = parseJson(content);
  if (!isJsonArray(digests)) throw new OciError('ERR_OCI_INVALID', 'expected a JSON array of digests');
  return digests.map(readDigest);
}

/** A digest as it was written. A mistyped one would match no image, so it is refused. */
export function readDigest(text: unknown): Digest {
  if (typeof text !== 'string') throw new OciError('ERR_OCI_INVALID', 'expected a digest, found something else');
  parseDigest(text);
  return text as Digest;
}

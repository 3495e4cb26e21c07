import type { CallOptions } from '@notarykit/common';
import type { Digest, RepositoryName } from '@notarykit/oci';
import type { GatePolicy, GateRule } from '@notarykit/sbom-gate/core';
import { type RequestTime, type TrustRequest, trustRequest } from '@notarykit/trust-policy';
import type { Trust } from '../trust.js';

/** What a gate is asked. */
export interface AskedGate {
  readonly policy: GatePolicy;
  /** The signers that the gate's policy names are statements of this trust policy. */
  readonly trust: Trust;
  readonly rules?: readonly GateRule[];
  readonly seen?: readonly Digest[];
  readonly baseImages?: readonly Digest[];
  readonly revokedSummaries?: readonly Digest[];
}

/** The gate's part of a request: what decides besides evidence and time, and who may sign it. */
export interface GatePart {
  readonly policy: GatePolicy;
  readonly rules: readonly GateRule[];
  readonly seen: readonly Digest[];
  readonly baseImages: readonly Digest[];
  readonly revokedSummaries: readonly Digest[];
  /** By statement of the trust policy, each with its stores read. */
  readonly signers: ReadonlyMap<string, TrustRequest>;
}

/** @throws {TrustError} `ERR_TRUST_NO_STATEMENT` when a signer that the policy uses names no statement */
export async function gatePart(
  { policy, trust, rules = [], seen = [], baseImages = [], revokedSummaries = [] }: AskedGate,
  repository: RepositoryName,
  time: RequestTime,
  call: CallOptions,
): Promise<GatePart> {
  const signers = new Map<string, TrustRequest>();
  for (const statement of statementsUsed(policy))
    signers.set(statement, await trustRequest({ ...trust, statement, examine: 'all' }, repository, time, call));
  return Object.freeze({
    policy,
    rules: Object.freeze([...rules]),
    seen: Object.freeze([...seen]),
    baseImages: Object.freeze([...baseImages]),
    revokedSummaries: Object.freeze([...revokedSummaries]),
    signers,
  });
}

/** The statements of all signers that some part of the policy names. */
function statementsUsed({ signers, image, sbom, scan, vex, provenance, summary }: GatePolicy): ReadonlySet<string> {
  const aliases = [image, sbom, scan, vex, provenance, summary].flatMap((part) => part?.signedBy ?? []);
  return new Set(aliases.flatMap((alias) => signers.get(alias)?.trustPolicy ?? []));
}

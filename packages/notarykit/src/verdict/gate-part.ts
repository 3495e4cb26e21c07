import { type CallOptions, describeKind } from '@notarykit/common/internal';
import type { Digest, RepositoryName } from '@notarykit/oci/internal';
import { GateError, type GatePolicy, type GateRule } from '@notarykit/sbom-gate/internal/core';
import { type RequestTime, type TrustRequest, trustRequest } from '@notarykit/trust-policy/internal';
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
  for (const statement of statementsUsed(requireGatePolicy(policy)))
    signers.set(statement, await trustRequest({ ...trust, statement, examine: 'all' }, repository, time, call));
  return Object.freeze({
    policy,
    rules: Object.freeze([...asRules(rules)]),
    seen: Object.freeze([...seen]),
    baseImages: Object.freeze([...baseImages]),
    revokedSummaries: Object.freeze([...revokedSummaries]),
    signers,
  });
}

/**
 * A policy as `parseGatePolicy` returns it. The document itself would otherwise be used as if it were parsed.
 *
 * @throws {GateError} `ERR_GATE_POLICY`
 */
export function requireGatePolicy(policy: GatePolicy): GatePolicy {
  if ((policy as Partial<GatePolicy> | undefined | null)?.signers instanceof Map) return policy;
  throw wrongOption('policy', 'a parsed policy (parseGatePolicy)', policy);
}

function asRules(rules: readonly GateRule[]): readonly GateRule[] {
  if (Array.isArray(rules)) return rules;
  throw wrongOption('rules', 'an array of rules', rules);
}

function wrongOption(name: string, expected: string, found: unknown): GateError {
  return new GateError('ERR_GATE_POLICY', `gate, ${name}: expected ${expected}, found ${describeKind(found)}`);
}

/** The statements of all signers that some part of the policy names. */
function statementsUsed({ signers, image, sbom, scan, vex, provenance, summary }: GatePolicy): ReadonlySet<string> {
  const aliases = [image, sbom, scan, vex, provenance, summary].flatMap((part) => part?.signedBy ?? []);
  return new Set(aliases.flatMap((alias) => signers.get(alias)?.trustPolicy ?? []));
}

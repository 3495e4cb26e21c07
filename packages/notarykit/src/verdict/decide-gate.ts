import type { GraphView } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import { decide, type GateDecision, type SignerOutcome } from '@notarykit/sbom-gate';
import type { TrustDecision, ValidUntil } from '@notarykit/trust-policy';
import { NotaryKitError } from '../errors.js';
import { collectEvidence } from '../gate/collect.js';
import { outcomeOf, type SignerAnswer } from '../gate/signer-outcome.js';
import { decideSignatures } from './decide-signatures.js';
import type { VerdictRequest } from './request.js';

/** What a gate says, and what it rests on. */
export interface GateVerdict {
  readonly decision: GateDecision;
  /** Something could not be found out: asked again, the answer may be another. */
  readonly undecided: boolean;
  /** When the signatures that it believes end. */
  readonly ends: readonly (ValidUntil | undefined)[];
  /** What the same evidence says at another time: scans grow old, and exceptions end. */
  at(time: Date): GateDecision;
}

/** Looks at the evidence of an artifact once, at the time of the request, and decides. */
export async function decideGate(
  view: GraphView,
  { subject, gate, time }: Pick<VerdictRequest, 'subject' | 'gate' | 'time'>,
  call: CallOptions = {},
): Promise<GateVerdict> {
  if (gate === undefined) throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', 'expected a request with a gate');
  const asked: TrustDecision[] = [];
  const verify = async (manifest: Descriptor, statement: string): Promise<SignerAnswer> => {
    const signer = gate.signers.get(statement);
    if (signer === undefined) return unknownSigner(statement);
    const decision = await decideSignatures(view, manifest, signer, call);
    asked.push(decision);
    return outcomeOf(decision, statement);
  };
  const { policy, rules, seen, baseImages } = gate;
  const { reference = `${subject.repository}@${subject.descriptor.digest}` } = subject;
  const evidence = await collectEvidence(view, subject.descriptor, { policy, reference, verify, ...call });
  const at = (moment: Date): GateDecision => decide(evidence, { policy, rules, seen, baseImages }, moment);
  return {
    decision: at(time.now),
    at,
    undecided: evidence.problems.length > 0 || asked.some(({ verdict }) => verdict === 'undecided'),
    ends: asked.map(({ report }) => report.validUntil),
  };
}

/** A policy that was changed after the request was made: nobody is trusted for what was not asked. */
function unknownSigner(statement: string): SignerOutcome {
  const reason = `the statement "${statement}" is no part of the request`;
  return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason };
}

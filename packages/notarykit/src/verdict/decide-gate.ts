import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { type GateDecision, GateError, type SignerOutcome } from '@notarykit/sbom-gate/internal/core';
import type { TrustDecision, ValidUntil } from '@notarykit/trust-policy/internal';
import { NotaryKitError } from '../errors.js';
import { collectEvidence } from '../gate/collect.js';
import { outcomeOf, type SignerAnswer } from '../gate/signer-outcome.js';
import { decideSignatures } from './decide-signatures.js';
import type { VerdictRequest } from './verdict-request.js';

/** What a gate says, and what it rests on. */
export interface GateVerdict {
  readonly decision: GateDecision;
  /** Something could not be found out: asked again, the answer may be another. */
  readonly undecided: boolean;
  /** When the signatures that it believes end. */
  readonly ends: readonly (ValidUntil | undefined)[];
  /** What each statement said of each manifest that was asked about. */
  readonly asked: readonly AskedSigner[];
  /** What the same evidence says at another time, or under another name: scans grow old, and VEX names images. */
  at(time: Date, reference?: string): GateDecision;
}

/** What one statement says of one manifest. */
export interface AskedSigner {
  readonly statement: string;
  readonly decision: TrustDecision;
}

/** Looks at the evidence of an artifact once, at the time of the request, and decides. */
export async function decideGate(
  view: GraphView,
  { subject, gate, time }: Pick<VerdictRequest, 'subject' | 'gate' | 'time'>,
  call: CallOptions = {},
): Promise<GateVerdict> {
  if (gate === undefined) throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', 'expected a request with a gate');
  const asked: AskedSigner[] = [];
  const verify = async (manifest: Descriptor, statement: string): Promise<SignerAnswer> => {
    const signer = gate.signers.get(statement);
    if (signer === undefined) return unknownSigner(statement);
    const decision = await decideSignatures(view, manifest, signer, call);
    asked.push({ statement, decision });
    return outcomeOf(decision, statement);
  };
  const { decide } = await loadJudge();
  const { policy, rules, seen, baseImages } = gate;
  const { reference = `${subject.repository}@${subject.descriptor.digest}` } = subject;
  const evidence = await collectEvidence(view, subject.descriptor, { policy, reference, verify, ...call });
  const at = (moment: Date, name = reference): GateDecision =>
    decide({ ...evidence, image: { ...evidence.image, reference: name } }, { policy, rules, seen, baseImages }, moment);
  return {
    decision: at(time.now),
    at,
    asked,
    undecided: evidence.problems.length > 0 || asked.some(({ decision }) => decision.verdict === 'undecided'),
    ends: asked.map(({ decision }) => decision.report.validUntil),
  };
}

/** Loaded with the first gate: its rules compare versions of every kind, and a program that only signs or verifies needs none of them. */
async function loadJudge(): Promise<typeof import('@notarykit/sbom-gate/internal/decide')> {
  try {
    return await import('@notarykit/sbom-gate/internal/decide');
  } catch (cause) {
    const message = 'cannot load @notarykit/sbom-gate/internal/decide: include it when you bundle this program';
    throw new GateError('ERR_GATE_EVIDENCE', message, { cause });
  }
}

/** A policy that was changed after the request was made: no signer is trusted for what was not requested. */
function unknownSigner(statement: string): SignerOutcome {
  const reason = `the statement "${statement}" is not part of the request`;
  return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason };
}

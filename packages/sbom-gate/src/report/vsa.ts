import { isJsonArray, isJsonObject, type JsonObject, parseJson, parseTime } from '@notarykit/common';
import type { Digest } from '@notarykit/oci';
import type { GateDecision } from '../decision.js';
import { GateError } from '../errors.js';
import { listOf, objectOf, objectsOf, textOf } from '../json/members.js';
import type { GatePolicy } from '../policy/document.js';

/** Predicate type of a verification summary (SLSA, "Verification Summary Attestation"). */
export const vsaPredicateType = 'https://slsa.dev/verification_summary/v1';

/** Media type, and artifact type, of an in-toto statement. */
export const statementMediaType = 'application/vnd.in-toto+json';

/** What {@link buildVsa} needs besides the decision. */
export interface BuildVsaOptions {
  /** Identity of this verifier: `output.verifierId` of the policy. */
  readonly verifierId: string;
  /** Version of the gate. */
  readonly version?: string;
  /** Reference that consumers will pull, so the production one. */
  readonly resourceUri: string;
  /** Address of the policy document. */
  readonly policyUri?: string;
}

/**
 * A verification summary of a decision as an in-toto statement: the caller attaches the text as an artifact of type
 * {@link statementMediaType} and signs that. Its subjects are the image and every platform; it lists all evidence used.
 */
export function buildVsa(decision: GateDecision, options: BuildVsaOptions): string {
  const { image, policy, evidence, verdict } = decision;
  const digests = new Set<Digest>([image.digest, ...image.platforms.map(({ digest }) => digest)]);
  const passed = verdict === 'ALLOW' && decision.proof !== undefined;
  const inputs = new Set<Digest>(evidence.used.map(({ manifest }) => manifest));
  for (const { signatures } of [image, ...evidence.used]) for (const { digest } of signatures) inputs.add(digest);
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...digests].map((digest) => ({ digest: digestSet(digest) })),
    predicateType: vsaPredicateType,
    predicate: {
      verifier: {
        id: options.verifierId,
        ...(options.version === undefined ? {} : { version: { 'sbom-gate': options.version } }),
      },
      timeVerified: decision.evaluatedAt.toISOString(),
      resourceUri: options.resourceUri,
      policy: {
        ...(options.policyUri === undefined ? {} : { uri: options.policyUri }),
        digest: digestSet(policy.digest),
      },
      inputAttestations: [...inputs].sort().map((digest) => ({ digest: digestSet(digest) })),
      verificationResult: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: passed ? ['SLSA_BUILD_LEVEL_UNEVALUATED', 'SBOM_GATE_PASSED'] : ['FAILED'],
      slsaVersion: '1.0',
    },
  });
}

function digestSet(digest: Digest): Record<string, string> {
  const colon = digest.indexOf(':');
  return { [digest.slice(0, colon)]: digest.slice(colon + 1) };
}

/** What a summary must match so that the gate need not be run again. */
export interface AcceptVsaOptions {
  readonly digest: Digest;
  readonly resourceUri: string;
  readonly verifierId: string;
  /** The policy in force now: a summary under another one does not count. */
  readonly policy: GatePolicy;
  readonly now: Date;
  /** How old it may be, in milliseconds. */
  readonly maxAge: number;
}

/** Whether a summary stands for a decision, and why not. */
export type VsaOutcome =
  | { readonly accepted: true; readonly timeVerified: Date }
  | { readonly accepted: false; readonly reason: string };

/**
 * Judges a verification summary **whose artifact was already found signed by this verifier's signer**: the subject, the
 * resource, the verifier, the policy and the age must all be right. Anything else means: run the gate.
 *
 * @throws {GateError} `ERR_GATE_EVIDENCE` when the bytes are no such statement
 */
export function acceptVsa(bytes: Uint8Array, options: AcceptVsaOptions): VsaOutcome {
  const statement = parseStatement(bytes);
  const predicate = objectOf(statement, 'predicate');
  const refuse = (reason: string): VsaOutcome => ({ accepted: false, reason });
  if (!hasSubject(statement, options.digest)) return refuse('it is about another image');
  if (textOf(objectOf(predicate, 'verifier'), 'id') !== options.verifierId) return refuse('it is of another verifier');
  if (textOf(predicate, 'resourceUri') !== options.resourceUri) return refuse('it is about another reference');
  if (!hasDigest(objectOf(objectOf(predicate, 'policy'), 'digest'), options.policy.digest))
    return refuse('it was made under another policy');
  if (textOf(predicate, 'verificationResult') !== 'PASSED') return refuse('it says that the verification failed');
  if (!listOf(predicate, 'verifiedLevels').includes('SBOM_GATE_PASSED'))
    return refuse('it does not say that a gate passed');
  const time = timeOf(textOf(predicate, 'timeVerified'));
  const age = time === undefined ? Number.NaN : options.now.getTime() - time.getTime();
  if (time === undefined || !(age >= 0 && age <= options.maxAge))
    return refuse('it is too old, or its time is not known');
  return { accepted: true, timeVerified: time };
}

function parseStatement(bytes: Uint8Array): JsonObject {
  const value = parseJson(bytes, { maxDepth: 32 });
  if (!isJsonObject(value) || value['predicateType'] !== vsaPredicateType || !isJsonArray(value['subject']))
    throw new GateError('ERR_GATE_EVIDENCE', 'expected an in-toto statement with a verification summary');
  return value;
}

function hasSubject(statement: JsonObject, digest: Digest): boolean {
  return objectsOf(statement, 'subject').some((subject) => hasDigest(objectOf(subject, 'digest'), digest));
}

function hasDigest(set: JsonObject | undefined, digest: Digest): boolean {
  const colon = digest.indexOf(':');
  return textOf(set, digest.slice(0, colon)) === digest.slice(colon + 1);
}

function timeOf(text: string | undefined): Date | undefined {
  try {
    return text === undefined ? undefined : parseTime(text, { fraction: 'keep' });
  } catch {
    return undefined;
  }
}

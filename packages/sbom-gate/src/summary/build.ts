import { defined } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { GateDecision } from '../decision.js';
import { GateError } from '../errors.js';
import type { GatePolicy } from '../policy/document.js';
import { type SummaryGrounds, statementType, summaryMember, vsaPredicateType } from './statement.js';

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
  /** What lets another gate accept the summary in place of the work. Without it the summary is for readers only. */
  readonly grounds?: SummaryGrounds;
}

/**
 * A verification summary of a decision as an in-toto statement: the caller attaches the text as an artifact of type
 * {@link statementMediaType} and signs that. Its subjects are the image and every platform; it lists all evidence used.
 *
 * @throws {GateError} `ERR_GATE_EVIDENCE` for a decision that itself rests on a summary: a summary must not prolong itself
 */
export function buildVsa(decision: GateDecision, options: BuildVsaOptions): string {
  const { image, policy, evidence, verdict, proof } = decision;
  if (proof?.by === 'summary')
    throw new GateError('ERR_GATE_EVIDENCE', 'expected a decision on evidence, found one that rests on a summary');
  const passed = verdict === 'ALLOW' && proof !== undefined;
  const inputs = new Set<Digest>(evidence.used.map(({ manifest }) => manifest));
  for (const { signatures } of [image, ...evidence.used]) for (const { digest } of signatures) inputs.add(digest);
  return statementOf({
    ...options,
    passed,
    subjects: [image.digest, ...image.platforms.map(({ digest }) => digest)],
    policy: policy.digest,
    time: decision.evaluatedAt,
    inputs: [...inputs].sort(),
    members: passed && options.grounds !== undefined ? membersOf(options.grounds, image.platforms) : {},
  });
}

/** What {@link buildRevokingVsa} needs. */
export interface BuildRevokingVsaOptions extends Omit<BuildVsaOptions, 'grounds'> {
  readonly digest: Digest;
  readonly policy: GatePolicy;
  readonly now: Date;
}

/**
 * A summary that says `FAILED` without a decision. Signed by a signer of `summary.signedBy` and attached to the image, it cancels every
 * earlier summary.
 */
export function buildRevokingVsa({ digest, policy, now, ...options }: BuildRevokingVsaOptions): string {
  return statementOf({
    ...options,
    passed: false,
    subjects: [digest],
    policy: policy.digest,
    time: now,
    inputs: [],
    members: {},
  });
}

interface Statement extends Omit<BuildVsaOptions, 'grounds'> {
  readonly passed: boolean;
  readonly subjects: readonly Digest[];
  readonly policy: Digest;
  readonly time: Date;
  readonly inputs: readonly Digest[];
  readonly members: object;
}

function statementOf(statement: Statement): string {
  const { passed, verifierId, version, policyUri, members } = statement;
  return JSON.stringify({
    _type: statementType,
    subject: [...new Set(statement.subjects)].map((digest) => ({ digest: digestSet(digest) })),
    predicateType: vsaPredicateType,
    predicate: {
      verifier: { id: verifierId, ...(version === undefined ? {} : { version: { 'sbom-gate': version } }) },
      timeVerified: statement.time.toISOString(),
      resourceUri: statement.resourceUri,
      policy: { ...defined({ uri: policyUri }), digest: digestSet(statement.policy) },
      inputAttestations: statement.inputs.map((digest) => ({ digest: digestSet(digest) })),
      verificationResult: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: passed ? ['SLSA_BUILD_LEVEL_UNEVALUATED', 'SBOM_GATE_PASSED'] : ['FAILED'],
      slsaVersion: '1.0',
      ...members,
    },
  });
}

function membersOf(grounds: SummaryGrounds, platforms: GateDecision['image']['platforms']): object {
  const { request, validUntil, attachments, signers } = grounds;
  return {
    [summaryMember]: {
      request,
      validUntil: validUntil.toISOString(),
      platforms: platforms.map(({ platform, digest }) => ({ platform, digest })),
      attachments: [...new Set(attachments)].sort(),
      signers: signers.map(({ statement, chain }) => ({ statement, chain })),
    },
  };
}

function digestSet(digest: Digest): Record<string, string> {
  const colon = digest.indexOf(':');
  return { [digest.slice(0, colon)]: digest.slice(colon + 1) };
}

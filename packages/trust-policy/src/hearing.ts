import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import type { SignatureCandidate } from './candidate.js';
import type { Demand, DemandedSigner } from './demanded.js';
import type { TrustErrorCode } from './errors.js';
import { type CountedSigner, matchSigners } from './extended/signers.js';
import type { Fact } from './facts.js';
import { everyOption } from './options.js';
import type { IgnoredReferrer, PolicyReport, SignatureReport, TrustReport, ValidUntil } from './report/report.js';
import { buildReport } from './report/trust-report.js';
import { verdictOnFailure } from './report/undecided.js';
import { unreadableReport } from './report/unreadable.js';
import { earliestUntil, untilOfStatement } from './report/until.js';
import type { TrustRequest } from './request.js';
import type { TrustedSignature } from './trusted-signature.js';
import { type VerifySignatureOptions, verifySignature } from './verify-signature.js';

/** What was found of one candidate for one signer of the policy. */
interface Finding {
  readonly report: SignatureReport;
  readonly signature?: TrustedSignature;
}

type Envelope = Extract<SignatureCandidate, { kind: 'envelope' }>;

/** The candidates of one artifact as they are gone through, each judged for every signer. */
export class Hearing {
  readonly subject: Descriptor;
  readonly request: TrustRequest;
  readonly #demand: Demand;
  /** By candidate, then by signer. */
  readonly #found: (readonly Finding[])[] = [];
  readonly #ignored: IgnoredReferrer[] = [];
  #counted: readonly CountedSigner[] = [];

  constructor(subject: Descriptor, demand: Demand, request: TrustRequest) {
    this.subject = subject;
    this.request = request;
    this.#demand = demand;
  }

  /** Whether as many candidates were seen as may be. */
  get full(): boolean {
    return this.#found.length + this.#ignored.length >= this.request.maxSignatures;
  }

  /** The signers that count so far. */
  get counted(): readonly CountedSigner[] {
    return this.#counted;
  }

  /** Whether as many signers count as the policy requires. */
  get satisfied(): boolean {
    return this.#counted.length >= this.#demand.required;
  }

  /** Every trusted signature so far, in the order of the candidates. */
  get trusted(): readonly TrustedSignature[] {
    return this.#found.flatMap((findings) => findings.find(isTrusted)?.signature ?? []);
  }

  async hear(candidate: SignatureCandidate, call: CallOptions): Promise<void> {
    if (candidate.kind === 'notASignature') {
      this.#ignored.push({ digest: candidate.manifest.digest, fact: candidate.fact });
      return;
    }
    const findings: Finding[] = [];
    // Every signer judges every candidate: one signature may satisfy several signers, and the best assignment is found at the end.
    for (const { statement } of this.#demand.signers)
      findings.push(
        candidate.kind === 'unreadable'
          ? unreadable(candidate, statement)
          : await this.#judge(candidate, statement, call),
      );
    this.#found.push(findings);
    if (findings.some(isTrusted)) this.#count();
    this.#report(candidate, findings);
  }

  #report({ manifest }: Pick<SignatureCandidate, 'manifest'>, findings: readonly Finding[]): void {
    this.request.onSignature?.({
      repository: this.request.repository,
      subject: this.subject.digest,
      ...(manifest === undefined ? {} : { signature: manifest.digest }),
      verdict: findings.some(isTrusted) ? 'trusted' : verdictOnFailure(...findings.map(({ report }) => report)),
      examined: this.#found.length,
    });
  }

  async #judge(candidate: Envelope, statement: DemandedSigner['statement'], call: CallOptions): Promise<Finding> {
    const { bytes, manifest } = candidate;
    const outcome = await verifySignature(bytes, signatureOptions(candidate, statement, this, call));
    const report = { ...outcome.report, manifest: manifest.digest };
    const { envelope } = outcome;
    if (!outcome.trusted || envelope === undefined) return { report };
    return { report, signature: { ...outcome, trusted: true, envelope, manifest } };
  }

  /** One signer is counted by the first signature, several by all of them. */
  #count(): void {
    if (this.#demand.required === 1 && this.satisfied) return;
    const { signers } = this.#demand;
    this.#counted = matchSigners(
      signers.map(({ name }, i) => ({
        ...defined({ name }),
        signatures: this.#found.flatMap((findings) => findings[i]?.signature ?? []),
      })),
    );
  }

  /** Why the artifact is not trusted. */
  lack(): readonly [code: TrustErrorCode, fact?: Fact] {
    const { required, signers } = this.#demand;
    if (this.#found.length === 0)
      return ['ERR_TRUST_NO_SIGNATURE', { fact: 'noSignature', referrers: this.#ignored.length }];
    if (signers.length === 1) return ['ERR_TRUST_NOT_VERIFIED'];
    const present = new Set(this.#counted.map(({ signer }) => signer));
    const missing = signers.flatMap(({ name }) => (name === undefined || present.has(name) ? [] : [name]));
    return ['ERR_TRUST_NOT_VERIFIED', { fact: 'signersMissing', required, found: present.size, missing }];
  }

  report(verdict: TrustReport['verdict'], fact?: Fact): TrustReport {
    const signatures = this.#found.flatMap((findings) => (findings.find(isTrusted) ?? findings[0])?.report ?? []);
    // The verdict ends with the first of the signatures that it rests on.
    const untils = this.#counted.map(({ signature }) => signature.report.validUntil);
    const validUntil =
      verdict === 'trusted' || verdict === 'skipped'
        ? earliestUntil([...untils, untilOfStatement(this.#demand.until)])
        : undefined;
    return this.#build({ verdict, policy: this.#demand.policy, signatures, fact, validUntil });
  }

  /** With several signers, what the policy says of each. */
  reports(): readonly TrustReport[] {
    const { signers, policy } = this.#demand;
    if (signers.length === 1) return [];
    return signers.map((signer, i) => {
      const findings = this.#found.flatMap((each) => each[i] ?? []);
      const first = findings.find(isTrusted);
      const signatures = findings.map(({ report }) => report);
      return this.#build({
        verdict: first === undefined ? verdictOnFailure(...signatures) : 'trusted',
        policy: policyOf(policy, signer),
        signatures,
        validUntil: first?.report.validUntil,
      });
    });
  }

  #build(parts: {
    readonly verdict: TrustReport['verdict'];
    readonly policy: PolicyReport;
    readonly signatures: readonly SignatureReport[];
    readonly fact?: Fact | undefined;
    readonly validUntil: ValidUntil | undefined;
  }): TrustReport {
    const { mediaType, digest, size } = this.subject;
    const { repository, time } = this.request;
    const subject = { kind: 'artifact', repository, mediaType, digest, size } as const;
    return buildReport({ ...parts, subject, now: time.now, at: time.at, ignored: this.#ignored });
  }
}

const isTrusted = ({ signature }: Finding): boolean => signature !== undefined;

/** Options are named one by one: what is left out of here has no effect on a verdict. */
function signatureOptions(
  { mediaType }: Envelope,
  statement: DemandedSigner['statement'],
  { request, subject }: Hearing,
  { signal }: CallOptions,
): VerifySignatureOptions {
  const { anchors, revocation, time, metadata, plugins, pluginConfig, allowNonCriticalBasicConstraints } = request;
  return everyOption<VerifySignatureOptions>({
    mediaType,
    statement,
    target: subject,
    trustStore: anchors,
    revocation,
    now: time.now,
    at: time.at,
    metadata,
    plugins,
    pluginConfig,
    allowNonCriticalBasicConstraints,
    signal,
  });
}

function unreadable(
  { manifest, code, message }: Extract<SignatureCandidate, { kind: 'unreadable' }>,
  { level }: DemandedSigner['statement'],
): Finding {
  return { report: unreadableReport(manifest, level.actions, { fact: 'signatureUnavailable', code, message }) };
}

/** The plain statement of one signer, as reports tell it. */
function policyOf(policy: PolicyReport, { statement }: DemandedSigner): PolicyReport {
  return {
    ...policy,
    statement: statement.name,
    trustStores: statement.trustStores.map(({ text }) => text),
    trustedIdentities: statement.trustedIdentities.map(({ text }) => text),
  };
}

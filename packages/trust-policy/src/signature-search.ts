import { type CallOptions, quote } from '@notarykit/common';
import { type Descriptor, fetchBytes, parseManifest, type ReferrersOptions, type Repository } from '@notarykit/oci';
import { parseSignatureManifest, signatureArtifactType } from '@notarykit/signature-envelope';
import { describeFact } from './describe/fact.js';
import type { OciTrustStatement } from './document/policy.js';
import { TrustError, type TrustErrorCode } from './errors.js';
import { foreign } from './referrer.js';
import { errorFact } from './report/error-fact.js';
import type { Fact } from './report/facts.js';
import type { IgnoredReferrer, PolicyReport, SignatureReport, TrustReport } from './report/report.js';
import { summarize } from './report/summarize.js';
import { buildReport, policyReport } from './report/trust-report.js';
import { unreadableReport } from './report/unreadable.js';
import type { Selection } from './select.js';
import type { TrustedSignature, VerifyArtifactOptions } from './verify-artifact.js';
import { verifySignature, wholeSeconds } from './verify-signature.js';

/** Most bytes of an envelope that is fetched: 4 MiB. */
const maxEnvelopeSize = 4 * 1024 * 1024;

/** The signatures of one artifact, as they are gone through. */
export class SignatureSearch {
  readonly #repository: Repository;
  readonly #descriptor: Descriptor;
  readonly #statement: OciTrustStatement;
  readonly #policy: PolicyReport;
  readonly #options: VerifyArtifactOptions;
  readonly #now: Date;
  readonly #at: Date;
  readonly #call: CallOptions;
  readonly #signatures: SignatureReport[] = [];
  readonly #ignored: IgnoredReferrer[] = [];

  constructor(
    repository: Repository,
    descriptor: Descriptor,
    selection: Selection<OciTrustStatement>,
    options: VerifyArtifactOptions,
  ) {
    this.#repository = repository;
    this.#descriptor = descriptor;
    this.#statement = selection.statement;
    this.#policy = policyReport(options.policy, selection);
    this.#options = options;
    this.#now = wholeSeconds(options.now ?? new Date());
    this.#at = wholeSeconds(options.at ?? this.#now);
    this.#call = options.signal === undefined ? {} : { signal: options.signal };
  }

  get listing(): ReferrersOptions {
    return { ...this.#call, artifactType: signatureArtifactType };
  }

  report(verdict: TrustReport['verdict'], fact?: Fact): TrustReport {
    const { mediaType, digest, size } = this.#descriptor;
    return buildReport({
      verdict,
      subject: { kind: 'artifact', repository: this.#repository.name, mediaType, digest, size },
      now: this.#now,
      at: this.#at,
      policy: this.#policy,
      signatures: this.#signatures,
      ignored: this.#ignored,
      ...(fact === undefined ? {} : { fact }),
    });
  }

  get #limit(): number {
    return this.#options.maxSignatures ?? 100;
  }

  /** Whether as many signatures were examined as may be. */
  get full(): boolean {
    return this.#signatures.length + this.#ignored.length >= this.#limit;
  }

  get cutShort(): Fact | undefined {
    return this.full && this.#options.examine === 'all' ? { fact: 'tooManySignatures', limit: this.#limit } : undefined;
  }

  /** Judges what one referrer holds. */
  async examine(referrer: Descriptor): Promise<TrustedSignature | undefined> {
    this.#options.signal?.throwIfAborted();
    if (this.full)
      throw this.#error('ERR_TRUST_TOO_MANY_SIGNATURES', { fact: 'tooManySignatures', limit: this.#limit });
    const read = await this.#read(referrer);
    if (read === undefined) return undefined;
    const { target: _, ...rest } = { ...this.#options, target: undefined };
    const outcome = await verifySignature(read.bytes, {
      ...rest,
      now: this.#now,
      at: this.#at,
      mediaType: read.mediaType,
      statement: this.#statement,
      target: this.#descriptor,
    });
    this.#signatures.push({ ...outcome.report, manifest: referrer.digest });
    return outcome.trusted ? { ...outcome, trusted: true, manifest: referrer } : undefined;
  }

  /** The envelope of a referrer; what is no signature of this artifact, or cannot be had, is noted. */
  async #read(referrer: Descriptor): Promise<{ bytes: Uint8Array; mediaType: string } | undefined> {
    try {
      const bytes = await fetchBytes(this.#repository, referrer, this.#call);
      const fact = foreign(parseManifest(bytes, referrer.mediaType), this.#descriptor);
      if (fact !== undefined) {
        this.#ignored.push({ digest: referrer.digest, fact });
        return undefined;
      }
      const manifest = parseSignatureManifest(bytes, referrer.mediaType, { maxEnvelopeSize });
      const envelope = await fetchBytes(this.#repository, manifest.envelope, { limit: maxEnvelopeSize, ...this.#call });
      return { bytes: envelope, mediaType: manifest.envelope.mediaType };
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.#note(referrer, errorFact(error));
      return undefined;
    }
  }

  #note({ digest, mediaType }: Descriptor, problem: { readonly code: string; readonly message: string }): void {
    const fact: Fact = { fact: 'signatureUnavailable', ...problem };
    this.#signatures.push(unreadableReport(digest, mediaType, this.#statement.level.actions, fact));
  }

  /** Why no signature is trusted. */
  refusal(): TrustError {
    const referrers = this.#signatures.length + this.#ignored.length;
    if (this.#signatures.length === 0) return this.#error('ERR_TRUST_NO_SIGNATURE', { fact: 'noSignature', referrers });
    return this.#error('ERR_TRUST_NOT_VERIFIED');
  }

  #error(code: TrustErrorCode, fact?: Fact): TrustError {
    const report = this.report('notTrusted', fact);
    const { digest } = this.#descriptor;
    const why = fact === undefined ? summarize(report) : describeFact(fact).message;
    const message = `${quote(`${this.#repository.name}@${digest}`)} is not trusted under the statement ${quote(this.#policy.statement)}: ${why}`;
    return new TrustError(code, message, { detail: { report, statement: this.#policy.statement } });
  }
}

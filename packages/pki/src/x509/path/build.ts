import { encodeHex, equalBytes, isCodedError, shorten } from '@notarykit/common/internal';
import { PkiError } from '../../errors.js';
import type { Certificate } from '../certificate.js';
import { formatName } from '../name.js';
import { uncheckableOf, verifyCertificateSignature } from '../verify.js';
import type { BuildPathOptions } from './options.js';
import {
  checkAuthority,
  checkCertificate,
  countIntermediates,
  isSameAuthority,
  isSelfIssued,
  refuseChain,
} from './rules.js';
import { checkRules } from './validate.js';

/**
 * Finds a valid path from a leaf to one of the anchors, through any of the intermediates, and returns it leaf first. Loops are
 * never entered: no name and key appear twice in a path. What it may cost is bounded by `maxSignatureChecks`.
 *
 * @throws {PkiError} `ERR_PKI_CHAIN` there is no valid path (its cause is the reason that came closest), `ERR_PKI_LIMIT` the
 * bound was reached before one was found
 *
 * @example
 * ```ts
 * const path = await buildPath(leaf, { anchors: [root], intermediates, extendedKeyUsage: '1.3.6.1.5.5.7.3.8' });
 * ```
 */
export async function buildPath(leaf: Certificate, options: BuildPathOptions): Promise<readonly Certificate[]> {
  const search = new PathSearch(options);
  const path = await search.extend([leaf]);
  if (path !== undefined) return path;
  const reason = search.reason;
  const what = reason instanceof Error ? `: ${reason.message}` : '';
  throw new PkiError(
    'ERR_PKI_CHAIN',
    `no valid path from "${shorten(formatName(leaf.subject))}" to a trusted certificate${what}`,
    reason === undefined ? {} : { cause: reason },
  );
}

interface Candidate {
  readonly certificate: Certificate;
  readonly isAnchor: boolean;
}

class PathSearch {
  readonly #options: BuildPathOptions;
  readonly #bySubject = new Map<string, Candidate[]>();
  readonly #anchors: ReadonlySet<string>;
  #checks = 0;
  #reasonDepth = 0;
  /** Why the longest path that was tried is not valid. */
  reason: unknown;

  constructor(options: BuildPathOptions) {
    this.#options = { ...options, at: options.at ?? new Date() };
    this.#anchors = new Set(options.anchors.map(({ fingerprint }) => fingerprint));
    for (const certificate of options.anchors) this.#add({ certificate, isAnchor: true });
    for (const certificate of options.intermediates ?? []) {
      if (!this.#anchors.has(certificate.fingerprint)) this.#add({ certificate, isAnchor: false });
    }
  }

  #add(candidate: Candidate): void {
    // Names are compared by their bytes: equal only after folding (RFC 5280, 7.1) is not equal here, as in all Notary tools.
    const name = encodeHex(candidate.certificate.subject.der);
    const known = this.#bySubject.get(name);
    if (known === undefined) this.#bySubject.set(name, [candidate]);
    else known.push(candidate);
  }

  /** The path made complete, or `undefined` when there is no valid way on. */
  async extend(path: readonly Certificate[]): Promise<readonly Certificate[] | undefined> {
    const last = path.at(-1) as Certificate;
    if (this.#anchors.has(last.fingerprint) && (await this.#isValid(path))) return path;
    const candidates = this.#bySubject.get(encodeHex(last.issuer.der)) ?? [];
    this.#noteEnd(path, candidates.length > 0);
    for (const { certificate } of sortCandidates(last, candidates)) {
      // By name and key: cross-signed authorities are two certificates of one authority, and would be a loop.
      if (path.some((earlier) => isSameAuthority(earlier, certificate))) continue;
      if (!(await this.#canFollow(path, certificate))) continue;
      const found = await this.extend([...path, certificate]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Says of the end of a path what is missing: the certificate of its issuer, or trust in the root that it is. */
  #noteEnd(path: readonly Certificate[], hasIssuer: boolean): void {
    const last = path.at(-1) as Certificate;
    if (isSelfIssued(last) && !this.#anchors.has(last.fingerprint))
      this.#note(path, () =>
        refuseChain(last, `is a root that is not among the trusted ones (SHA-256 ${last.fingerprint})`),
      );
    else if (!hasIssuer)
      this.#note(path, () =>
        refuseChain(last, `has an issuer that is not known: "${shorten(formatName(last.issuer))}"`),
      );
  }

  async #isValid(path: readonly Certificate[]): Promise<boolean> {
    try {
      checkRules(path, this.#options);
      await this.#options.check?.(path);
      return true;
    } catch (error) {
      // A limit ends the search: the next path would only cost as much again.
      if (!isCodedError(error) || error.code === 'ERR_PKI_LIMIT') throw error;
      this.#remember(Number.POSITIVE_INFINITY, error);
      return false;
    }
  }

  /** Cheap rules first; the signature only when they hold. */
  async #canFollow(path: readonly Certificate[], issuer: Certificate): Promise<boolean> {
    const { maxIntermediates = 8 } = this.#options;
    const certificate = path.at(-1) as Certificate;
    const between = countIntermediates(path.slice(1));
    const isPossible = this.#note([...path, issuer], () => {
      checkCertificate(issuer, this.#options);
      checkAuthority(issuer, between, this.#options);
      if (between > maxIntermediates) refuseChain(issuer, `has more than ${maxIntermediates} authorities below it`);
    });
    if (!isPossible) return false;
    // Each check costs a public key operation on input of the attacker, so their number is bounded, not their time.
    this.#spend();
    if (await verifyCertificateSignature(certificate, issuer)) return true;
    return this.#note([...path, issuer], () =>
      refuseChain(
        certificate,
        uncheckableOf(certificate, issuer) ?? 'is not signed by the authority of its issuer name',
      ),
    );
  }

  #spend(): void {
    const { maxSignatureChecks = 64 } = this.#options;
    if (++this.#checks > maxSignatureChecks) {
      throw new PkiError('ERR_PKI_LIMIT', `no path found within ${maxSignatureChecks} signature checks`);
    }
  }

  #note(path: readonly Certificate[], check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      this.#remember(path.length, error);
      return false;
    }
  }

  /** The longest path is the one that came closest, and a complete one closer than all others. */
  #remember(depth: number, error: unknown): void {
    if (depth <= this.#reasonDepth) return;
    this.#reasonDepth = depth;
    this.reason = error;
  }
}

/** Anchors first, then those whose key identifier fits; a wrong identifier is only a hint and excludes nothing. */
function sortCandidates(certificate: Certificate, candidates: readonly Candidate[]): readonly Candidate[] {
  const wanted = certificate.authorityKeyIdentifier?.keyIdentifier;
  const rank = ({ certificate: issuer, isAnchor }: Candidate): number => {
    const found = issuer.subjectKeyIdentifier;
    const fits = wanted === undefined || found === undefined ? 1 : equalBytes(wanted, found) ? 0 : 2;
    return (isAnchor ? 0 : 3) + fits + (isSelfIssued(issuer) ? 0 : 0.5);
  };
  return candidates.length < 2 ? candidates : [...candidates].sort((a, b) => rank(a) - rank(b));
}

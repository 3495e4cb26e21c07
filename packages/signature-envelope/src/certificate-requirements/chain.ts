import { equalBytes } from '@notarykit/common/internal';
import { type Certificate, formatName, uncheckableOf } from '@notarykit/pki/internal/core';
import { EnvelopeError } from '../errors.js';
import { type Checks, runChecks, type SignatureCheck } from '../signature-checks.js';
import { checkAuthority } from './authority.js';
import { failChain } from './fail.js';
import { type ChainPurpose, checkLeaf } from './leaf.js';
import { unreadableOf } from './readable.js';

/** What may be asked less of the authorities of a chain: one rule for signing and verifying, for signers and for timestamps. */
export interface AuthorityRules {
  /**
   * Accept authorities whose basic constraints are not critical (signature-specification.md, "Certificate Requirements", wants them
   * so, but older roots exist). Who signs under it makes signatures that are accepted only under it. Default false.
   */
  readonly allowNonCriticalBasicConstraints?: boolean;
}

/** The rules out of larger options, by name. */
export function authorityRules({ allowNonCriticalBasicConstraints = false }: AuthorityRules): Required<AuthorityRules> {
  return { allowNonCriticalBasicConstraints };
}

/** Options of {@link checkCodeSigningChain}. */
export interface ChainRequirementOptions extends AuthorityRules {
  /** When given, every certificate must be valid at this time (inclusive bounds, whole seconds): the check at signing. */
  readonly at?: Date;
}

/**
 * Checks a chain, leaf first, against the rules for code signing (signature-specification.md, "Certificate Requirements"), in
 * notation-core-go's order: complete from leaf to self-signed root, each certificate issued by the next. No path is built,
 * and trust is another question.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_CHAIN`, `ERR_ENVELOPE_ALGORITHM`
 */
export async function checkCodeSigningChain(
  chain: readonly Certificate[],
  options: ChainRequirementOptions = {},
): Promise<void> {
  await runChecks(codeSigningChecks(chain, options));
}

/** The checks of {@link checkCodeSigningChain}, for a caller that checks other signatures at the same time. */
export function codeSigningChecks(chain: readonly Certificate[], options: ChainRequirementOptions = {}): Checks {
  return chainChecks(chain, 'codeSigning', options);
}

/**
 * Checks the chain of a timestamping authority, leaf first (signature-specification.md, "Certificate Requirements"). Its
 * validity at the time of the token is checked with the token.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_CHAIN`, `ERR_ENVELOPE_ALGORITHM`
 */
export async function checkTimestampingChain(
  chain: readonly Certificate[],
  options: AuthorityRules = {},
): Promise<void> {
  await runChecks(chainChecks(chain, 'timestamping', options));
}

function* chainChecks(chain: readonly Certificate[], purpose: ChainPurpose, options: ChainRequirementOptions): Checks {
  const [leaf] = chain;
  if (leaf === undefined)
    throw new EnvelopeError(
      'ERR_ENVELOPE_CHAIN',
      'expected a certificate chain of at least one certificate, found none',
    );
  // Before any signature: what cannot be read exactly must not be compared or shown.
  for (const certificate of chain) checkReadable(certificate);
  if (chain.length === 1) return yield* singleChecks(leaf, purpose, options);
  for (const [i, certificate] of chain.entries()) {
    checkValidity(certificate, options.at);
    yield* linkChecks(chain, i);
    if (i === 0) checkLeaf(certificate, purpose);
    else checkAuthority(certificate, i - 1, purpose, options.allowNonCriticalBasicConstraints === true);
  }
}

function checkReadable(certificate: Certificate): void {
  const problem = unreadableOf(certificate);
  if (problem !== undefined) throw failChain(certificate, problem);
}

function* singleChecks(leaf: Certificate, purpose: ChainPurpose, options: ChainRequirementOptions): Checks {
  const refusal = (): EnvelopeError =>
    failChain(
      leaf,
      uncheckableOf(leaf, leaf) ?? `a chain of one is a self-signed certificate, this one is not; ${addIssuer(leaf)}`,
    );
  if (!isNamed(leaf, leaf)) throw refusal();
  yield mustHold(leaf, leaf, refusal);
  checkValidity(leaf, options.at);
  checkLeaf(leaf, purpose);
}

function addIssuer({ issuer }: Certificate): string {
  return `add the certificates from its issuer "${formatName(issuer)}" up to the root`;
}

function* linkChecks(chain: readonly Certificate[], i: number): Checks {
  const certificate = chain[i] as Certificate;
  const next = chain[i + 1];
  if (next === undefined) return yield* rootChecks(certificate);
  // Names first: only a certificate that names itself as issuer can be self-signed, and most checks end here.
  if (isNamed(certificate, certificate))
    yield {
      question: { certificate, issuer: certificate },
      refusal: (valid) => (valid ? failChain(certificate, 'is self-signed but not the last of its chain') : undefined),
    };
  const refusal = (): EnvelopeError =>
    failChain(
      certificate,
      uncheckableOf(certificate, next) ?? `is not issued by the next certificate, "${formatName(next.subject)}"`,
    );
  if (!isNamed(certificate, next) || !isAuthority(next)) throw refusal();
  yield mustHold(certificate, next, refusal);
}

function* rootChecks(root: Certificate): Checks {
  const refusal = (): EnvelopeError =>
    failChain(
      root,
      uncheckableOf(root, root) ?? `a chain ends with a self-signed root, this is not one; ${addIssuer(root)}`,
    );
  if (!isAuthority(root) || !isNamed(root, root)) throw refusal();
  yield mustHold(root, root, refusal);
}

function mustHold(certificate: Certificate, issuer: Certificate, refusal: () => EnvelopeError): SignatureCheck {
  return { question: { certificate, issuer }, refusal: (valid) => (valid ? undefined : refusal()) };
}

/** Names are equal when their bytes are (RFC 5280, 7.1 without folding, as every Notary tool does). */
function isNamed(certificate: Certificate, issuer: Certificate): boolean {
  return equalBytes(certificate.issuer.der, issuer.subject.der);
}

/** Whether a certificate may sign others: Go's `CheckSignatureFrom`. */
function isAuthority(certificate: Certificate): boolean {
  if (certificate.version === 3 && certificate.basicConstraints?.ca !== true) return false;
  return certificate.keyUsage === undefined || certificate.keyUsage.usages.has('keyCertSign');
}

function checkValidity(certificate: Certificate, at: Date | undefined): void {
  if (at === undefined) return;
  if (at < certificate.notBefore || at > certificate.notAfter)
    throw failChain(
      certificate,
      `is valid from ${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}, not at ${at.toISOString()}`,
    );
}

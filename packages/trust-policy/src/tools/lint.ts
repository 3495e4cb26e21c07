import { quote } from '@notarykit/common/internal';
import { isExtended } from '../demand.js';
import type { OciTrustStatement, TrustPolicy, TrustStatement } from '../document/policy.js';
import type { ExtendedTrustPolicy } from '../extended/policy.js';
import { type ValidationActions, verificationLevels } from '../levels.js';
import type { LintFinding, LintOptions } from './lint-finding.js';
import { lintIdentities } from './lint-identities.js';
import { lintStores } from './lint-stores.js';

/** What in a valid policy is worth a look: parts without effect, wider than they seem, contradicting, or out of date. */
export async function lintTrustPolicy(
  policy: TrustPolicy | ExtendedTrustPolicy,
  options: LintOptions = {},
): Promise<readonly LintFinding[]> {
  const unknown = policy.warnings.map((warning): LintFinding => {
    return { rule: 'unknownMember', severity: 'warning', remedy: 'remove it, or correct its name', ...warning };
  });
  const findings: LintFinding[] = [];
  const judged = judgedStatements(policy);
  const wildcard = judged.find(({ ofAny }) => ofAny)?.statement;
  for (const { statement, ofAny, signer } of judged) {
    options.signal?.throwIfAborted();
    const stores = options.trustStore === undefined ? [] : await lintStores(statement, options.trustStore, options);
    const against = ofAny ? [] : lintAgainstWildcard(statement, wildcard);
    const own = [...lintWidth(statement), ...lintEffect(statement), ...lintIdentities(statement)];
    const found = [...own, ...against, ...stores];
    findings.push(...found.map((one) => (signer === undefined ? one : atSigner(one, signer))));
  }
  return [...unknown, ...findings];
}

/** What verifies: of an extended statement one for each signer, under the name of the statement. */
interface JudgedStatement {
  readonly statement: OciTrustStatement;
  /** Whether it is for repositories that no statement names. */
  readonly ofAny: boolean;
  /** Its place in the list of signers. */
  readonly signer?: number;
}

function judgedStatements(policy: TrustPolicy | ExtendedTrustPolicy): readonly JudgedStatement[] {
  if (!isExtended(policy))
    return policy.statements.map((statement) => ({ statement, ofAny: statement.registryScopes.includes('*') }));
  return policy.statements.flatMap(({ name, scopes, demanded }) => {
    const ofAny = scopes.some(({ kind }) => kind === 'any');
    return demanded.map(({ name: signer, statement }, i) => {
      const judged = { statement: { ...statement, name }, ofAny };
      return signer === undefined ? judged : { ...judged, signer: i };
    });
  });
}

/** Stores and identities are a signer's own, the rest is in the statement. */
function atSigner(finding: LintFinding, signer: number): LintFinding {
  const own = /^trust(Stores|edIdentities)/.test(finding.member);
  return own ? { ...finding, member: `signers.of[${signer}].${finding.member}` } : finding;
}

function lintWidth(statement: TrustStatement): readonly LintFinding[] {
  const about = (
    member: string,
    message: string,
    remedy: string,
    severity: LintFinding['severity'] = 'warning',
  ): LintFinding => {
    return { rule: 'widening', severity, statement: statement.name, member, message, remedy };
  };
  const { level, trustedIdentities, trustStores } = statement;
  const findings: LintFinding[] = [];
  if (level.base === 'skip')
    findings.push(
      about(
        'signatureVerification.level',
        'nothing is verified for its repositories',
        'use "audit" to see what would be refused',
      ),
    );
  else if (level.actions.authenticity !== 'enforce')
    findings.push(
      about(
        'signatureVerification',
        'a signature by anybody is accepted: authenticity is only logged',
        'enforce authenticity',
      ),
    );
  if (trustedIdentities.some(({ kind }) => kind === 'any') && trustStores.length > 0)
    findings.push(
      about(
        'trustedIdentities',
        'every signer below its trust stores is trusted',
        'name the signers: "x509.subject:C=…,ST=…,O=…"',
      ),
    );
  if (level.base !== 'skip' && level.actions.revocation === 'skip')
    findings.push(
      about('signatureVerification.override', 'revoked certificates are accepted', 'enforce or log revocation', 'note'),
    );
  return findings;
}

function lintEffect(statement: TrustStatement): readonly LintFinding[] {
  const about = (member: string, message: string, remedy: string): LintFinding => {
    return { rule: 'unreachable', severity: 'note', statement: statement.name, member, message, remedy };
  };
  const { level, trustStores, verifyTimestamp } = statement;
  const has = (type: string): boolean => trustStores.some((store) => store.type === type);
  const findings: LintFinding[] = [];
  if (has('tsa') && !has('ca'))
    findings.push(
      about(
        'trustStores',
        'its "tsa:" stores have no effect: timestamps count for signatures of "ca:" stores only',
        'add a "ca:" store, or remove them',
      ),
    );
  if (verifyTimestamp === 'afterCertExpiry' && !has('tsa'))
    findings.push(
      about(
        'signatureVerification.verifyTimestamp',
        'it has no effect without a "tsa:" store',
        'add a "tsa:" store, or remove it',
      ),
    );
  if (level.base !== 'skip' && !has('ca') && !has('signingAuthority'))
    findings.push(
      about('trustStores', 'no signature can be trusted: there is no "ca:" or "signingAuthority:" store', 'add one'),
    );
  const texts = trustStores.map(({ text }) => text);
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) findings.push(about('trustStores', `${quote(twice)} appears twice`, 'remove one'));
  const base = verificationLevels[level.base].actions;
  if (level.name === 'custom' && sameActions(base, level.actions))
    findings.push(
      about('signatureVerification.override', `it changes nothing of level ${quote(level.base)}`, 'remove it'),
    );
  return findings;
}

function sameActions(a: ValidationActions, b: ValidationActions): boolean {
  return Object.entries(a).every(([type, action]) => b[type as keyof ValidationActions] === action);
}

const strength = { enforce: 2, log: 1, skip: 0 } as const;

/** A repository that is named may be held to less than one that is not named: rarely what was meant. */
function lintAgainstWildcard(
  statement: OciTrustStatement,
  wildcard: OciTrustStatement | undefined,
): readonly LintFinding[] {
  if (wildcard === undefined) return [];
  const weaker = Object.entries(statement.level.actions).filter(
    ([type, action]) => strength[action] < strength[wildcard.level.actions[type as keyof ValidationActions]],
  );
  if (weaker.length === 0) return [];
  return [
    {
      rule: 'overlapping',
      severity: 'warning',
      statement: statement.name,
      member: 'signatureVerification',
      message: `its repositories are held to less than all others, by statement ${quote(wildcard.name)}: ${weaker.map(([type]) => type).join(', ')}`,
      remedy: 'raise its level to that of the wildcard, if that was not meant',
    },
  ];
}

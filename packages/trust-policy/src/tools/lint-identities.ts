import { nearestName, quote } from '@notarykit/common/internal';
import type { TrustStatement } from '../document/policy.js';
import { extendedVersion2 } from '../extended/policy.js';
import { typeNames } from '../identities/subject.js';
import type { TrustedIdentity } from '../identities/trusted-identity.js';
import type { LintFinding } from './lint-finding.js';

const known = /* @__PURE__ */ (() => Object.values(typeNames))();

/** Identities that no certificate can match: they look like trust, and trust no signer. */
export function lintIdentities({ name, trustedIdentities }: TrustStatement): readonly LintFinding[] {
  return trustedIdentities.flatMap((identity, i) => {
    const found = neverMatches(identity);
    if (found === undefined) return [];
    const about = { statement: name, member: `trustedIdentities[${i}]` };
    return [{ rule: 'unreachable', severity: 'warning', ...about, ...found } as const];
  });
}

function neverMatches(identity: TrustedIdentity): Pick<LintFinding, 'message' | 'remedy'> | undefined {
  const whole = `name the whole subject, "x509.name:…", in an extended policy of version ${quote(extendedVersion2)}`;
  if (identity.kind === 'other' && identity.text.startsWith('x509.name:'))
    return { message: `${quote(identity.text)} means nothing in a policy of this version`, remedy: whole };
  if (identity.kind !== 'x509.subject') return undefined;
  const type = [...identity.attributes].find(([type, value]) => value !== '' && !known.includes(type))?.[0];
  if (type === undefined) return undefined;
  const meant = nearestName(type, known);
  return {
    message: `${quote(identity.text)} matches no certificate: a subject with an attribute beyond ${known.join(', ')} cannot be compared, and ${quote(type)} is not one of them`,
    remedy: meant === undefined ? whole : `write ${quote(meant)}`,
  };
}

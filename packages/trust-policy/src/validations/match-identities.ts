import { defined } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { Fact, IdentityComparison } from '../facts.js';
import { isSubset } from '../identities/distinguished-name.js';
import { subjectAttributes } from '../identities/subject.js';
import type { TrustedIdentity } from '../identities/trusted-identity.js';
import { isSameName, printWholeName, wholeNameOf } from '../identities/whole-name.js';
import { certificateFact } from '../report/certificate.js';

/**
 * The identity that a certificate's subject matches: every attribute of the identity, with the same value; what else the subject
 * has does not matter; an identity of a whole name wants them all, and no other. Parsed values are compared, never rendered text. Else
 * the fact that decided against it.
 */
export function matchIdentities(
  identities: readonly TrustedIdentity[],
  certificate: Certificate,
): { readonly identity: string } | Fact {
  if (identities.some((identity) => identity.kind === 'any')) return { identity: '*' };
  const same = matchWhole(identities, certificate);
  return same === undefined ? matchAttributes(identities, certificate) : { identity: same.text };
}

function matchWhole(identities: readonly TrustedIdentity[], { subject }: Certificate): TrustedIdentity | undefined {
  const named = identities.filter((identity) => identity.kind === 'x509.name');
  if (named.length === 0) return undefined;
  const whole = wholeNameOf(subject);
  return named.find((identity) => isSameName(identity.whole, whole));
}

function matchAttributes(
  identities: readonly TrustedIdentity[],
  certificate: Certificate,
): { readonly identity: string } | Fact {
  const named = identities.filter((identity) => identity.kind === 'x509.subject');
  const others = identities.filter((identity) => identity.kind === 'x509.name').map(({ text }) => ({ identity: text }));
  if (named.length + others.length === 0) {
    return { fact: 'noComparableIdentity', identities: identities.map((identity) => identity.text) };
  }
  const name = subjectAttributes(certificate.subject);
  const match =
    'problem' in name ? undefined : named.find((identity) => isSubset(identity.attributes, name.attributes));
  if (match !== undefined) return { identity: match.text };
  // Printed only where nothing matched: printing is slow, and most signatures match.
  const printed = { subject: certificateFact(certificate).subject, wholeName: printWholeName(certificate.subject) };
  if (named.length === 0) return { fact: 'identityNotTrusted', ...printed, identities: others };
  if ('problem' in name) return { fact: 'subjectNotComparable', ...printed, ...name };
  const comparisons = named.map((identity) => compare(identity.text, identity.attributes, name.attributes));
  return { fact: 'identityNotTrusted', ...printed, identities: [...comparisons, ...others] };
}

/** The first attribute in which an identity and a subject differ. */
function compare(
  identity: string,
  wanted: ReadonlyMap<string, string>,
  subject: ReadonlyMap<string, string>,
): IdentityComparison {
  const difference = [...wanted].find(([type, value]) => (subject.get(type) ?? '') !== value);
  if (difference === undefined) return { identity };
  const [attribute, expected] = difference;
  const found = subject.get(attribute);
  return { identity, attribute, expected, ...defined({ found }) };
}

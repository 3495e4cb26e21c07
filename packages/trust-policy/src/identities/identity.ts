import { quote } from '@notarykit/common';
import type { TrustedIdentity } from '../document/policy.js';
import { type Place, refuse } from '../document/read.js';
import { isSubset, parseDistinguishedName } from './distinguished-name.js';

const prefix = 'x509.subject';

/** Reads the trusted identities of a statement and checks them together. */
export function parseIdentities(texts: readonly string[], place: Place): readonly TrustedIdentity[] {
  if (texts.includes('*') && texts.length > 1)
    refuse(place, 'identityWildcard', 'trustedIdentities', '"*" must stand alone');
  const identities = texts.map((text, i) => parseIdentity(text, `trustedIdentities[${i}]`, place));
  checkOverlap(identities, place);
  return identities;
}

function parseIdentity(text: string, member: string, place: Place): TrustedIdentity {
  if (text === '*') return { kind: 'any', text };
  const colon = text.indexOf(':');
  if (colon < 0)
    return refuse(
      place,
      'identity',
      member,
      `expected "*" or "x509.subject:<distinguished name>", found ${quote(text)}`,
    );
  if (text.slice(0, colon) !== prefix) return { kind: 'other', text };
  const value = text.slice(colon + 1);
  if (value === '') return refuse(place, 'identity', member, 'expected a distinguished name after "x509.subject:"');
  const name = parseDistinguishedName(value);
  if ('problem' in name) return refuse(place, 'identity', member, `${name.problem}, in ${quote(text)}`);
  return { kind: 'x509.subject', text, attributes: name.attributes };
}

function checkOverlap(identities: readonly TrustedIdentity[], place: Place): void {
  const subjects = identities.filter((identity) => identity.kind === 'x509.subject');
  for (const [i, a] of subjects.entries()) {
    for (const b of subjects.slice(i + 1)) {
      if (isSubset(a.attributes, b.attributes) || isSubset(b.attributes, a.attributes)) {
        refuse(
          place,
          'identityOverlap',
          'trustedIdentities',
          `${quote(a.text)} overlaps with ${quote(b.text)}: keep the wider one only`,
        );
      }
    }
  }
}

import { quote } from '@notarykit/common/internal';
import { isSubset, parseDistinguishedName } from '../identities/distinguished-name.js';
import type { ParsedWholeName } from '../identities/parse-whole-name.js';
import type { TrustedIdentity } from '../identities/trusted-identity.js';
import { type Place, refuse } from './read.js';

const prefix = 'x509.subject';
const wholePrefix = 'x509.name';

/** Reads the trusted identities of a statement and checks them together. */
export function parseIdentities(texts: readonly string[], place: Place): readonly TrustedIdentity[] {
  if (texts.includes('*') && texts.length > 1)
    refuse(place, 'identityWildcard', 'trustedIdentities', '"*" must be the only entry');
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
  const value = text.slice(colon + 1);
  if (text.slice(0, colon) === wholePrefix && place.parseWholeName !== undefined)
    return wholeIdentity(text, place.parseWholeName(value), member, place);
  if (text.slice(0, colon) !== prefix) return { kind: 'other', text };
  if (value === '') return refuse(place, 'identity', member, 'expected a distinguished name after "x509.subject:"');
  const name = parseDistinguishedName(value);
  if ('problem' in name) return refuse(place, 'identity', member, `${name.problem}, in ${quote(text)}`);
  return { kind: 'x509.subject', text, attributes: name.attributes };
}

function wholeIdentity(text: string, name: ParsedWholeName, member: string, place: Place): TrustedIdentity {
  if ('problem' in name) return refuse(place, 'identity', member, `${name.problem}, in ${quote(text)}`);
  return { kind: 'x509.name', text, whole: name.whole };
}

type Subject = Extract<TrustedIdentity, { readonly kind: 'x509.subject' }>;

function checkOverlap(identities: readonly TrustedIdentity[], place: Place): void {
  const names = identities.flatMap((identity) => (identity.kind === 'x509.name' ? [identity.whole.join()] : []));
  if (new Set(names).size !== names.length)
    refuse(place, 'identityOverlap', 'trustedIdentities', 'two of them name the same subject');
  const subjects = identities.filter((identity) => identity.kind === 'x509.subject');
  const holders = holdersOf(subjects);
  for (const wide of subjects) {
    const narrow = narrowerThan(wide, holders, subjects);
    if (narrow === undefined) continue;
    refuse(
      place,
      'identityOverlap',
      'trustedIdentities',
      `${quote(wide.text)} overlaps with ${quote(narrow.text)}: keep the wider one only`,
    );
  }
}

/** The subjects that have an attribute of a value. */
function holdersOf(subjects: readonly Subject[]): ReadonlyMap<string, readonly Subject[]> {
  const holders = new Map<string, Subject[]>();
  for (const subject of subjects)
    for (const [type, value] of subject.attributes) {
      const known = holders.get(`${type}=${value}`);
      if (known === undefined) holders.set(`${type}=${value}`, [subject]);
      else known.push(subject);
    }
  return holders;
}

/** Looked for among those alone that have the rarest attribute: of many, not each is compared with each. */
function narrowerThan(
  wide: Subject,
  holders: ReadonlyMap<string, readonly Subject[]>,
  all: readonly Subject[],
): Subject | undefined {
  let fewest = all;
  // An attribute without a value is also that of a subject which lacks it.
  for (const [type, value] of wide.attributes) {
    const found = holders.get(`${type}=${value}`) ?? [];
    if (value !== '' && found.length < fewest.length) fewest = found;
  }
  return fewest.find((each) => each !== wide && isSubset(wide.attributes, each.attributes));
}

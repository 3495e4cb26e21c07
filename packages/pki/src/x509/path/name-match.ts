import { type Bytes, equalBytes } from '@notarykit/common/internal';
import { PkiError } from '../../errors.js';
import type { Name, NameAttribute } from '../certificate.js';
import type { GeneralName } from '../general-name.js';

const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const hostPattern = new RegExp(`^${label}(?:\\.${label})*$`);
const isHost = (text: string): boolean => text.length <= 253 && hostPattern.test(text);
const isMailbox = (text: string): boolean => {
  const at = text.indexOf('@');
  return at > 0 && text.indexOf('@', at + 1) < 0 && isHost(text.slice(at + 1));
};
const withoutPeriod = (text: string): string => (text.startsWith('.') ? text.slice(1) : text);

/** Refuses a constraint that is not well formed (RFC 5280, 4.2.1.10). @throws {PkiError} `ERR_PKI_ASN1` */
export function checkConstraint(base: GeneralName): void {
  if (!isConstraint(base))
    throw new PkiError('ERR_PKI_ASN1', `expected a name constraint on ${base.kind} names, found another form`);
}

function isConstraint(base: GeneralName): boolean {
  switch (base.kind) {
    case 'dns':
      return base.text === '' || isHost(base.text);
    case 'email':
      return base.text === '' || isMailbox(base.text) || isHost(withoutPeriod(base.text));
    case 'uri':
      return base.text === '' || isHost(withoutPeriod(base.text));
    case 'ip':
      return (
        (base.bytes.length === 8 || base.bytes.length === 32) && isMask(base.bytes.subarray(base.bytes.length / 2))
      );
    default:
      return true;
  }
}

/** Ones, then zeros. */
function isMask(mask: Bytes): boolean {
  let ended = false;
  for (const byte of mask) {
    if (ended && byte !== 0) return false;
    if (byte !== 0xff) {
      const inverted = ~byte & 0xff;
      if ((inverted & (inverted + 1)) !== 0) return false;
      ended = true;
    }
  }
  return true;
}

/** Whether a name is surely within the subtree. A name that is not well formed is within none. */
export function matchesPermitted(base: GeneralName, name: GeneralName): boolean {
  if (base.kind === 'dns' && name.kind === 'dns')
    return isDnsName(name.text) && isHostWithin(name.text, base.text, true);
  if (base.kind === 'email' && name.kind === 'email') return isMailbox(name.text) && isMailWithin(name.text, base.text);
  if (base.kind === 'uri' && name.kind === 'uri') return isUriWithin(name.text, base.text) === true;
  if (base.kind === 'ip' && name.kind === 'ip') return isIpWithin(name.bytes, base.bytes) === true;
  if (base.kind === 'directory' && name.kind === 'directory')
    return isNameWithin(name.name, base.name, isSameAttribute);
  return false;
}

/** Whether a name may be within the subtree: what is not well formed, or only may be meant, counts as within. */
export function matchesExcluded(base: GeneralName, name: GeneralName): boolean {
  if (base.kind === 'dns' && name.kind === 'dns') return !isDnsName(name.text) || mayBeHostWithin(name.text, base.text);
  if (base.kind === 'email' && name.kind === 'email')
    return !isMailbox(name.text) || isMailWithin(name.text, base.text);
  if (base.kind === 'uri' && name.kind === 'uri') return isUriWithin(name.text, base.text) !== false;
  if (base.kind === 'ip' && name.kind === 'ip') return isIpWithin(name.bytes, base.bytes) !== false;
  if (base.kind === 'directory' && name.kind === 'directory')
    return isNameWithin(name.name, base.name, isSimilarAttribute);
  return true;
}

const isWildcard = (text: string): boolean => text.startsWith('*.');
const isDnsName = (text: string): boolean => isHost(isWildcard(text) ? text.slice(2) : text);

function isHostWithin(host: string, base: string, withSubdomains: boolean): boolean {
  const [name, subtree] = [host.toLowerCase(), base.toLowerCase()];
  return subtree === '' || name === subtree || (withSubdomains && name.endsWith(`.${subtree}`));
}

function mayBeHostWithin(text: string, base: string): boolean {
  if (isHostWithin(text, base, true)) return true;
  // `*.example.com` may be any name one label below, an excluded `bar.example.com` among them.
  const parent = base.slice(base.indexOf('.') + 1);
  return isWildcard(text) && base.includes('.') && text.slice(2).toLowerCase() === parent.toLowerCase();
}

/** A constraint is a mailbox, a host (itself only), or a domain beginning with a period (hosts below it). */
function isMailWithin(mailbox: string, base: string): boolean {
  const at = mailbox.indexOf('@');
  const host = mailbox.slice(at + 1);
  if (!base.includes('@')) return isBelowOrSame(host, base);
  const baseAt = base.indexOf('@');
  // The local part is compared exactly (RFC 5280, 7.5).
  return mailbox.slice(0, at) === base.slice(0, baseAt) && isHostWithin(host, base.slice(baseAt + 1), false);
}

function isBelowOrSame(host: string, base: string): boolean {
  if (base.startsWith('.')) return host.toLowerCase().endsWith(base.toLowerCase());
  return isHostWithin(host, base, false);
}

/** `undefined`: the URI has no host name to compare. */
function isUriWithin(uri: string, base: string): boolean | undefined {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1];
  const host = authority?.slice(authority.lastIndexOf('@') + 1).replace(/:[0-9]*$/, '');
  if (host === undefined || !isHost(host) || /^[0-9.]+$/.test(host)) return undefined;
  return isBelowOrSame(host, base);
}

/** `undefined`: no address, but something else. */
function isIpWithin(address: Bytes, base: Bytes): boolean | undefined {
  if (address.length !== 4 && address.length !== 16) return undefined;
  if (address.length * 2 !== base.length) return false;
  return address.every((byte, i) => ((byte ^ (base[i] as number)) & (base[address.length + i] as number)) === 0);
}

type SameAttribute = (a: NameAttribute, b: NameAttribute) => boolean;

function isNameWithin(name: Name, base: Name, isSame: SameAttribute): boolean {
  return (
    base.rdns.length <= name.rdns.length &&
    base.rdns.every((rdn, i) => {
      const found = name.rdns[i] ?? [];
      return rdn.length === found.length && rdn.every((attribute) => found.some((other) => isSame(attribute, other)));
    })
  );
}

function isSameAttribute(a: NameAttribute, b: NameAttribute): boolean {
  return a.type === b.type && equalBytes(a.der, b.der);
}

/** Equal but for case, blanks and string type: what an exclusion must not be evaded by (RFC 5280, 7.1). */
function isSimilarAttribute(a: NameAttribute, b: NameAttribute): boolean {
  return a.type === b.type && fold(a.value) === fold(b.value);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}

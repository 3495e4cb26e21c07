import { quote } from '@notarykit/common/internal';
import type { AttributeValue, ExtendedAttribute, SignedAttributes, SigningScheme } from './envelope.js';
import { EnvelopeError } from './errors.js';
import { overLimit, unexpected } from './failures.js';

/** Protected headers that the specification defines beside the registered ones (signature-specification.md, "Signed Attributes"). */
export const signedNames = {
  signingScheme: 'io.cncf.notary.signingScheme',
  signingTime: 'io.cncf.notary.signingTime',
  authenticSigningTime: 'io.cncf.notary.authenticSigningTime',
  expiry: 'io.cncf.notary.expiry',
  verificationPlugin: 'io.cncf.notary.verificationPlugin',
  verificationPluginMinVersion: 'io.cncf.notary.verificationPluginMinVersion',
} as const;

/** Unprotected headers that the specification defines, equal in both formats. */
export const unsignedNames = {
  signingAgent: 'io.cncf.notary.signingAgent',
  timestampSignature: 'io.cncf.notary.timestampSignature',
} as const;

/** Name of a header: text, in COSE an integer as well. */
export type Label = string | number;

/** A protected header, and what its format says of labels and values. */
export interface ProtectedHeader {
  readonly entries: ReadonlyMap<Label, unknown>;
  readonly algorithm: Label;
  readonly critical: Label;
  readonly contentType: Label;
  /** Names that must not appear in another case. */
  readonly known: KnownNames;
  /** Whether `crit` may never list this label, the specification of the format having defined it. */
  registered(label: Label): boolean;
  readTime(value: unknown, where: string): Date;
  readAttribute(value: unknown, where: string): AttributeValue;
}

const known: ReadonlySet<Label> = new Set(Object.values(signedNames));
/** Attributes that must be marked critical when they are there (signature-specification.md, "Signed Attributes"). */
const alwaysCritical: readonly string[] = [
  signedNames.signingScheme,
  signedNames.authenticSigningTime,
  signedNames.expiry,
  signedNames.verificationPlugin,
  signedNames.verificationPluginMinVersion,
];

/** Reads the signed attributes out of a protected header. */
export function readSignedAttributes(header: ProtectedHeader, maxExtended: number): SignedAttributes {
  checkCase(header.entries.keys(), header.known);
  const critical = readCritical(header);
  const contentType = readText(header, header.contentType, 'content type');
  const times = readTimes(header, readScheme(header));
  checkMandatory(header, critical);
  return {
    contentType,
    ...times,
    ...optionalText(header, 'verificationPlugin'),
    ...optionalText(header, 'verificationPluginMinVersion'),
    extended: readExtended(header, critical, maxExtended),
  };
}

/** Names that a reader knows, to be distinguished from names that look like them. */
export interface KnownNames {
  readonly exact: ReadonlySet<Label>;
  readonly byLowerCase: ReadonlyMap<string, string>;
}

/** A table for {@link checkCase}. */
export function knownNames(names: readonly string[]): KnownNames {
  return { exact: new Set(names), byLowerCase: new Map(names.map((name) => [name.toLowerCase(), name])) };
}

/** Refuses names that differ from a known one in case only: two readers would see two documents. */
export function checkCase(names: Iterable<Label>, { exact, byLowerCase }: KnownNames): void {
  for (const name of names) {
    if (typeof name !== 'string' || exact.has(name)) continue;
    const twin = byLowerCase.get(name.toLowerCase());
    if (twin !== undefined)
      throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', `${quote(name)} differs from ${quote(twin)} in case only`);
  }
}

function readCritical(header: ProtectedHeader): ReadonlySet<Label> {
  const list = header.entries.get(header.critical);
  if (!Array.isArray(list) || list.length === 0)
    throw unexpected('crit', 'a list of header names', list, 'ERR_ENVELOPE_CRITICAL');
  const critical = new Set<Label>();
  for (const label of list) critical.add(checkCriticalEntry(label, critical, header));
  return critical;
}

function checkMandatory(header: ProtectedHeader, critical: ReadonlySet<Label>): void {
  for (const name of alwaysCritical) {
    // Not critical means that other readers may ignore it: an expiry that only some readers see is not an expiry.
    if (header.entries.has(name) && !critical.has(name))
      throw new EnvelopeError('ERR_ENVELOPE_CRITICAL', `crit: expected it to list ${quote(name)}`);
  }
}

function checkCriticalEntry(label: unknown, earlier: ReadonlySet<Label>, header: ProtectedHeader): Label {
  const refuse = (why: string): EnvelopeError =>
    new EnvelopeError('ERR_ENVELOPE_CRITICAL', `crit: entry ${quote(label)} ${why}`);
  if (typeof label !== 'string' && typeof label !== 'number') throw refuse('is not the name of a header');
  if (earlier.has(label)) throw refuse('appears twice');
  if (header.registered(label)) throw refuse('is a registered header, which crit never lists');
  // The signer's own claim of a time needs no processing (signature-specification.md, "Signed Attributes").
  if (label === signedNames.signingTime) throw refuse('is never critical');
  if (!header.entries.has(label)) throw refuse('names a header that is not there');
  return label;
}

function readScheme(header: ProtectedHeader): SigningScheme {
  const scheme = header.entries.get(signedNames.signingScheme);
  if (scheme !== 'notary.x509' && scheme !== 'notary.x509.signingAuthority')
    throw unexpected(signedNames.signingScheme, '"notary.x509" or "notary.x509.signingAuthority"', scheme);
  return scheme;
}

type Times = Pick<SignedAttributes, 'signingScheme' | 'signingTime' | 'authenticSigningTime' | 'expiry'>;

function readTimes(header: ProtectedHeader, signingScheme: SigningScheme): Times {
  const own = signingScheme === 'notary.x509' ? 'signingTime' : 'authenticSigningTime';
  const other = own === 'signingTime' ? 'authenticSigningTime' : 'signingTime';
  // A signer that could state both times would choose which one a reader believes (signing-scheme.md).
  if (header.entries.has(signedNames[other]))
    throw new EnvelopeError(
      'ERR_ENVELOPE_MALFORMED',
      `${signedNames[other]}: not allowed under scheme "${signingScheme}"`,
    );
  if (!header.entries.has(signedNames[own]))
    throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', `${signedNames[own]}: required under scheme "${signingScheme}"`);
  const time = readTime(header, signedNames[own]);
  if (!header.entries.has(signedNames.expiry)) return { signingScheme, [own]: time };
  const expiry = readTime(header, signedNames.expiry);
  checkExpiry(time, expiry);
  return { signingScheme, [own]: time, expiry };
}

/** 9999-12-31T23:59:59Z, in milliseconds. */
const latest = 253_402_300_799_000;

/** A time from 1970 to 9999 in either format: an earlier one is a zero value of some program, and no signature is of it. */
function readTime(header: ProtectedHeader, name: string): Date {
  const time = header.readTime(header.entries.get(name), name);
  if (time.getTime() < 0 || time.getTime() > latest)
    throw new EnvelopeError('ERR_ENVELOPE_TIME', `${name}: expected a time from 1970 to 9999`);
  return time;
}

/** @throws {EnvelopeError} `ERR_ENVELOPE_TIME` when a signature expires before it is made. */
export function checkExpiry(signingTime: Date, expiry: Date): void {
  if (expiry.getTime() <= signingTime.getTime())
    throw new EnvelopeError(
      'ERR_ENVELOPE_TIME',
      `expiry ${expiry.toISOString()} is not after the signing time ${signingTime.toISOString()}`,
    );
}

function readText(header: ProtectedHeader, label: Label, where: string): string {
  const value = header.entries.get(label);
  if (typeof value !== 'string' || value.trim() === '') throw unexpected(where, 'text', value);
  return value;
}

function optionalText<K extends 'verificationPlugin' | 'verificationPluginMinVersion'>(
  header: ProtectedHeader,
  key: K,
): { [P in K]?: string } {
  const name = signedNames[key];
  return header.entries.has(name) ? ({ [key]: readText(header, name, name) } as { [P in K]?: string }) : {};
}

function readExtended(
  header: ProtectedHeader,
  critical: ReadonlySet<Label>,
  limit: number,
): readonly ExtendedAttribute[] {
  const extended: ExtendedAttribute[] = [];
  for (const [key, value] of header.entries) {
    if (known.has(key) || key === header.algorithm || key === header.critical || key === header.contentType) continue;
    checkAttributeKey(key);
    extended.push({ key, value: header.readAttribute(value, 'attribute'), critical: critical.has(key) });
  }
  if (extended.length > limit) throw overLimit('extended attributes', limit, extended.length, 'of them');
  return extended;
}

/** @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED` for a name that other readers would cut short or not see. */
export function checkAttributeKey(key: Label): void {
  if (typeof key === 'string' && (key === '' || key.includes('\0')))
    throw unexpected('attribute name', 'text without NUL', key);
}

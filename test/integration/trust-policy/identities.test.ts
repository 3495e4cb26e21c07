import { concatBytes, utf8 } from '@notarykit/common';
import { type Certificate, parseCertificate } from '@notarykit/pki';
import { parseName } from '@notarykit/pki/internal';
import { createAuthority } from '@notarykit/testing';
import { matchIdentities } from '@notarykit/trust-policy';
import { beforeAll, describe, expect, it } from 'vitest';
import { statement } from './lab.js';

let leaf: Certificate;
beforeAll(async () => {
  const authority = await createAuthority();
  leaf = parseCertificate((await authority.issueLeaf()).certificate);
});

const tlv = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
  const body = concatBytes(parts);
  const length = body.length < 128 ? [body.length] : [0x81, body.length];
  return concatBytes([Uint8Array.of(tag, ...length), body]);
};
const types: Record<string, number> = { CN: 3, SERIALNUMBER: 5, C: 6, L: 7, ST: 8, O: 10, OU: 11, title: 12 };
type Attribute = readonly [type: string, value: string | Uint8Array, tag?: number];
const attribute = ([type, value, tag = 0x0c]: Attribute): Uint8Array =>
  tlv(
    0x30,
    tlv(6, Uint8Array.of(0x55, 4, types[type] as number)),
    tlv(tag, typeof value === 'string' ? utf8(value) : value),
  );
const rdn = (...attributes: Attribute[]): Uint8Array => tlv(0x31, ...attributes.map(attribute));
const place: readonly Attribute[] = [
  ['C', 'US'],
  ['ST', 'WA'],
];

function match(identity: string, ...rdns: Uint8Array[]) {
  const subject = parseName(tlv(0x30, ...rdns));
  const { trustedIdentities } = statement({ trustedIdentities: [identity] });
  return matchIdentities(trustedIdentities, { ...leaf, subject });
}
const subjectOf = (...rest: Attribute[]) => [...place, ...rest].map((item) => rdn(item));

describe('trusted identities', () => {
  it('I6 order does not matter, nor what else the subject has', () => {
    const subject = subjectOf(['O', 'Org'], ['OU', 'A'], ['CN', 'leaf']);
    expect(match('x509.subject:O=Org,C=US,ST=WA', ...subject)).toEqual({ identity: 'x509.subject:O=Org,C=US,ST=WA' });
    expect(match('x509.subject:C=US,ST=WA,O=Org,CN=leaf', ...subject)).toHaveProperty('identity');
  });

  it('I6 a difference is named by attribute, expected and found', () => {
    expect(match('x509.subject:C=US,ST=WA,O=Org,CN=other', ...subjectOf(['O', 'Org'], ['CN', 'leaf']))).toMatchObject({
      fact: 'identityNotTrusted',
      identities: [{ attribute: 'CN', expected: 'other', found: 'leaf' }],
    });
  });

  it('I8 a value that looks like two attributes is one value', () => {
    const subject = subjectOf(['O', 'a,CN=b']);
    expect(match('x509.subject:C=US,ST=WA,O=a,CN=b', ...subject)).toMatchObject({ fact: 'identityNotTrusted' });
    expect(match('x509.subject:C=US,ST=WA,O=a\\,CN\\=b', ...subject)).toHaveProperty('identity');
    expect(match('x509.subject:C=US,ST=WA,O=a', ...subjectOf(['O', 'a+O=x']))).toMatchObject({
      fact: 'identityNotTrusted',
    });
  });

  it('I9 an attribute twice in the subject', () => {
    expect(match('x509.subject:C=US,ST=WA,O=good', ...subjectOf(['O', 'good'], ['O', 'evil']))).toMatchObject({
      fact: 'subjectNotComparable',
      attribute: 'O',
    });
    const names = subjectOf(['O', 'Org'], ['CN', 'good'], ['CN', 'evil']);
    expect(match('x509.subject:C=US,ST=WA,O=Org,CN=good', ...names)).toMatchObject({ fact: 'identityNotTrusted' });
  });

  it('I9 a multi-valued RDN in the subject', () => {
    const subject = [...place.map((item) => rdn(item)), rdn(['O', 'Org'], ['OU', 'A'])];
    expect(match('x509.subject:C=US,ST=WA,O=Org', ...subject)).toMatchObject({ fact: 'subjectNotComparable' });
  });

  it.each([
    ['NUL', 'good\u0000.evil'],
    ['a line break', 'good\nevil'],
    ['DEL', 'good\u007f'],
    ['=#', 'a=#b'],
  ])('I10 %s in a value', (_, o) => {
    expect(match('x509.subject:C=US,ST=WA,O=good', ...subjectOf(['O', o]))).toMatchObject({
      fact: 'subjectNotComparable',
      attribute: 'O',
    });
  });

  it('I10 string types: decoded exactly, Teletex refused', () => {
    const wide = (text: string) => Uint8Array.from(Array.from(text).flatMap((char) => [0, char.charCodeAt(0)]));
    const found = (value: string | Uint8Array, tag: number) =>
      match('x509.subject:C=US,ST=WA,O=Org', ...subjectOf(['O', value, tag]));
    for (const tag of [0x0c, 0x13, 0x16]) expect(found('Org', tag)).toHaveProperty('identity');
    expect(found(wide('Org'), 0x1e)).toHaveProperty('identity');
    expect(found('Org', 0x14)).toMatchObject({ fact: 'subjectNotComparable' });
  });

  it.each([
    ['composed and decomposed', 'Mu\u0308nchen'],
    ['a bidirectional mark', 'M\u200eünchen'],
    ['a look-alike', 'Мünchen'],
  ])('I11 %s is another value', (_, o) => {
    expect(match('x509.subject:C=US,ST=WA,O=München', ...subjectOf(['O', o]))).toMatchObject({
      fact: 'identityNotTrusted',
    });
    expect(match('x509.subject:C=US,ST=WA,O=München', ...subjectOf(['O', 'München']))).toHaveProperty('identity');
  });

  it.each(['\u00a0', '\ufeff', '\u3000', '\u2009'])('I11 %j around a value is a part of the value', (blank) => {
    for (const value of [`${blank}Org`, `Org${blank}`]) {
      const identity = `x509.subject:C=US,ST=WA,O=${value}`;
      expect(match(identity, ...subjectOf(['O', 'Org']))).toMatchObject({ fact: 'identityNotTrusted' });
      expect(match(identity, ...subjectOf(['O', value]))).toEqual({ identity });
    }
  });

  it('I12 a subject without ST', () => {
    expect(match('x509.subject:C=US,ST=WA,O=Org', rdn(['C', 'US']), rdn(['O', 'Org']))).toMatchObject({
      fact: 'subjectNotComparable',
      attribute: 'ST',
    });
  });

  it('attributes that identities cannot name', () => {
    expect(match('x509.subject:C=US,ST=WA,O=Org', ...subjectOf(['O', 'Org'], ['title', 'Dr']))).toMatchObject({
      fact: 'subjectNotComparable',
      attribute: '2.5.4.12',
    });
    expect(match('*', ...subjectOf(['O', 'Org'], ['title', 'Dr']))).toEqual({ identity: '*' });
    expect(match('other:value', ...subjectOf(['O', 'Org']))).toMatchObject({ fact: 'noComparableIdentity' });
  });
});

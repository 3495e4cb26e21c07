import { type Certificate, parseCertificate } from '@notarykit/pki';
import { parseName } from '@notarykit/pki/internal';
import type { SubjectAttributes } from '@notarykit/testing';
import {
  compileTrustPolicy,
  lintTrustPolicy,
  matchIdentities,
  parseExtendedTrustPolicy,
  parseTrustPolicy,
} from '@notarykit/trust-policy';
import { extendedVersion, extendedVersion2 } from '@notarykit/trust-policy/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { createLab, repositoryName } from './lab.js';

const lab = await createLab();
const leaf = parseCertificate(lab.leaf.certificate);

const documentOf = (version: string, ...trustedIdentities: string[]) => ({
  version,
  trustPolicies: [
    {
      name: 'p',
      registryScopes: [repositoryName],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities,
    },
  ],
});
const policyOf = (...identities: string[]) => parseExtendedTrustPolicy(documentOf(extendedVersion2, ...identities));
const identitiesOf = (...identities: string[]) =>
  policyOf(...identities).statements[0]?.demanded[0].statement.trustedIdentities ?? [];
const matched = (certificate: Certificate, ...identities: string[]): boolean =>
  'identity' in matchIdentities(identitiesOf(...identities), certificate);

/** A DER element of less than 64 KiB. */
const element = (tag: number, ...content: readonly Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...body]);
};
const oids: Readonly<Record<string, string>> = {
  C: '0603550406',
  ST: '0603550408',
  O: '060355040a',
  OU: '060355040b',
  CN: '0603550403',
  E: '06092a864886f70d010901',
  DC: '060a0992268993f22c640119',
  other: '06032a0304',
};
type Value = readonly [type: string, text: string, tag?: number];
const attribute = ([type, text, tag = 0x0c]: Value): Uint8Array =>
  element(
    0x30,
    Buffer.from(oids[type] as string, 'hex'),
    element(tag, Buffer.from(text, tag === 0x0c ? 'utf8' : 'latin1')),
  );
/** The leaf, with a subject of these relative names. */
const named = (...rdns: readonly (readonly Value[])[]): Certificate => ({
  ...leaf,
  subject: parseName(element(0x30, ...rdns.map((rdn) => element(0x31, ...rdn.map(attribute))))),
});

const issued = async (subject: SubjectAttributes): Promise<Certificate> =>
  parseCertificate((await lab.authority.issueLeaf({ subject })).certificate);
/** What the report says would pin this signer. */
function wholeNameIn(certificate: Certificate): string {
  const fact = matchIdentities(identitiesOf('x509.subject:C=US,ST=WA,O=Nobody'), certificate);
  return 'wholeName' in fact ? `x509.name:${fact.wholeName}` : 'none';
}

describe('I20 an identity of a whole subject', () => {
  it.each<[string, SubjectAttributes]>([
    [
      'extended validation',
      {
        '1.3.6.1.4.1.311.60.2.1.3': 'DE',
        '2.5.4.15': 'Private Organization',
        SERIALNUMBER: 'HRB 1',
        C: 'DE',
        L: 'Berlin',
        O: 'Acme GmbH',
        CN: 'Acme GmbH',
      },
    ],
    ['an address', { C: 'US', ST: 'WA', O: 'Acme', CN: 'Signer', '1.2.840.113549.1.9.1': 'signer@acme.test' }],
    ['a domain', { DC: ['test', 'acme'], OU: 'Build', CN: 'Signer' }],
    ['two units', { C: 'US', ST: 'WA', O: 'Acme', OU: ['a', 'b'], CN: 'Signer' }],
    ['no state', { C: 'SG', O: 'Acme', CN: 'Signer' }],
    ['separators and marks', { C: 'DE', O: 'Acme, "Söhne" + Co; <x=#y>\\', CN: '#1 ', OU: ' ' }],
    ['several common names', { C: 'US', ST: 'WA', O: 'Acme', CN: ['a', 'b'] }],
  ])('pins a subject that has %s, as the report prints it', async (_, subject) => {
    const certificate = await issued(subject);
    expect(matched(certificate, wholeNameIn(certificate))).toBe(true);
    expect(matched(leaf, wholeNameIn(certificate))).toBe(false);
  });

  it('matches multi-valued names, and strings that decode in several ways', () => {
    for (const certificate of [
      named(
        [
          ['CN', 'a'],
          ['OU', 'b'],
        ],
        [['O', 'c']],
      ),
      named([['C', 'DE']], [['O', 'M\xfcller', 0x14]]),
      named([['O', 'a\nb']], [['CN', 'x\u202ey']]),
    ])
      expect(matched(certificate, wholeNameIn(certificate))).toBe(true);
    const latin = named([['O', 'M\xfcller', 0x14]]);
    expect([matched(latin, 'x509.name:O=Müller'), matched(named([['O', 'Müller']]), wholeNameIn(latin))]).toEqual([
      false,
      false,
    ]);
    expect(wholeNameIn(named([['CN', 'x\u202ey']]))).not.toContain('\u202e');
  });

  it.each([
    ['another order', 'x509.name:O=Acme,C=SG,CN=Signer', true],
    ['blanks, and types as numbers', 'x509.name: 2.5.4.3=Signer ; 2.5.4.10 = Acme, C=SG', true],
    ['a value as DER', 'x509.name:CN=#0c065369676e6572,O=Acme,C=SG', true],
    ['the same text of another string type', 'x509.name:CN=#13065369676e6572,O=Acme,C=SG', true],
    ['an attribute less', 'x509.name:O=Acme,C=SG', false],
    ['another attribute less', 'x509.name:CN=Signer,O=Acme', false],
    ['an attribute more', 'x509.name:CN=Signer,O=Acme,C=SG,OU=', false],
    ['an attribute twice', 'x509.name:CN=Signer,CN=Signer,O=Acme,C=SG', false],
    ['another case', 'x509.name:CN=signer,O=Acme,C=SG', false],
    ['another type', 'x509.name:OU=Signer,O=Acme,C=SG', false],
  ])('with %s', async (_, identity, expected) => {
    expect(matched(await issued({ C: 'SG', O: 'Acme', CN: 'Signer' }), identity)).toBe(expected);
  });

  it('sees no attribute in a value', async () => {
    const inside = await issued({ C: 'SG', O: 'Acme,OU=Release' });
    const beside = await issued({ C: 'SG', O: 'Acme', OU: 'Release' });
    expect(matched(inside, 'x509.name:C=SG,O=Acme,OU=Release')).toBe(false);
    expect(matched(beside, wholeNameIn(inside))).toBe(false);
    expect(matched(inside, 'x509.name:C=SG,O=Acme\\,OU=Release')).toBe(true);
  });

  it('is that of no other subject, whatever is in them', () => {
    const values = fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.stringMatching(/^[,+="\\<>;# ab]{0,6}$/));
    const one: fc.Arbitrary<Value> = fc
      .tuple(fc.constantFrom(...Object.keys(oids)), values)
      .map(([type, text]) => [type, text]);
    const rdns = fc.array(fc.array(one, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 });
    const keyOf = (name: readonly (readonly Value[])[]): string =>
      JSON.stringify(
        name
          .flat()
          .map(([type, text]) => `${type}=${text}`)
          .sort(),
      );
    fc.assert(
      fc.property(rdns, rdns, (a, b) => {
        const [left, right] = [named(...a), named(...b)];
        expect(matched(left, wholeNameIn(left))).toBe(true);
        expect(matched(right, wholeNameIn(left))).toBe(keyOf(a) === keyOf(b));
      }),
      { numRuns: 300 },
    );
  });

  it('decides a verification', async () => {
    await lab.attach((await lab.sign()).verified);
    const verify = (policy: ReturnType<typeof policyOf>) =>
      verifyArtifactSignatures(lab.repository, lab.artifact, { policy, trustStore: lab.anchors });
    expect(await verify(policyOf(wholeNameIn(leaf)))).toMatchObject({ verdict: 'trusted' });
    await expect(verify(policyOf('x509.name:CN=Somebody'))).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    const [compiled] = compileTrustPolicy(policyOf(wholeNameIn(leaf)), repositoryName).policies;
    expect(compiled?.policy.statements[0]?.trustedIdentities[0]?.kind).toBe('x509.name');
  });

  it('has no meaning in other versions, and trusts no one there', () => {
    const identity = wholeNameIn(leaf);
    const first = parseExtendedTrustPolicy(documentOf(extendedVersion, identity)).statements[0]?.demanded[0].statement;
    const plain = parseTrustPolicy(documentOf('1.0', identity)).statements[0];
    for (const statement of [first, plain])
      expect(matchIdentities(statement?.trustedIdentities ?? [], leaf)).toMatchObject({ fact: 'noComparableIdentity' });
  });

  it.each([
    'x509.name:CN',
    'x509.name:=a',
    'x509.name:XX=a',
    'x509.name:CN=a,',
    'x509.name:CN=#0c',
    'x509.name:CN=#0c0161ff',
    'x509.name:CN=#0c016',
    'x509.name:CN=a\\',
    'x509.name:CN=\\0aa',
    'x509.name:01.2=a',
  ])('I12 refused: %s', (identity) => {
    expect(() => policyOf(identity)).toThrow(expect.objectContaining({ code: 'ERR_TRUST_POLICY' }));
  });

  it('I12 two of one subject are refused', () => {
    expect(() => policyOf('x509.name:CN=a,O=b', 'x509.name:O=b,2.5.4.3=a')).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ rule: 'identityOverlap' }) }),
    );
  });
});

describe('lintTrustPolicy: identities that match no certificate', () => {
  const findings = async (policy: Parameters<typeof lintTrustPolicy>[0]) =>
    (await lintTrustPolicy(policy)).filter(({ member }) => member.startsWith('trustedIdentities['));

  it.each([
    ['E=a@b.test', /x509\.name/],
    ['emailAddress=a@b.test', /x509\.name/],
    ['DC=test', /x509\.name/],
    ['2.5.4.3=x', /x509\.name/],
    ['cn=x', /write "CN"/],
  ])('%s', async (more, remedy) => {
    const policy = parseTrustPolicy(documentOf('1.0', `x509.subject:C=US,ST=WA,O=Acme,${more}`));
    expect(await findings(policy)).toMatchObject([
      { rule: 'unreachable', severity: 'warning', statement: 'p', remedy: expect.stringMatching(remedy) },
    ]);
  });

  it('a whole subject in another version; none of those that may match', async () => {
    expect(await findings(parseTrustPolicy(documentOf('1.0', 'x509.name:CN=a')))).toHaveLength(1);
    expect(await findings(policyOf('x509.name:CN=a', 'x509.subject:C=US,ST=WA,O=Acme,CN=a,SERIALNUMBER=1'))).toEqual(
      [],
    );
  });
});

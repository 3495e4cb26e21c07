import { generateKeyPairSync } from 'node:crypto';
import { utf8 } from '@notarykit/common';
import { type Certificate, parseCertificate } from '@notarykit/pki';
import { encodeName, parseName } from '@notarykit/pki/internal';
import { encodeNull, encodeOid, encodeSequence } from '@notarykit/pki/internal/asn1';
import { checkCodeSigningChain, checkTimestampingChain, unreadableOf } from '@notarykit/signature-envelope/internal';
import {
  type Authority,
  basicConstraints,
  createAuthority,
  type ExtensionSpec,
  extendedKeyUsage,
  type Issued,
  keyUsage,
  purposes,
} from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, expectCode } from '../forge/expect-code.js';
import { caExtensions, createIssuer, issue, issueRoot, spkiOf } from '../integration/pki/issue.js';

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

const parse = (issued: Issued) => issued.chain.map((der) => parseCertificate(der));
const isOid = (oid: string) => (spec: ExtensionSpec) => spec.oid !== oid;
const oids = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', extendedKeyUsage: '2.5.29.37' } as const;
/** Puts extensions in the place of those of the same kind. */
const replacing =
  (kind: keyof typeof oids, ...specs: readonly ExtensionSpec[]) =>
  (defaults: readonly ExtensionSpec[]): readonly ExtensionSpec[] => [...defaults.filter(isOid(oids[kind])), ...specs];
const codeSigning = (issued: Issued) => () => checkCodeSigningChain(parse(issued));

describe('threats', () => {
  test('A8 a chain is complete, in order, and nothing else', async () => {
    const [leaf, intermediate, root] = parse(await authority.issueLeaf());
    const stranger = parseCertificate((await createAuthority()).root.certificate);
    expect(await codeOf(() => checkCodeSigningChain([leaf!, intermediate!, root!]))).toBe('ok');
    const chains = [
      [],
      [leaf!],
      [leaf!, intermediate!],
      [leaf!, root!],
      [leaf!, root!, intermediate!],
      [intermediate!, leaf!, root!],
      [leaf!, intermediate!, root!, root!],
      [leaf!, leaf!, intermediate!, root!],
      [leaf!, intermediate!, root!, stranger],
      [leaf!, intermediate!, stranger],
      [root!, root!],
      [intermediate!, root!],
      [root!],
    ];
    for (const [i, chain] of chains.entries())
      await expectCode(() => checkCodeSigningChain(chain), 'ERR_ENVELOPE_CHAIN', String(i));
  });

  test('A10 serial numbers are positive or zero, names are texts', async () => {
    const [leaf, intermediate, root] = parse(await authority.issueLeaf()) as [Certificate, Certificate, Certificate];
    const named = (tag: number, ...content: number[]): Certificate['subject'] => ({
      ...leaf.subject,
      rdns: [...leaf.subject.rdns, [attributeOf(tag, ...content)]],
    });
    const attributeOf = (tag: number, ...content: number[]): Certificate['subject']['rdns'][number][number] => {
      const value = Uint8Array.of(tag, content.length, ...content);
      const type = Uint8Array.of(6, 3, 0x55, 4, 11);
      const attribute = Uint8Array.of(0x30, type.length + value.length, ...type, ...value);
      const set = Uint8Array.of(0x31, attribute.length, ...attribute);
      return parseName(Uint8Array.of(0x30, set.length, ...set)).rdns[0]![0]!;
    };
    const chainOf = (change: Partial<Certificate>, at = 0): Certificate[] =>
      [leaf, intermediate, root].map((certificate, i) => (i === at ? { ...certificate, ...change } : certificate));
    for (const at of [0, 1, 2])
      await expectCode(
        () => checkCodeSigningChain(chainOf({ isSerialNumberNegative: true }, at)),
        'ERR_ENVELOPE_CHAIN',
      );
    const wrong: Record<string, Certificate['subject']> = {
      UniversalString: named(0x1c, 0, 0, 0, 0x41),
      VisibleString: named(0x1a, 0x41),
      'an integer': named(0x02, 1),
      'a bit string': named(0x03, 0, 1),
      'an octet string': named(0x04, 0x41),
      'a time': named(0x17, ...utf8('250101000000Z')),
      'half a character': named(0x1e, 0xd8, 0x3d, 0xde, 0x00),
      'no character': named(0x1e, 0xff, 0xfe),
      'a point set aside': named(0x1e, 0xfd, 0xd0),
    };
    for (const [name, subject] of Object.entries(wrong)) {
      await expectCode(() => checkCodeSigningChain(chainOf({ subject })), 'ERR_ENVELOPE_CHAIN', name);
      expect(unreadableOf({ ...leaf, issuer: subject }), name).toContain('2.5.4.11');
    }
    const right = [
      named(0x0c, 0x41),
      named(0x13, 0x41),
      named(0x14, 0xe4),
      named(0x16, 0x41),
      named(0x1e, 0, 0x41),
      named(0x12, 0x31),
    ];
    for (const subject of right) expect(await codeOf(() => checkCodeSigningChain(chainOf({ subject })))).toBe('ok');
  });

  test('A10 distinguishes a chain that cannot be checked from an invalid one', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const top = { name: encodeName({ CN: 'Top' }), privateKey, publicKey };
    const below = createIssuer('Below');
    const goldilocks = spkiOf(generateKeyPairSync('ed448').publicKey);
    const root = issue(top, top, { extensions: caExtensions, subjectPublicKeyInfo: goldilocks });
    const why = (chain: Certificate[]) =>
      checkCodeSigningChain(chain).then(
        () => '',
        (error: Error) => error.message,
      );
    expect(await why([issue(below, top), root])).toMatch(/not supported \(Ed448 \(1\.3\.101\.113\)\)/);
    const sha1 = encodeSequence(encodeOid('1.2.840.113549.1.1.5'), encodeNull());
    expect(await why([issue(below, top, { innerAlgorithm: sha1 }), issueRoot(top)])).toMatch(
      /1\.2\.840\.113549\.1\.1\.5/,
    );
    expect(await why([issue(below, createIssuer('Top', 'rsa')), issueRoot(top)])).toMatch(/is not issued by the next/);
  });

  test('A10 an issuer must be marked as an authority, and allow the path length', async () => {
    const below = async (extensions: ReturnType<typeof replacing>): Promise<Issued> =>
      authority.issueLeaf({ issuer: await authority.issueCa({ extensions }) });
    const cases: Record<string, ReturnType<typeof replacing>> = {
      'cA absent': replacing('basicConstraints'),
      'cA false': replacing('basicConstraints', basicConstraints({ ca: false })),
      'not critical': replacing('basicConstraints', basicConstraints({ ca: true, critical: false })),
      'no key usage': replacing('keyUsage'),
      'key usage not critical': replacing('keyUsage', keyUsage(['keyCertSign'], false)),
      'no keyCertSign': replacing('keyUsage', keyUsage(['cRLSign'])),
    };
    for (const [name, extensions] of Object.entries(cases))
      await expectCode(codeSigning(await below(extensions)), 'ERR_ENVELOPE_CHAIN', name);
    const narrow = await authority.issueCa({
      extensions: replacing('basicConstraints', basicConstraints({ ca: true, pathLength: 0 })),
    });
    expect(await codeOf(codeSigning(await authority.issueLeaf({ issuer: narrow })))).toBe('ok');
    const deeper = await authority.issueCa({ issuer: narrow });
    await expectCode(codeSigning(await authority.issueLeaf({ issuer: deeper })), 'ERR_ENVELOPE_CHAIN', 'path length');
    const lenient = { allowNonCriticalBasicConstraints: true };
    const noncritical = await below(cases['not critical']!);
    expect(await codeOf(() => checkCodeSigningChain(parse(noncritical), lenient))).toBe('ok');
  });

  test('A11 a signing leaf signs and does nothing else', async () => {
    const leaf = (extensions: ReturnType<typeof replacing>): Promise<Issued> => authority.issueLeaf({ extensions });
    const cases: Record<string, ReturnType<typeof replacing>> = {
      'cA true': replacing('basicConstraints', basicConstraints({ ca: true })),
      'no key usage': replacing('keyUsage'),
      'key usage not critical': replacing('keyUsage', keyUsage(['digitalSignature'], false)),
      'no digitalSignature': replacing('keyUsage', keyUsage(['contentCommitment'])),
      'any purpose': replacing('extendedKeyUsage', extendedKeyUsage([purposes.codeSigning, '2.5.29.37.0'])),
    };
    for (const usage of ['keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign'] as const)
      cases[usage] = replacing('keyUsage', keyUsage(['digitalSignature', usage]));
    for (const purpose of [
      '1.3.6.1.5.5.7.3.1',
      '1.3.6.1.5.5.7.3.2',
      '1.3.6.1.5.5.7.3.4',
      purposes.timeStamping,
      purposes.ocspSigning,
    ])
      cases[purpose] = replacing('extendedKeyUsage', extendedKeyUsage([purpose]));
    for (const [name, extensions] of Object.entries(cases))
      await expectCode(codeSigning(await leaf(extensions)), 'ERR_ENVELOPE_CHAIN', name);
    const fine = [
      replacing('basicConstraints'),
      replacing('extendedKeyUsage'),
      replacing('extendedKeyUsage', extendedKeyUsage(['1.2.3.4'], true)),
      replacing('keyUsage', keyUsage(['digitalSignature', 'contentCommitment'])),
    ];
    for (const extensions of fine) expect(await codeOf(codeSigning(await leaf(extensions)))).toBe('ok');
  });

  test('A16 a self-signed leaf is a chain of one under the leaf rules', async () => {
    expect(await codeOf(codeSigning(await authority.issueSelfSigned()))).toBe('ok');
    const ca = await authority.issueSelfSigned({
      extensions: replacing('basicConstraints', basicConstraints({ ca: true })),
    });
    await expectCode(codeSigning(ca), 'ERR_ENVELOPE_CHAIN');
  });

  test('A18 at signing every certificate is valid, bounds included', async () => {
    const notBefore = new Date('2024-01-01T00:00:00Z');
    const notAfter = new Date('2024-12-31T23:59:59Z');
    const chain = parse(await authority.issueLeaf({ notBefore, notAfter }));
    const at = (text: string) => codeOf(() => checkCodeSigningChain(chain, { at: new Date(text) }));
    expect(await at('2024-01-01T00:00:00Z')).toBe('ok');
    expect(await at('2024-12-31T23:59:59Z')).toBe('ok');
    expect(await at('2023-12-31T23:59:59Z')).toBe('ERR_ENVELOPE_CHAIN');
    expect(await at('2025-01-01T00:00:00Z')).toBe('ERR_ENVELOPE_CHAIN');
    expect(await codeOf(() => checkCodeSigningChain(chain)), 'no time, no check').toBe('ok');
  });

  test('S8 a timestamping leaf stamps and does nothing else, marked critical', async () => {
    const tsa = (extensions?: ReturnType<typeof replacing>) =>
      authority.issueTimestamping(extensions === undefined ? {} : { extensions });
    const check = (issued: Issued) => () => checkTimestampingChain(parse(issued));
    expect(await codeOf(check(await tsa()))).toBe('ok');
    const cases = [
      replacing('extendedKeyUsage'),
      replacing('extendedKeyUsage', extendedKeyUsage([purposes.timeStamping], false)),
      replacing('extendedKeyUsage', extendedKeyUsage([purposes.timeStamping, purposes.codeSigning], true)),
      replacing('extendedKeyUsage', extendedKeyUsage([purposes.timeStamping, '1.2.3.4'], true)),
    ];
    for (const extensions of cases) await expectCode(check(await tsa(extensions)), 'ERR_ENVELOPE_CHAIN');
    await expectCode(check(await authority.issueLeaf()), 'ERR_ENVELOPE_CHAIN');
  });
});

import { isCodedError } from '@notarykit/common';
import { type BuildPathOptions, buildPath, type Certificate } from '@notarykit/pki';
import { type PathOptions, validatePath } from '@notarykit/pki/internal';
import {
  encodeBoolean,
  encodeContext,
  encodeContextPrimitive,
  encodeElement,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
  encodeTime,
} from '@notarykit/pki/internal/asn1';
import { describe, expect, test } from 'vitest';
import { withCpuTime } from '../../support/cpu-time.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  caExtensions,
  createIssuer,
  extendedKeyUsage,
  extension,
  type Issuer,
  issue,
  issueRoot,
  keyUsage,
  leafExtensions,
  nameOf,
  type Parts,
  rsaWithSha256,
  subjectKeyIdentifier,
} from './issue.ts';

const at = new Date('2026-01-01T00:00:00Z');
const codeSigning = '1.3.6.1.5.5.7.3.3';

/** `ok`, or the code of the refusal. */
async function verdictOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'ok';
  } catch (error) {
    if (isCodedError(error)) return error.code;
    throw error;
  }
}

const [rootKey, caKey, leafKey] = [createIssuer('Root'), createIssuer('CA'), createIssuer('Leaf')];

interface Chain {
  readonly root: Certificate;
  readonly ca: Certificate;
  readonly leaf: Certificate;
}

/** Root, authority and leaf, each with the parts that a test wants otherwise. */
function chainOf(parts: { root?: Parts; ca?: Parts; leaf?: Parts } = {}): Chain {
  return {
    root: issueRoot(rootKey, parts.root),
    ca: issue(caKey, rootKey, { extensions: caExtensions, ...parts.ca }),
    leaf: issue(leafKey, caKey, parts.leaf),
  };
}

/** Both ways of checking must say the same. */
async function verdict({ root, ca, leaf }: Chain, options: Partial<PathOptions> = {}): Promise<string> {
  const all: BuildPathOptions = { anchors: [root], intermediates: [ca], at, ...options };
  const [built, validated] = [
    await verdictOf(buildPath(leaf, all)),
    await verdictOf(validatePath([leaf, ca, root], all)),
  ];
  expect(built).toBe(validated);
  return built;
}

describe('paths', () => {
  test('a chain of three is valid, and returned leaf first', async () => {
    const { root, ca, leaf } = chainOf();
    expect(await buildPath(leaf, { anchors: [root], intermediates: [root, leaf, ca], at })).toEqual([leaf, ca, root]);
    expect(await verdict({ root, ca, leaf })).toBe('ok');
  });

  test.each<[string, { root?: Parts; ca?: Parts; leaf?: Parts }]>([
    ['a path length exceeded', { root: { extensions: [basicConstraints(true, 0), keyUsage(0x06)] } }],
    ['cA false', { ca: { extensions: [basicConstraints(false), keyUsage(0x06)] } }],
    ['no basic constraints', { ca: { extensions: [keyUsage(0x06)] } }],
    [
      'basic constraints that are not critical',
      { ca: { extensions: [basicConstraints(true, undefined, false), keyUsage(0x06)] } },
    ],
    ['no keyCertSign', { ca: { extensions: [basicConstraints(true), keyUsage(0x02)] } }],
    ['a root without cA', { root: { extensions: [keyUsage(0x06)] } }],
    [
      'an authority limited to other purposes',
      { ca: { extensions: [...caExtensions, extendedKeyUsage('1.3.6.1.5.5.7.3.1')] } },
    ],
  ])('A10 %s is refused', async (_name, parts) => {
    expect(await verdict(chainOf(parts), { extendedKeyUsage: codeSigning })).toBe('ERR_PKI_CHAIN');
  });

  test('A10 basic constraints that are not critical pass where the caller allows it', async () => {
    const chain = chainOf({ ca: { extensions: [basicConstraints(true, undefined, false), keyUsage(0x06)] } });
    expect(await verdict(chain, { requireCriticalBasicConstraints: false })).toBe('ok');
  });

  test('A10 self-issued authorities do not count for the path length', async () => {
    const rollover = createIssuer('Root');
    const root = issueRoot(rootKey, { extensions: [basicConstraints(true, 0), keyUsage(0x06)] });
    const selfIssued = issue(rollover, rootKey, { extensions: caExtensions });
    const leaf = issue(leafKey, rollover);
    expect(await verdictOf(buildPath(leaf, { anchors: [root], intermediates: [selfIssued], at }))).toBe('ok');
  });

  test.each<[string, Parts]>([
    ['an authority', { extensions: [basicConstraints(true), keyUsage(0x80)] }],
    ['with the key usage keyCertSign', { extensions: [keyUsage(0x84)] }],
    ['with the key usage cRLSign', { extensions: [keyUsage(0x82)] }],
    ['with another purpose', { extensions: [...leafExtensions, extendedKeyUsage('1.3.6.1.5.5.7.3.1')] }],
    ['with any purpose', { extensions: [...leafExtensions, extendedKeyUsage('2.5.29.37.0')] }],
    ['with no purpose', { extensions: [...leafExtensions, extendedKeyUsage()] }],
  ])('A11 a leaf that is %s is refused', async (_name, leaf) => {
    expect(await verdict(chainOf({ leaf }), { extendedKeyUsage: codeSigning })).toBe('ERR_PKI_CHAIN');
  });

  test('A6 an algorithm that is not allowed is refused, in the root too', async () => {
    const innerAlgorithm = encodeSequence(encodeOid('1.2.840.10045.4.1'));
    for (const where of ['root', 'ca', 'leaf']) {
      expect(
        await verdict(
          chainOf({ [where]: { innerAlgorithm, ...(where === 'leaf' ? {} : { extensions: caExtensions }) } }),
        ),
      ).toBe('ERR_PKI_CHAIN');
    }
  });

  test('A17 names equal only after folding, or empty, are not equal', async () => {
    for (const issuerName of [nameOf('ca'), nameOf('CA '), encodeSequence()]) {
      expect(await verdict(chainOf({ leaf: { issuerName } }))).toBe('ERR_PKI_CHAIN');
    }
  });

  test.each([
    ['at notBefore', '2025-01-01T00:00:00Z', 'ok'],
    ['one second before it', '2024-12-31T23:59:59Z', 'ERR_PKI_CHAIN'],
    ['one millisecond before it', '2024-12-31T23:59:59.999Z', 'ERR_PKI_CHAIN'],
    ['at notAfter', '2035-01-01T00:00:00Z', 'ok'],
    ['within the second of notAfter', '2035-01-01T00:00:00.999Z', 'ok'],
    ['one second after it', '2035-01-01T00:00:01Z', 'ERR_PKI_CHAIN'],
  ])('A18 validity %s', async (_name, time, expected) => {
    expect(await verdict(chainOf(), { at: new Date(time) })).toBe(expected);
  });

  test('A18 every certificate must be valid, the root too', async () => {
    const expired = { notAfter: encodeTime(new Date('2025-06-01T00:00:00Z')) };
    for (const where of ['root', 'ca', 'leaf']) {
      const extensions = where === 'leaf' ? leafExtensions : caExtensions;
      expect(await verdict(chainOf({ [where]: { ...expired, extensions } }))).toBe('ERR_PKI_CHAIN');
    }
  });

  test('A19 A20 a signature that is not the issuer’s is refused', async () => {
    const signature = (bytes: Uint8Array): Uint8Array => Uint8Array.from([...bytes, 0]);
    expect(await verdict(chainOf({ leaf: { signature } }))).toBe('ERR_PKI_CHAIN');
    expect(await verdict(chainOf({ leaf: { innerAlgorithm: rsaWithSha256 } }))).toBe('ERR_PKI_CHAIN');
  });
});

describe('anchors', () => {
  const { root, ca, leaf } = chainOf();
  const built = (anchors: readonly Certificate[]): Promise<string> =>
    verdictOf(buildPath(leaf, { anchors, intermediates: [ca, root], at }));

  test('A14 the same name with another key, or the same key in another certificate, is not an anchor', async () => {
    const otherKey = issueRoot(createIssuer('Root'));
    const otherName = issueRoot({ ...rootKey, name: nameOf('Other') });
    expect(await built([otherKey])).toBe('ERR_PKI_CHAIN');
    expect(await built([otherName])).toBe('ERR_PKI_CHAIN');
  });

  test('A14 an anchor is the same bytes: the same signed part with another signature is none', async () => {
    const twin = issueRoot(rootKey, { serial: encodeInteger(1) });
    const other = issueRoot(rootKey, { serial: encodeInteger(1) });
    expect(twin.tbs).toEqual(other.tbs);
    expect(twin.fingerprint).not.toBe(other.fingerprint);
    expect(await verdictOf(validatePath([leaf, ca, twin], { anchors: [other], at }))).toBe('ERR_PKI_CHAIN');
  });

  test('A14 an unknown root is refused, and so is a path that does not end at an anchor', async () => {
    expect(await built([])).toBe('ERR_PKI_CHAIN');
    expect(await verdictOf(validatePath([leaf, ca], { anchors: [root], at }))).toBe('ERR_PKI_CHAIN');
    expect(await verdictOf(validatePath([], { anchors: [root], at }))).toBe('ERR_PKI_CHAIN');
  });

  test('A15 an intermediate may be the anchor', async () => {
    expect(await built([ca])).toBe('ok');
  });

  test('A16 a self-signed leaf may be the anchor, under the rules of a leaf', async () => {
    const own = issue(leafKey, leafKey);
    expect(await verdictOf(buildPath(own, { anchors: [own], at }))).toBe('ok');
    const authority = issueRoot(leafKey);
    expect(await verdictOf(buildPath(authority, { anchors: [authority], at }))).toBe('ERR_PKI_CHAIN');
  });
});

describe('the cost of a path', () => {
  const timed = async (run: () => Promise<string>): Promise<string> => {
    const { result, cpuMs } = await withCpuTime(run);
    expect(cpuMs).toBeLessThan(1000);
    return result;
  };

  test('A13 authorities that sign each other in a circle', async () => {
    const keys = [createIssuer('A'), createIssuer('B'), createIssuer('C')] as const;
    const intermediates = keys.flatMap((subject) =>
      keys.filter((issuer) => issuer !== subject).map((issuer) => issue(subject, issuer, { extensions: caExtensions })),
    );
    const leaf = issue(leafKey, keys[0]);
    const anchors = [issueRoot(createIssuer('Elsewhere'))];
    expect(await timed(() => verdictOf(buildPath(leaf, { anchors, intermediates, at })))).toBe('ERR_PKI_CHAIN');
  });

  test('A13 a hundred authorities of one name: at most 64 signatures are checked', async () => {
    const intermediates = Array.from({ length: 100 }, () =>
      issue(createIssuer('CA'), rootKey, { extensions: caExtensions }),
    );
    const { leaf, root, ca } = chainOf();
    expect(await timed(() => verdictOf(buildPath(leaf, { anchors: [root], intermediates, at })))).toBe('ERR_PKI_LIMIT');
    const options = { anchors: [root], intermediates: [...intermediates, ca], at, maxSignatureChecks: 200 };
    expect(await timed(() => verdictOf(buildPath(leaf, options)))).toBe('ok');
  });

  test('A13 prefers a matching key identifier, and a wrong one hides no path', async () => {
    const others = Array.from({ length: 100 }, () => issue(createIssuer('CA'), rootKey, { extensions: caExtensions }));
    const ca = issue(caKey, rootKey, { extensions: [...caExtensions, subjectKeyIdentifier(caKey)] });
    const leaf = issue(leafKey, caKey, { extensions: [...leafExtensions, authorityKeyIdentifier(caKey)] });
    const lying = issue(leafKey, caKey, { extensions: [...leafExtensions, authorityKeyIdentifier(leafKey)] });
    const anchors = [issueRoot(rootKey)];
    expect(await verdictOf(buildPath(leaf, { anchors, intermediates: [...others, ca], at }))).toBe('ok');
    expect(await verdictOf(buildPath(lying, { anchors, intermediates: [ca], at }))).toBe('ok');
  });

  test('A13 a path longer than allowed is not followed', async () => {
    const keys: Issuer[] = Array.from({ length: 12 }, (_, i) => createIssuer(`CA ${i}`));
    const intermediates = keys.map((key, i) => issue(key, keys[i - 1] ?? rootKey, { extensions: caExtensions }));
    const leaf = issue(leafKey, keys[11] as Issuer);
    const options = { anchors: [issueRoot(rootKey)], intermediates, at };
    expect(await verdictOf(buildPath(leaf, options))).toBe('ERR_PKI_CHAIN');
    expect(await verdictOf(buildPath(leaf, { ...options, maxIntermediates: 12 }))).toBe('ok');
  });

  test('a further rule may refuse a path, and the next one is tried', async () => {
    const { root, ca, leaf } = chainOf();
    const renewed = issue(caKey, rootKey, { extensions: caExtensions });
    const seen: number[] = [];
    const check = async (path: readonly Certificate[]): Promise<void> => {
      seen.push(path.length);
      if (path.includes(ca)) await validatePath([], { anchors: [] });
    };
    expect(await buildPath(leaf, { anchors: [root], intermediates: [ca, renewed], at, check })).toEqual([
      leaf,
      renewed,
      root,
    ]);
    expect(seen).toEqual([3, 3]);
  });
});

describe('A12 the profiles', () => {
  const ids = [subjectKeyIdentifier(caKey), authorityKeyIdentifier(rootKey)];
  const strict = (parts: { ca?: readonly Uint8Array[]; leaf?: readonly Uint8Array[] } = {}): Chain =>
    chainOf({
      root: { extensions: [...caExtensions, subjectKeyIdentifier(rootKey)] },
      ca: { extensions: [...caExtensions, ...ids, ...(parts.ca ?? [])] },
      leaf: { extensions: [...leafExtensions, authorityKeyIdentifier(caKey), ...(parts.leaf ?? [])] },
    });
  const dns = (text: string): Uint8Array => encodeContextPrimitive(2, new TextEncoder().encode(text));
  const alternativeName = (text: string): Uint8Array => extension('2.5.29.17', encodeSequence(dns(text)));
  const permitted = (...subtrees: Uint8Array[]): Uint8Array =>
    extension('2.5.29.30', encodeSequence(encodeContext(0, ...subtrees.map((name) => encodeSequence(name)))), true);

  test('a plain chain passes both', async () => {
    expect(await verdict(strict(), { profile: 'rfc5280' })).toBe('ok');
  });

  test.each<[string, { ca?: readonly Uint8Array[]; leaf?: readonly Uint8Array[] }]>([
    ['an unknown critical extension', { leaf: [extension('1.3.6.1.4.1.99999.1', encodeNull(), true)] }],
    ['a name that is not permitted', { ca: [permitted(dns('example.com'))], leaf: [alternativeName('example.org')] }],
    [
      'name constraints with bounds',
      {
        ca: [
          extension(
            '2.5.29.30',
            encodeSequence(encodeContext(0, encodeSequence(dns('a.b'), encodeContextPrimitive(1, Uint8Array.of(1))))),
            true,
          ),
        ],
      },
    ],
    ['name constraints without subtrees', { ca: [extension('2.5.29.30', encodeSequence(), true)] }],
    [
      'a critical policy constraint',
      { ca: [extension('2.5.29.36', encodeSequence(encodeContextPrimitive(0, Uint8Array.of(0))), true)] },
    ],
    ['malformed alternative names', { leaf: [extension('2.5.29.17', encodeElement(0x04))] }],
    ['a malformed authority information access', { leaf: [extension('1.3.6.1.5.5.7.1.1', encodeBoolean(true))] }],
  ])('%s is refused by rfc5280 and ignored by notary', async (_name, parts) => {
    expect(await verdict(strict(parts), { profile: 'rfc5280' })).toBe('ERR_PKI_CHAIN');
    expect(await verdict(strict(parts))).toBe('ok');
  });

  test('a name that is permitted passes', async () => {
    const chain = strict({ ca: [permitted(dns('example.com'))], leaf: [alternativeName('a.example.com')] });
    expect(await verdict(chain, { profile: 'rfc5280' })).toBe('ok');
  });
});

import { concatBytes, utf8 } from '@notarykit/common';
import { decodeEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority, createTrustLab, type Issued } from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { array, bytes, float, head, int, map, nil, single, tag, text } from '../forge/cbor.js';
import { type CoseChanges, type Entries, forgeCose, notary } from '../forge/cose.js';
import { codeOf, expectCode } from '../forge/expect-code.js';
import { goodPayload, openCose } from '../forge/jws.js';

let leaf: Issued;
beforeAll(async () => {
  ({ leaf } = await createTrustLab());
});

async function refuses(code: string, cases: Readonly<Record<string, CoseChanges>>): Promise<void> {
  for (const [name, changes] of Object.entries(cases))
    await expectCode(async () => openCose(await forgeCose(leaf, changes)), code, name);
}

type Entry = readonly [Uint8Array, Uint8Array];

const inProtected = (...more: readonly Entry[]): CoseChanges => ({ protected: (e) => ({ ...e, ...numbered(more) }) });
const inUnprotected = (...more: readonly Entry[]): CoseChanges => ({
  unprotected: (e) => ({ ...e, ...numbered(more) }),
});
const numbered = (entries: readonly Entry[]): Entries =>
  Object.fromEntries(entries.map((entry, i) => [`more${i}`, entry]));
const replacing = (name: string, entry: Entry): CoseChanges => ({ protected: (e) => ({ ...e, [name]: entry }) });
const without = (name: string): CoseChanges => ({
  protected: (e) => Object.fromEntries(Object.entries(e).filter(([key]) => key !== name)),
});
const signingTime = (value: Uint8Array): CoseChanges => replacing('signingTime', notary('signingTime', value));
const crit = (...items: readonly Uint8Array[]): CoseChanges => replacing('crit', [int(2), array(...items)]);
const scheme = text('io.cncf.notary.signingScheme');
const raw = (message: Uint8Array): CoseChanges => ({ message: () => message });

describe('threats', () => {
  test('accepts the unchanged message (control for the cases below)', async () => {
    expect((await openCose(await forgeCose(leaf))).targetArtifact.size).toBe(3);
  });

  test('CB1 duplicate keys are refused in both headers', async () => {
    await refuses('ERR_CODEC_CBOR', {
      'same key': inProtected([int(1), int(-7)]),
      'same text': inProtected([text('x'), int(1)], [text('x'), int(1)]),
      'unprotected key': inUnprotected([text('x'), int(1)], [text('x'), int(2)]),
      'unprotected x5chain': inUnprotected([int(33), array()]),
      'inside an attribute': inProtected([text('x'), map([int(1), int(1)], [int(1), int(1)])]),
      'one key in a longer form': inProtected([int(1, 1), int(-7)]),
    });
  });

  test('CB2 indefinite lengths and longer forms than needed are refused, order is free', async () => {
    const indefinite = concatBytes([Uint8Array.of(0xbf), int(1), int(-7), Uint8Array.of(0xff)]);
    await refuses('ERR_CODEC_CBOR', {
      'indefinite map': { protected: () => indefinite },
      'indefinite array': inProtected([text('x'), Uint8Array.of(0x9f, 1, 0xff)]),
      'indefinite text': inProtected([text('x'), Uint8Array.of(0x7f, 0x61, 0x61, 0xff)]),
      'indefinite bytes': inProtected([text('x'), Uint8Array.of(0x5f, 0x41, 0x61, 0xff)]),
      'integer in two bytes': inProtected([text('x'), int(5, 1)]),
      'integer in three bytes': inProtected([text('x'), int(200, 2)]),
      'integer in five bytes': inProtected([text('x'), int(60_000, 4)]),
      'integer in nine bytes': inProtected([text('x'), int(70_000, 8)]),
      'length of text': inProtected([text('x'), concatBytes([head(3, 1, 1), utf8('a')])]),
      'length of array': inProtected([text('x'), head(4, 0, 1)]),
      'reserved information': inProtected([text('x'), Uint8Array.of(0x1c)]),
    });
    const reversed: CoseChanges = { protected: (e) => Object.fromEntries(Object.entries(e).reverse()) };
    expect(await codeOf(async () => openCose(await forgeCose(leaf, reversed)))).toBe('ok');
  });

  test('CB3 a message is tag 18 once, with nothing after it', async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      'no tag': { message: (e) => array(...e) },
      'another tag': { message: (e) => tag(19, array(...e)) },
      'tag twice': { message: (e) => tag(18, tag(18, array(...e))) },
      'trailing byte': { message: (e) => concatBytes([tag(18, array(...e)), Uint8Array.of(0)]) },
      'two messages': { message: (e) => concatBytes([tag(18, array(...e)), tag(18, array(...e))]) },
      'three elements': { message: (e) => tag(18, array(...e.slice(0, 3))) },
      'five elements': { message: (e) => tag(18, array(...e, nil)) },
      'a map': { message: () => tag(18, map()) },
      empty: raw(new Uint8Array(0)),
    });
  });

  test('CB4 other COSE messages are refused', async () => {
    for (const number of [17, 96, 97, 98, 61, 55799])
      await refuses('ERR_ENVELOPE_MALFORMED', { [String(number)]: { message: (e) => tag(number, array(...e)) } });
  });

  test('CB5 the protected header is a map in a byte string', async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      'a map': { message: ([, u, p, s]) => tag(18, array(map(), u!, p!, s!)) },
      null: { message: ([, u, p, s]) => tag(18, array(nil, u!, p!, s!)) },
      text: { message: ([, u, p, s]) => tag(18, array(text('x'), u!, p!, s!)) },
      empty: { protected: () => new Uint8Array(0) },
      'an array in it': { protected: () => array(int(1)) },
      'two maps in it': { protected: (e) => concatBytes([map(...Object.values(e)), map()]) },
      'unprotected is not a map': { unprotected: () => array() },
      'signature is empty': { signature: () => new Uint8Array(0) },
    });
  });

  test('CB6 requires a payload', async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      null: { message: ([h, u, , s]) => tag(18, array(h!, u!, nil, s!)) },
      empty: { payload: new Uint8Array(0) },
      text: { message: ([h, u, , s]) => tag(18, array(h!, u!, text(goodPayload), s!)) },
    });
  });

  test('CB7 a time is tag 1 with seconds from 0 to the year 9999', async () => {
    await refuses('ERR_ENVELOPE_TIME', {
      'tag 0 text': signingTime(tag(0, text('2025-01-01T00:00:00Z'))),
      text: signingTime(text('2025-01-01T00:00:00Z')),
      'untagged integer': signingTime(int(1_735_689_600)),
      NaN: signingTime(tag(1, float(Number.NaN))),
      infinity: signingTime(tag(1, float(Number.POSITIVE_INFINITY))),
      'half infinity': signingTime(tag(1, Uint8Array.of(0xf9, 0x7c, 0))),
      negative: signingTime(tag(1, int(-5))),
      'negative float': signingTime(tag(1, float(-0.5))),
      bignum: signingTime(tag(1, tag(2, bytes(Uint8Array.of(1, 2))))),
      'tag 2': signingTime(tag(2, bytes(Uint8Array.of(1, 2)))),
      'year 10000': signingTime(tag(1, int(253_402_300_800))),
      '2^63': signingTime(tag(1, concatBytes([Uint8Array.of(0x1b, 0x80), new Uint8Array(7)]))),
      null: signingTime(nil),
      array: signingTime(tag(1, array(int(1)))),
    });
    for (const value of [int(0), int(253_402_300_799), float(1_735_689_600.5)])
      expect(await codeOf(async () => openCose(await forgeCose(leaf, signingTime(tag(1, value)))))).toBe('ok');
  });

  test('CB8 labels are integers and texts, compared as what they are', async () => {
    const big = concatBytes([Uint8Array.of(0x1b, 0, 0x20), new Uint8Array(6)]);
    await refuses('ERR_CODEC_CBOR', {
      '2^53': inProtected([big, int(1)]),
      '-2^53-1': inProtected([concatBytes([Uint8Array.of(0x3b, 0, 0x20), new Uint8Array(6)]), int(1)]),
      '2^63': inProtected([concatBytes([Uint8Array.of(0x1b, 0x80), new Uint8Array(7)]), int(1)]),
      bytes: inProtected([bytes(utf8('x')), int(1)]),
      boolean: inProtected([Uint8Array.of(0xf5), int(1)]),
      null: inProtected([nil, int(1)]),
      float: inProtected([float(1.5), int(1)]),
      array: inProtected([array(int(1)), int(1)]),
    });
    const envelope = await openCose(
      await forgeCose(leaf, inProtected([text('40'), int(1)], [int(-40), int(2)], [int(40), int(3)])),
    );
    expect(envelope.signedAttributes.extended.map(({ key, value }) => [key, value])).toEqual([
      ['40', 1],
      [-40, 2],
      [40, 3],
    ]);
    await refuses('ERR_ENVELOPE_ALGORITHM', { 'alg under the text "1"': replacing('alg', [text('1'), int(-7)]) });
  });

  test('CB8 a float is not a label, even if it is an integer', async () => {
    const forms = (value: number): Record<string, Uint8Array> => ({ double: float(value), single: single(value) });
    const of = (value: number, change: (label: Uint8Array) => CoseChanges): Record<string, CoseChanges> =>
      Object.fromEntries(Object.entries(forms(value)).map(([name, label]) => [`${name} ${value}`, change(label)]));
    const instead = (name: string, value: Uint8Array) => (label: Uint8Array) => replacing(name, [label, value]);
    await refuses('ERR_CODEC_CBOR', {
      ...of(1, instead('alg', int(-7))),
      ...of(2, instead('crit', array(scheme))),
      ...of(3, instead('cty', text('application/vnd.cncf.notary.payload.v1+json'))),
      ...of(40, (label) => inProtected([label, int(1)])),
      ...of(-0, (label) => inProtected([label, int(1)])),
      ...of(33, (label) => ({ unprotected: () => ({ x5chain: [label, array(bytes(leaf.chain[0]!))] }) })),
      'half 40.0': inProtected([Uint8Array.of(0xf9, 0x51, 0), int(1)]),
      'inside an attribute': inProtected([text('x'), map([float(1), int(1)])]),
    });
    await refuses('ERR_ENVELOPE_CRITICAL', {
      'float in crit': { protected: (e) => ({ ...e, x: [int(40), int(1)], crit: [int(2), array(scheme, float(40))] }) },
    });
    const envelope = await openCose(await forgeCose(leaf, inProtected([text('x'), float(40)])));
    expect(envelope.signedAttributes.extended).toEqual([{ key: 'x', value: 40, critical: false }]);
  });

  test('CB9 registered labels have values of their type, in both headers', async () => {
    const wrong: Record<string, readonly [number, Uint8Array]> = {
      'key id': [4, int(1)],
      IV: [5, text('x')],
      'partial IV': [6, int(1)],
      'type of no form': [16, text('text')],
      'type with a blank': [16, text('text/plain ')],
      'type that is empty': [16, text('')],
      'type below zero': [16, int(-1)],
      'type as float': [16, float(1)],
    };
    for (const [name, [label, value]] of Object.entries(wrong))
      await refuses('ERR_ENVELOPE_MALFORMED', {
        [`${name}, protected`]: inProtected([int(label), value]),
        [`${name}, unprotected`]: inUnprotected([int(label), value]),
      });
    const countersignature = array(bytes(new Uint8Array(0)), map(), bytes(Uint8Array.of(1)));
    const unsigned = array(bytes(new Uint8Array(0)), map(), bytes(new Uint8Array(0)));
    const hiding = (header: Uint8Array): Uint8Array => array(bytes(header), map(), bytes(Uint8Array.of(1)));
    for (const label of [7, 11]) {
      await refuses('ERR_ENVELOPE_MALFORMED', {
        [`${label} as bytes`]: inUnprotected([int(label), bytes(Uint8Array.of(1))]),
        [`${label} as integer`]: inUnprotected([int(label), int(1)]),
        [`${label} without signature`]: inUnprotected([int(label), unsigned]),
        [`${label} of two elements`]: inUnprotected([int(label), array(bytes(new Uint8Array(0)), map())]),
        [`${label} of a list with others`]: inUnprotected([int(label), array(countersignature, int(1))]),
        [`${label} with a wrong key id`]: inUnprotected([int(label), hiding(map([int(4), int(1)]))]),
        [`${label} whose header is not a map`]: inUnprotected([int(label), hiding(int(1))]),
        [`${label} in the protected header`]: inProtected([int(label), countersignature]),
      });
      for (const value of [countersignature, array(countersignature, countersignature)])
        expect(await codeOf(async () => openCose(await forgeCose(leaf, inUnprotected([int(label), value]))))).toBe(
          'ok',
        );
    }
    for (const label of [9, 12])
      await refuses('ERR_ENVELOPE_MALFORMED', {
        [`${label} as integer`]: inUnprotected([int(label), int(1)]),
        [`${label} in the protected header`]: inProtected([int(label), bytes(Uint8Array.of(1))]),
      });
    const iv = bytes(Uint8Array.of(1));
    await refuses('ERR_ENVELOPE_MALFORMED', {
      'both IVs': inUnprotected([int(5), iv], [int(6), iv]),
      'one IV in each header': { ...inProtected([int(5), iv]), ...inUnprotected([int(6), iv]) },
    });
    for (const [label, value] of [
      [4, iv],
      [5, iv],
      [16, text('text/plain')],
      [16, int(50)],
      [9, iv],
    ] as const)
      expect(await codeOf(async () => openCose(await forgeCose(leaf, inUnprotected([int(label), value]))))).toBe('ok');
  });

  test('CB9 integers of the unprotected header have 64 bits with their sign', async () => {
    const wide = (first: number, rest: number): Uint8Array =>
      concatBytes([Uint8Array.of(first), new Uint8Array(8).fill(rest)]);
    const positive = wide(0x1b, 0xff);
    await refuses('ERR_ENVELOPE_MALFORMED', {
      '2^64-1': inUnprotected([text('x'), positive]),
      '-2^64': inUnprotected([text('x'), wide(0x3b, 0xff)]),
      '2^63': inUnprotected([text('x'), concatBytes([Uint8Array.of(0x1b, 0x80), new Uint8Array(7)])]),
      'in a list': inUnprotected([text('x'), array(positive)]),
      'in a map': inUnprotected([text('x'), map([int(1), positive])]),
    });
    for (const value of [concatBytes([Uint8Array.of(0x1b, 0x7f), new Uint8Array(7).fill(0xff)]), float(2 ** 70)])
      expect(await codeOf(async () => openCose(await forgeCose(leaf, inUnprotected([text('x'), value]))))).toBe('ok');
  });

  test('CB9 a label is in one header', async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      alg: inUnprotected([int(1), int(-7)]),
      crit: inUnprotected([int(2), array(scheme)]),
      x5chain: inProtected([int(33), array()]),
      attribute: { ...inProtected([text('x'), int(1)]), ...inUnprotected([text('x'), int(1)]) },
      'a signed attribute': inUnprotected(notary('expiry', int(4_000_000_000))),
    });
  });

  test('CB10 the algorithm is an integer in the protected header', async () => {
    await refuses('ERR_ENVELOPE_ALGORITHM', {
      missing: without('alg'),
      'unprotected only': { ...without('alg'), ...inUnprotected([int(1), int(-7)]) },
      text: replacing('alg', [int(1), text('ES256')]),
      'double float': replacing('alg', [int(1), float(-7)]),
      'single float': replacing('alg', [int(1), single(-7)]),
      'half float': replacing('alg', [int(1), Uint8Array.of(0xf9, 0xc7, 0)]),
    });
    const authority = await createAuthority();
    for (const { keySpec } of signatureAlgorithms) {
      const issued = await authority.issueLeaf({ keySpec });
      for (const row of signatureAlgorithms) {
        const code = await codeOf(async () =>
          openCose(await forgeCose(issued, replacing('alg', [int(1), int(row.cose)]))),
        );
        expect(code, `${keySpec} ${row.cose}`).toBe(row.keySpec === keySpec ? 'ok' : 'ERR_ENVELOPE_ALGORITHM');
      }
    }
  });

  test('CB11 crit lists distinct labels that are there and not registered', async () => {
    for (let label = 0; label <= 8; label++)
      await refuses('ERR_ENVELOPE_CRITICAL', {
        [String(label)]: {
          protected: (e) => ({
            ...e,
            ...(label >= 1 && label <= 3 ? {} : { more: [int(label), int(1)] }),
            crit: [int(2), array(scheme, int(label))],
          }),
        },
      });
    await refuses('ERR_ENVELOPE_CRITICAL', {
      missing: without('crit'),
      empty: crit(),
      'no array': replacing('crit', [int(2), scheme]),
      absent: crit(scheme, text('nope')),
      doubled: crit(scheme, scheme),
      'signing time': crit(scheme, text('io.cncf.notary.signingTime')),
      'other type': crit(scheme, bytes(utf8('x'))),
      'scheme left out': { protected: (e) => ({ ...e, x: [text('x'), int(1)], crit: [int(2), array(text('x'))] }) },
      'expiry left out': inProtected(notary('expiry', tag(1, int(4_000_000_000)))),
    });
  });

  test('CB12 x5chain is an array of byte strings', async () => {
    const chain = (value: Uint8Array): CoseChanges => ({ unprotected: () => ({ x5chain: [int(33), value] }) });
    const single = await (await createAuthority()).issueSelfSigned();
    const der = bytes(single.chain[0]!);
    await expectCode(
      async () => openCose(await forgeCose(single, chain(der))),
      'ERR_ENVELOPE_CHAIN',
      'one byte string',
    );
    expect(await codeOf(async () => openCose(await forgeCose(single, chain(array(der)))))).toBe('ok');
    await refuses('ERR_ENVELOPE_CHAIN', {
      missing: { unprotected: () => ({}) },
      empty: chain(array()),
      text: chain(array(text('x'))),
      'text beside bytes': chain(array(bytes(leaf.chain[0]!), text('x'))),
      'empty bytes': chain(array(bytes(new Uint8Array(0)))),
      'no certificate': chain(array(bytes(Uint8Array.of(0x30, 0)))),
    });
    await refuses('ERR_ENVELOPE_LIMIT', {
      '11 of them': chain(array(...Array.from({ length: 11 }, () => bytes(leaf.chain[0]!)))),
      'a large one': chain(array(bytes(new Uint8Array(65 * 1024)))),
      'a large token': {
        unprotected: (e) => ({ ...e, t: notary('timestampSignature', bytes(new Uint8Array(257 * 1024))) }),
      },
    });
  });

  test('CB13 announced lengths allocate nothing', async () => {
    await refuses('ERR_CODEC_LIMIT', {
      'array of 2^32 items': raw(concatBytes([head(6, 18), head(4, 2 ** 32 - 1)])),
      'map of 10^9': inProtected([text('x'), head(5, 1e9)]),
      'bytes beyond the end': raw(concatBytes([head(6, 18), head(4, 4), head(2, 2 ** 31)])),
      'text of 2^63': raw(concatBytes([head(6, 18), Uint8Array.of(0x7b, 0x80), new Uint8Array(7)])),
      'more items than allowed': inProtected([text('x'), array(...Array.from({ length: 1001 }, () => int(1)))]),
    });
  });

  test('CB14 deep nesting is refused', async () => {
    const deep = (byte: number): Uint8Array => concatBytes([new Uint8Array(10_000).fill(byte), int(1)]);
    await refuses('ERR_CODEC_LIMIT', {
      arrays: inProtected([text('x'), deep(0x81)]),
      tags: inProtected([text('x'), deep(0xc1)]),
      'tags outside': raw(deep(0xd2)),
      'nine levels': inProtected([text('x'), concatBytes([new Uint8Array(9).fill(0x81), int(1)])]),
    });
  });

  test('CB15 text is UTF-8 and other simple values are unknown', async () => {
    await refuses('ERR_CODEC_CBOR', {
      'invalid UTF-8': inProtected([text('x'), concatBytes([head(3, 1), Uint8Array.of(0xff)])]),
      'surrogate in a key': inProtected([concatBytes([head(3, 3), Uint8Array.of(0xed, 0xa0, 0x80)]), int(1)]),
      undefined: inProtected([text('x'), Uint8Array.of(0xf7)]),
      'simple value 0': inProtected([text('x'), Uint8Array.of(0xe0)]),
      'simple value 32': inProtected([text('x'), Uint8Array.of(0xf8, 32)]),
      break: inProtected([text('x'), Uint8Array.of(0xff)]),
      'cut off': raw(Uint8Array.of(0xd2, 0x81, 0x18)),
    });
    await refuses('ERR_ENVELOPE_MALFORMED', {
      'tag in an attribute': inProtected([text('x'), tag(1, int(1))]),
      'tag in the unprotected header': inUnprotected([text('x'), tag(1, int(1))]),
      'deep tag in the unprotected header': inUnprotected([text('x'), array(map([int(1), tag(1, int(1))]))]),
      'NaN in an attribute': inProtected([text('x'), float(Number.NaN)]),
      'integer map key in an attribute': inProtected([text('x'), map([int(1), int(1)])]),
      '2^63 in an attribute': inProtected([text('x'), concatBytes([Uint8Array.of(0x1b, 0x80), new Uint8Array(7)])]),
      'other case': inProtected([text('io.cncf.notary.SIGNINGTIME'), int(1)]),
    });
  });

  test('J14 J22 the rules for content type and payload apply to COSE', async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      'content type missing': without('cty'),
      'content type as CoAP number': replacing('cty', [int(3), int(50)]),
      'content type wrong': replacing('cty', [int(3), text('application/json')]),
      'no target': { payload: utf8('{}') },
    });
    await refuses('ERR_CODEC_JSON', {
      'payload twice': { payload: utf8(goodPayload.replace('"size":3', '"size":3,"size":3')) },
    });
  });

  test('J15 the rules for schemes and times apply to COSE', async () => {
    const authority = replacing('signingScheme', notary('signingScheme', text('notary.x509.signingAuthority')));
    await refuses('ERR_ENVELOPE_MALFORMED', {
      'unknown scheme': replacing('signingScheme', notary('signingScheme', text('notary.foo'))),
      'scheme as integer': replacing('signingScheme', notary('signingScheme', int(1))),
      'no time': without('signingTime'),
      'authority without its time': authority,
      'x509 with the other time': inProtected(notary('authenticSigningTime', tag(1, int(1)))),
    });
  });

  test('J20 signatures of a wrong length are refused in COSE', async () => {
    await refuses('ERR_ENVELOPE_INTEGRITY', {
      short: { signature: (s) => s.slice(1) },
      long: { signature: (s) => Uint8Array.from([0, ...s]) },
      zeros: { signature: () => new Uint8Array(64) },
    });
  });

  test('the protected header is covered as it was received, and so is the payload', async () => {
    const envelope = decodeEnvelope(await forgeCose(leaf), 'application/cose');
    const changed = envelope.bytes.slice();
    // The payload is looked for as a whole: two bytes of it may appear in a certificate by chance.
    const at = Buffer.from(changed).lastIndexOf(Buffer.from(goodPayload));
    expect(at).toBeGreaterThan(0);
    changed[at + 60]! ^= 1;
    await expectCode(() => openCose(changed), 'ERR_ENVELOPE_INTEGRITY');
  });
});

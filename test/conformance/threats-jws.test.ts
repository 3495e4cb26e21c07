import { constants, KeyObject, sign } from 'node:crypto';
import { encodeBase64, utf8 } from '@notarykit/common';
import { decodeBase64Url, encodeBase64Url } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki';
import {
  algorithmOf,
  checkCriticalAttributes,
  decodeEnvelope,
  decodePayload,
  keySpecOf,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority, createTrustLab, type Issued } from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { forgeCose } from '../forge/cose.js';
import { codeOf, expectCode } from '../forge/expect-code.js';
import { forgeJws, goodPayload, type JwsChanges, openJws } from '../forge/jws.js';
import { vectorBytes, vectorJson, vectorTest } from '../vectors.js';

const scheme = 'io.cncf.notary.signingScheme';
const time = 'io.cncf.notary.signingTime';
const authentic = 'io.cncf.notary.authenticSigningTime';
const expiry = 'io.cncf.notary.expiry';

let leaf: Issued;
beforeAll(async () => {
  ({ leaf } = await createTrustLab());
});

/** Each named change to a good envelope must give the code. */
async function refuses(code: string, cases: Readonly<Record<string, JwsChanges>>): Promise<void> {
  for (const [name, changes] of Object.entries(cases))
    await expectCode(async () => openJws(await forgeJws(leaf, changes)), code, name);
}

const addHeader = (more: object): JwsChanges => ({ protected: (header) => ({ ...header, ...more }) });
const without = (object: object, name: string): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

/** A document with one member doubled in its text, since no object can hold that. */
function doubled(document: object, name: string, value: unknown): string {
  return `{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(document).slice(1)}`;
}

describe('threats', () => {
  test('accepts the unchanged envelope (control for the cases below)', async () => {
    expect((await openJws(await forgeJws(leaf))).targetArtifact.size).toBe(3);
  });

  test('J1 duplicate members are refused everywhere', async () => {
    for (const name of ['payload', 'protected', 'header', 'signature'])
      for (const other of ['x', undefined])
        await refuses('ERR_CODEC_JSON', { [name]: { members: (m) => doubled(m, name, other ?? m[name]) } });
    for (const name of ['alg', 'cty', 'crit', scheme, time])
      for (const other of ['x', undefined])
        await refuses('ERR_CODEC_JSON', { [name]: { protected: (h) => doubled(h, name, other ?? h[name]) } });
    await refuses('ERR_CODEC_JSON', {
      x5c: { members: (m) => JSON.stringify(m).replace('"x5c":', '"x5c":[],"x5c":') },
      targetArtifact: { payload: doubled(JSON.parse(goodPayload), 'targetArtifact', {}) },
      size: { payload: goodPayload.replace('"size":3', '"size":4,"size":3') },
      'nested in an attribute': {
        protected: (h) => JSON.stringify({ ...h, x: 0 }).replace('"x":0', '"x":{"a":1,"a":1}'),
      },
    });
  });

  test('J2 names that differ in case only are refused, alone and beside the right one', async () => {
    const upper = (object: object, name: string): object => ({
      ...without(object, name),
      [name.toUpperCase()]: (object as never)[name],
    });
    const beside = (object: object, name: string): object => ({
      ...object,
      [name.toUpperCase()]: (object as never)[name],
    });
    for (const change of [upper, beside]) {
      for (const name of ['payload', 'protected', 'header', 'signature'])
        await refuses('ERR_ENVELOPE_MALFORMED', { [name]: { members: (m) => change(m, name) } });
      for (const name of ['alg', 'cty', 'crit', scheme, time])
        await refuses('ERR_ENVELOPE_MALFORMED', { [name]: { protected: (h) => change(h, name) } });
      await refuses('ERR_ENVELOPE_MALFORMED', { x5c: { header: (h) => change(h, 'x5c') } });
      await refuses('ERR_ENVELOPE_MALFORMED', {
        target: { payload: JSON.stringify(change(JSON.parse(goodPayload), 'targetArtifact')) },
      });
      for (const name of ['mediaType', 'digest', 'size'])
        await refuses('ERR_ENVELOPE_MALFORMED', {
          [name]: { payload: JSON.stringify({ targetArtifact: change(JSON.parse(goodPayload).targetArtifact, name) }) },
        });
    }
  });

  test('J3 names of the prototype are plain data', async () => {
    const hostile = (h: object): string => `{"__proto__":{"alg":"ES256"},${JSON.stringify(without(h, 'alg')).slice(1)}`;
    await refuses('ERR_ENVELOPE_ALGORITHM', { 'alg by __proto__': { protected: hostile } });
    const envelope = await openJws(
      await forgeJws(leaf, {
        protected: (h) => `{"__proto__":{"a":1},"constructor":1,"toString":2,${JSON.stringify(h).slice(1)}`,
      }),
    );
    expect(envelope.signedAttributes.extended.map(({ key }) => key)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
    await refuses('ERR_ENVELOPE_CRITICAL', {
      'crit names a method of objects': { protected: (h) => ({ ...h, crit: [scheme, 'toString'] }) },
    });
    const proto = `{"__proto__":{"targetArtifact":{}},"targetArtifact":null}`;
    await refuses('ERR_ENVELOPE_MALFORMED', { 'payload by __proto__': { payload: proto } });
  });

  test('J4 what is not exactly one JSON document is refused', async () => {
    const variants: Record<string, (document: string) => string> = {
      'byte order mark': (d) => `\ufeff${d}`,
      'trailing bytes': (d) => `${d}x`,
      'two documents': (d) => `${d}{}`,
      comment: (d) => d.replace('{', '{/* */'),
      NaN: (d) => d.replace('{', '{"x":NaN,'),
      'leading zero': (d) => d.replace('{', '{"x":01,'),
    };
    for (const [name, change] of Object.entries(variants)) {
      await refuses('ERR_CODEC_JSON', {
        [`${name} in the envelope`]: { members: (m) => change(JSON.stringify(m)) },
        [`${name} in the header`]: { protected: (h) => change(JSON.stringify(h)) },
        [`${name} in the payload`]: { payload: change(goodPayload) },
      });
    }
  });

  test('J5 invalid UTF-8 and lone surrogates are refused', async () => {
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
      const payload = Uint8Array.from([...utf8(goodPayload.slice(0, -1)), ...utf8(',"x":"'), ...bad, ...utf8('"}')]);
      await refuses('ERR_CODEC_UTF8', { [bad.join()]: { payload } });
    }
    await refuses('ERR_CODEC_UTF8', {
      surrogate: { protected: (h) => JSON.stringify({ ...h, x: 0 }).replace('"x":0', '"x":"\\ud800"') },
    });
    const bytes = await forgeJws(leaf);
    await expectCode(
      () => decodeEnvelope(Uint8Array.from([...bytes, 0xff]), 'application/jose+json'),
      'ERR_CODEC_UTF8',
    );
    await refuses('ERR_ENVELOPE_MALFORMED', { 'NUL in a name': addHeader({ 'a\0b': 1 }) });
  });

  test('J6 deep nesting is refused while scanning', async () => {
    const deep = '['.repeat(100_000);
    await refuses('ERR_CODEC_LIMIT', {
      envelope: { members: () => `{"payload":${deep}` },
      header: { protected: () => `{"x":${deep}` },
      payload: { payload: deep },
    });
    const huge = new Uint8Array(4 * 1024 * 1024).fill(0x5b);
    await expectCode(() => decodeEnvelope(huge, 'application/jose+json'), 'ERR_CODEC_LIMIT');
    await expectCode(
      () => decodeEnvelope(new Uint8Array(4 * 1024 * 1024 + 1), 'application/jose+json'),
      'ERR_ENVELOPE_LIMIT',
    );
  });

  test('J7 a size is an integer from 0 to 2^53-1, written plainly', async () => {
    for (const size of ['1e400', '9007199254740993', '-0', '-1', '1.0', '3e0', '0x3'])
      await refuses('ERR_CODEC_JSON', { [size]: { payload: goodPayload.replace('"size":3', `"size":${size}`) } });
    for (const size of ['"3"', 'null', 'true', '[3]'])
      await refuses('ERR_ENVELOPE_MALFORMED', {
        [size]: { payload: goodPayload.replace('"size":3', `"size":${size}`) },
      });
  });

  test('J8 only the six algorithms are read', async () => {
    for (const alg of ['none', 'HS256', 'RS256', 'ES256K', 'EdDSA', ['ES256'], 'es256', ' ES256', 'ES256 ', null, 1])
      await refuses('ERR_ENVELOPE_ALGORITHM', { [String(alg)]: addHeader({ alg }) });
    await refuses('ERR_ENVELOPE_ALGORITHM', { missing: { protected: (h) => without(h, 'alg') } });
  });

  vectorTest('wycheproof', 'J8 every foreign algorithm of the Wycheproof JWS set is refused', async () => {
    const known = new Set(signatureAlgorithms.map(({ jws }) => jws as string));
    const set = vectorJson('wycheproof', 'json_web_signature_test.json');
    const names = set.testGroups.flatMap((group: { tests: { jws: string }[] }) =>
      group.tests.map(({ jws }) => algOf(jws)),
    );
    const foreign = names.filter((name: string) => !known.has(name));
    for (const name of new Set<string>(foreign))
      await expectCode(
        async () => openJws(await forgeJws(leaf, addHeader({ alg: name }))),
        'ERR_ENVELOPE_ALGORITHM',
        name,
      );
    expect(foreign.length).toBeGreaterThan(270);
  });

  test("J9 the header names the algorithm of the leaf's key: 6 of 36 pairs pass", async () => {
    const authority = await createAuthority();
    let passed = 0;
    for (const { keySpec } of signatureAlgorithms) {
      const issued = await authority.issueLeaf({ keySpec });
      for (const { jws } of signatureAlgorithms) {
        const code = await codeOf(async () => openJws(await forgeJws(issued, addHeader({ alg: jws }))));
        expect(code, `${keySpec} ${jws}`).toBe(jws === algorithmOf(keySpec).jws ? 'ok' : 'ERR_ENVELOPE_ALGORITHM');
        if (code === 'ok') passed++;
      }
    }
    expect(passed).toBe(6);
  });

  test('J10 keys of other kinds and sizes are refused', async () => {
    const { curve: _, ...base } = parseCertificate(leaf.chain[0]!).publicKey;
    const key = (type: 'rsa' | 'ec' | 'unsupported', bits: number) => ({ ...base, type, bits });
    for (const bits of [1024, 2047, 2049, 2052, 2056, 5120, 8192])
      await expectCode(() => keySpecOf(key('rsa', bits)), 'ERR_ENVELOPE_ALGORITHM');
    await expectCode(() => keySpecOf(key('ec', 192)), 'ERR_ENVELOPE_ALGORITHM');
    await expectCode(() => keySpecOf(key('unsupported', 2048)), 'ERR_ENVELOPE_ALGORITHM');
  });

  vectorTest('notary', 'J10 certificates with weak keys are refused', async () => {
    const weak = ['self-rsa1024.pem', 'self-rsa2047.pem', 'self-rsa2056.pem', 'self-rsa5120.pem', 'self-ec224.pem'];
    for (const file of weak) {
      const pem = new TextDecoder().decode(vectorBytes('notary', 'generated', 'chains', file));
      const x5c = [pem.replace(/-----[^-]+-----|\s/g, '')];
      await refuses('ERR_ENVELOPE_ALGORITHM', { [file]: { header: () => ({ x5c }) } });
    }
  });

  test('J11 crit is a list of distinct, present, unregistered headers', async () => {
    const crit = (value: unknown): JwsChanges => addHeader({ crit: value });
    await refuses('ERR_ENVELOPE_CRITICAL', {
      missing: { protected: (h) => without(h, 'crit') },
      empty: crit([]),
      text: crit(scheme),
      object: crit({ 0: scheme }),
      'doubled system entry': crit([scheme, scheme]),
      'doubled extended entry': addHeader({ crit: [scheme, 'x', 'x'], x: 1 }),
      'names alg': crit([scheme, 'alg']),
      'names cty': crit([scheme, 'cty']),
      'names crit': crit([scheme, 'crit']),
      'names signingTime': crit([scheme, time]),
      'names an absent header': crit([scheme, 'absent']),
      'names an absent expiry': crit([scheme, expiry]),
      number: crit([scheme, 5]),
    });
  });

  test('J12 crit lists every attribute that must be critical', async () => {
    await refuses('ERR_ENVELOPE_CRITICAL', {
      scheme: addHeader({ crit: ['x'], x: 1 }),
      expiry: addHeader({ [expiry]: '2030-01-01T00:00:00Z' }),
      plugin: addHeader({ 'io.cncf.notary.verificationPlugin': 'p' }),
      'plugin version': addHeader({ 'io.cncf.notary.verificationPluginMinVersion': '1.0.0' }),
      authentic: {
        protected: (h) => ({
          ...without(h, time),
          [scheme]: 'notary.x509.signingAuthority',
          [authentic]: '2025-01-01T00:00:00Z',
        }),
      },
    });
  });

  test('J13 an unknown critical attribute is refused unless it was processed by its name', async () => {
    const envelope = await openJws(await forgeJws(leaf, addHeader({ crit: [scheme, 'x'], x: 1, y: 2 })));
    await expectCode(() => checkCriticalAttributes(envelope), 'ERR_ENVELOPE_CRITICAL');
    await expectCode(() => checkCriticalAttributes(envelope, new Set(['y', 'X'])), 'ERR_ENVELOPE_CRITICAL');
    expect(await codeOf(() => checkCriticalAttributes(envelope, new Set(['x'])))).toBe('ok');
    expect(
      await codeOf(async () => checkCriticalAttributes(await openJws(await forgeJws(leaf, addHeader({ y: 2 }))))),
    ).toBe('ok');
  });

  test("J14 the content type is the Notary payload's", async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      wrong: addHeader({ cty: 'application/json' }),
      missing: { protected: (h) => without(h, 'cty') },
      'other case': addHeader({ cty: 'application/vnd.cncf.notary.payload.v1+JSON' }),
      number: addHeader({ cty: 1 }),
    });
  });

  test("J15 a scheme has its own time and not the other's", async () => {
    const authority = 'notary.x509.signingAuthority';
    await refuses('ERR_ENVELOPE_MALFORMED', {
      unknown: addHeader({ [scheme]: 'notary.foo' }),
      'unknown with authentic time': {
        protected: (h) => ({
          ...without(h, time),
          [scheme]: 'notary.foo',
          [authentic]: '2025-01-01T00:00:00Z',
          crit: [scheme, authentic],
        }),
      },
      'old spelling': addHeader({ [scheme]: 'notary.default.x509' }),
      'x509 with authentic time': addHeader({ [authentic]: '2025-01-01T00:00:00Z', crit: [scheme, authentic] }),
      'authority with signing time': addHeader({
        [scheme]: authority,
        [authentic]: '2025-01-01T00:00:00Z',
        crit: [scheme, authentic],
      }),
      'authority without time': { protected: (h) => ({ ...without(h, time), [scheme]: authority }) },
      'x509 without time': { protected: (h) => without(h, time) },
    });
  });

  test('J16 base64url is canonical', async () => {
    const variants: Record<string, (text: string) => string> = {
      padding: (t) => `${t}=`,
      'other alphabet': (t) => `+/${t.slice(2)}`,
      blank: (t) => `${t} `,
      'line break': (t) => `${t}\n`,
      'length 1 mod 4': (t) => `${t.slice(0, t.length - (t.length % 4))}A`,
    };
    for (const member of ['payload', 'protected', 'signature'])
      for (const [name, change] of Object.entries(variants))
        await refuses('ERR_CODEC_BASE64', {
          [`${member} ${name}`]: { members: (m) => ({ ...m, [member]: change(m[member] as string) }) },
        });
    // 64 bytes take 86 characters, of which the last has four unused bits.
    await refuses('ERR_CODEC_BASE64', {
      'unused bits': { members: (m) => ({ ...m, signature: setUnusedBit(m['signature'] as string) }) },
    });
  });

  test('J17 certificates are canonical base64 with padding', async () => {
    const der = leaf.chain[0]!;
    const x5c = (first: unknown): JwsChanges => ({
      header: () => ({ x5c: [first, ...leaf.chain.slice(1).map(encodeBase64)] }),
    });
    await refuses('ERR_CODEC_BASE64', {
      base64url: x5c(`${encodeBase64Url(der).slice(0, 8)}-_-_`),
      armour: x5c(`-----BEGIN CERTIFICATE-----\n${encodeBase64(der)}\n-----END CERTIFICATE-----`),
      'line break': x5c(`${encodeBase64(der).slice(0, 64)}\n${encodeBase64(der).slice(64)}`),
      blank: x5c(`${encodeBase64(der)}    `),
    });
    await refuses('ERR_ENVELOPE_CHAIN', {
      'empty text': x5c(''),
      'empty list': { header: () => ({ x5c: [] }) },
      missing: { header: () => ({}) },
    });
    await refuses('ERR_ENVELOPE_MALFORMED', { number: x5c(1), text: { header: () => ({ x5c: encodeBase64(der) }) } });
  });

  test('J18 a header counts only where it belongs', async () => {
    for (const name of ['alg', 'crit', 'cty', scheme, time, authentic, expiry, 'io.cncf.notary.verificationPlugin'])
      await refuses('ERR_ENVELOPE_MALFORMED', { [name]: { header: (h) => ({ ...h, [name]: 'x' }) } });
    const moved: JwsChanges = { protected: (h) => without(h, 'alg'), header: (h) => ({ ...h, alg: 'ES256' }) };
    await refuses('ERR_ENVELOPE_MALFORMED', { 'alg moved': moved });
    const bytes = await forgeJws(leaf, { header: (h) => ({ ...h, kid: 'x', 'io.cncf.notary.timestamp': 'old name' }) });
    expect((await openJws(bytes)).unsignedAttributes).toEqual({});
  });

  test('J19 other serialisations and unencoded payloads are refused', async () => {
    await refuses('ERR_ENVELOPE_MALFORMED', {
      general: { members: ({ payload, ...rest }) => ({ payload, signatures: [rest] }) },
      'general and flattened': { members: (m) => ({ ...m, signatures: [] }) },
      compact: { members: (m) => `${m['protected']}.${m['payload']}.${m['signature']}` },
      'detached by absence': { members: (m) => without(m, 'payload') },
      'detached by emptiness': { members: (m) => ({ ...m, payload: '' }) },
      'b64 false': { protected: (h) => ({ ...h, b64: false, crit: [scheme, 'b64'] }) },
      'b64 true': addHeader({ b64: true }),
    });
  });

  test('J20 signatures of a wrong length or with impossible numbers are refused', async () => {
    const zeros = (n: number) => new Uint8Array(n);
    await refuses('ERR_ENVELOPE_INTEGRITY', {
      '63 bytes': { signature: (s) => s.slice(1) },
      '65 bytes': { signature: (s) => Uint8Array.from([0, ...s]) },
      DER: { signature: (s) => Uint8Array.from([0x30, 69, 2, 33, 0, ...s.slice(0, 32), 2, 32, ...s.slice(32)]) },
      zeros: { signature: () => zeros(64) },
      'r = 0': { signature: (s) => Uint8Array.from([...zeros(32), ...s.slice(32)]) },
      's = 0': { signature: (s) => Uint8Array.from([...s.slice(0, 32), ...zeros(32)]) },
      'r = n': { signature: (s) => Uint8Array.from([...order256, ...s.slice(32)]) },
      ones: { signature: () => zeros(64).fill(0xff) },
      'one bit': { signature: (s) => s.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) },
    });
    const rsa = await (await createAuthority()).issueLeaf({ keySpec: 'RSA-2048' });
    await expectCode(
      async () => openJws(await forgeJws(rsa, { signature: (s) => s.slice(0, 255) })),
      'ERR_ENVELOPE_INTEGRITY',
    );
    await expectCode(
      async () => openJws(await forgeJws(rsa, { signature: () => zeros(256).fill(0xff) })),
      'ERR_ENVELOPE_INTEGRITY',
    );
  });

  test('J21 RSASSA-PSS has a salt as long as its hash', async () => {
    const rsa = await (await createAuthority()).issueLeaf({ keySpec: 'RSA-2048' });
    const withSalt = (saltLength: number) => {
      const key = { key: KeyObject.from(rsa.privateKey), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
      const resign = (members: Record<string, unknown>) => ({
        ...members,
        signature: encodeBase64Url(sign('sha256', utf8(`${members['protected']}.${members['payload']}`), key)),
      });
      return async () => openJws(await forgeJws(rsa, { members: resign }));
    };
    for (const length of [0, 20, 31, 33, 222])
      await expectCode(withSalt(length), 'ERR_ENVELOPE_INTEGRITY', `salt of ${length} bytes`);
    expect(await codeOf(withSalt(32))).toBe('ok');
  });

  vectorTest('notary', 'J21 a salt of another length is refused in the vectors too', async () => {
    for (const file of ['jws-pss-salt-20.json', 'jws-pss-salt-222.json'])
      await expectCode(
        () => openJws(vectorBytes('notary', 'generated', 'envelopes', file)),
        'ERR_ENVELOPE_INTEGRITY',
        file,
      );
    expect(await codeOf(() => openJws(vectorBytes('notary', 'generated', 'envelopes', 'jws-pss-salt-32.json')))).toBe(
      'ok',
    );
  });

  test('J22 a payload is an object with a target', async () => {
    await refuses('ERR_CODEC_JSON', { 'not JSON': { payload: 'hello' } });
    await refuses('ERR_ENVELOPE_MALFORMED', {
      array: { payload: '[]' },
      text: { payload: '"x"' },
      'no target': { payload: '{}' },
      'target is text': { payload: '{"targetArtifact":"x"}' },
      'no digest': { payload: '{"targetArtifact":{"mediaType":"a/b","size":1}}' },
      'digest in upper case': { payload: goodPayload.replace('sha256:aaa', 'sha256:AAA') },
      'annotation is a number': { payload: goodPayload.replace('"size":3', '"size":3,"annotations":{"a":1}') },
    });
    const withMember = (member: string) => goodPayload.replace('"size":3', `"size":3,${member}`);
    for (const member of [
      '"urls":"https://x.test"',
      '"urls":[1]',
      '"urls":{}',
      '"data":5',
      '"data":"not base64!"',
      '"data":{}',
      '"artifactType":5',
      '"artifactType":["a/b"]',
      '"platform":"linux"',
      '"platform":[]',
      '"platform":{"os":1}',
      '"platform":{"os.features":"x"}',
      '"platform":{"os.features":[1]}',
      '"platform":{"variant":{}}',
      '"platform":{"OS":"linux"}',
      '"Urls":[]',
      '"ArtifactType":"a/b"',
    ])
      await refuses('ERR_ENVELOPE_MALFORMED', { [member]: { payload: withMember(member) } });
    for (const member of [
      '"urls":["https://x.test"],"data":"eA==","artifactType":"a/b","platform":{"os":"linux","architecture":"arm64"}',
      '"urls":null,"data":null,"artifactType":null,"platform":null',
      '"platform":{"os.version":null,"os.features":["a"],"more":1}',
    ])
      expect(await codeOf(async () => openJws(await forgeJws(leaf, { payload: withMember(member) })))).toBe('ok');
    const extra = goodPayload.replace(/}$/, ',"exp":1,"targetArtifact2":{}}');
    expect((await openJws(await forgeJws(leaf, { payload: extra }))).targetArtifact).toEqual(
      decodePayload(utf8(goodPayload)),
    );
  });

  test('J23 the media type decides the format', async () => {
    await expectCode(async () => decodeEnvelope(await forgeJws(leaf), 'application/cose'), 'ERR_ENVELOPE_MALFORMED');
    await expectCode(
      async () => decodeEnvelope(await forgeCose(leaf), 'application/jose+json'),
      'ERR_ENVELOPE_MALFORMED',
    );
    for (const type of ['application/JOSE+json', 'application/jose', 'application/vnd.oci.image.layer.v1.tar', ''])
      await expectCode(async () => decodeEnvelope(await forgeJws(leaf), type), 'ERR_ENVELOPE_MALFORMED', type);
  });

  test('A9 certificates are bounded in number and size', async () => {
    const der = encodeBase64(leaf.chain[0]!);
    await refuses('ERR_ENVELOPE_LIMIT', {
      '11 certificates': { header: () => ({ x5c: Array.from({ length: 11 }, () => der) }) },
      '4000 certificates': { header: () => ({ x5c: Array.from({ length: 4000 }, () => 'AAAA') }) },
      'large certificate': { header: () => ({ x5c: [encodeBase64(new Uint8Array(65 * 1024))] }) },
      attributes: addHeader(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`x${i}`, i]))),
      'timestamp token': {
        header: (h) => ({ ...h, 'io.cncf.notary.timestampSignature': encodeBase64(new Uint8Array(257 * 1024)) }),
      },
    });
    await expectCode(
      async () => decodeEnvelope(await forgeJws(leaf), 'application/jose+json', { limits: { certificates: 1 } }),
      'ERR_ENVELOPE_LIMIT',
    );
  });

  test('A8 a changed byte of what is signed breaks the signature', async () => {
    const envelope = decodeEnvelope(await forgeJws(leaf), 'application/jose+json');
    const signedBytes = envelope.signedBytes.slice();
    signedBytes[10]! ^= 1;
    await expectCode(() => verifyIntegrity({ ...envelope, signedBytes }), 'ERR_ENVELOPE_INTEGRITY');
  });
});

/** Order of P-256, big-endian. */
const order256 = Uint8Array.from(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'.match(/../g)!,
  (hex) => Number.parseInt(hex, 16),
);

function setUnusedBit(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) | 1];
}

function algOf(jws: string): string {
  try {
    return JSON.parse(new TextDecoder().decode(decodeBase64Url(jws.split('.')[0]!))).alg ?? '';
  } catch {
    return '';
  }
}

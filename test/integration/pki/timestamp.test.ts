import { concatBytes, type Fetch, type RetryPolicy, utf8 } from '@notarykit/common';
import { hash } from '@notarykit/common/internal';
import { createHttpTimestamper, type PkiError, parseCertificate } from '@notarykit/pki';
import { ecdsaToDer, encodeName, verifyTimestampToken } from '@notarykit/pki/internal';
import {
  encodeContext,
  encodeContextPrimitive,
  encodeInteger,
  encodeNull,
  encodeSequence,
} from '@notarykit/pki/internal/asn1';
import {
  attribute,
  basicConstraints,
  buildTimestampToken,
  createAuthority,
  type ExtensionSpec,
  extendedKeyUsage,
  faults,
  keyUsage,
  purposes,
  type TimestampFault,
  type TokenOptions,
} from '@notarykit/testing';
import { describe, expect, test } from 'vitest';
import { codeOf, days, message, now, timestampLab } from './timestamp-lab.ts';

const refused = 'ERR_PKI_TIMESTAMP';
const noAnswer = 'ERR_PKI_TSA';
const oidOf = (...content: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from([6, content.length, ...content]);
const sequence = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const content = concatBytes(parts);
  return concatBytes([
    content.length < 128 ? new Uint8Array([0x30, content.length]) : new Uint8Array([0x30, 0x81, content.length]),
    content,
  ]);
};

test('accepts the token of a service for every kind of key and hash', async () => {
  for (const keySpec of ['EC-256', 'EC-384', 'EC-521', 'RSA-2048', 'RSA-3072', 'RSA-4096'] as const) {
    const { authority, token } = await timestampLab({ keySpec });
    const roots = [parseCertificate(authority.root.certificate)];
    for (const imprintHash of ['sha256', 'sha384', 'sha512'] as const) {
      const stamped = await token({ imprintHash, hash: imprintHash });
      const stamp = await verifyTimestampToken(stamped, { message, roots, hash: imprintHash });
      expect(stamp).toMatchObject({ time: now, hash: imprintHash });
      expect(stamp.certificateChain).toHaveLength(3);
    }
  }
});

test('a service is asked over HTTP on loopback', async () => {
  const { authority, services } = await timestampLab();
  const listener = await services.listen();
  const roots = [parseCertificate(authority.root.certificate)];
  const timestamper = createHttpTimestamper({ url: services.timestampUrl(listener.url), roots, fetch, now: () => now });
  const token = await timestamper.timestamp(message, 'sha384');
  expect(await verifyTimestampToken(token, { message, roots })).toMatchObject({ hash: 'sha384' });
  await listener.close();
});

describe('S1 imprint', () => {
  const sha1 = sequence(oidOf(0x2b, 0x0e, 0x03, 0x02, 0x1a), new Uint8Array([5, 0]));
  const octets = (bytes: Uint8Array): Uint8Array => concatBytes([new Uint8Array([4, bytes.length]), bytes]);
  const sha384Name = oidOf(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02);

  test.each<[string, Partial<TokenOptions>]>([
    ['by SHA-1', { imprint: sequence(sha1, octets(new Uint8Array(20))) }],
    ['by another hash than it says', { imprint: sequence(sequence(sha384Name), octets(hash('sha256', message))) }],
  ])('%s', async (_, options) => {
    expect(await (await timestampLab()).verdict(options)).toBe(refused);
  });

  test('of another message, or by another hash than asked for', async () => {
    const { authority, token } = await timestampLab();
    const roots = [parseCertificate(authority.root.certificate)];
    const stamped = await token();
    expect(await codeOf(verifyTimestampToken(stamped, { message: utf8('another'), roots }))).toBe(refused);
    expect(await codeOf(verifyTimestampToken(stamped, { message, roots, hash: 'sha384' }))).toBe(refused);
  });
});

describe('S2 invalid answers', () => {
  test.each<[string, TimestampFault]>([
    ['rejection', { status: 2, failure: 0, statusText: 'no' }],
    ['rejection beside a token that is good', { status: 2, withoutToken: false }],
    ['waiting beside a token that is good', { status: 3, withoutToken: false }],
    ['waiting', { status: 3 }],
    ['granted without a token', { withoutToken: true }],
    ['trailing bytes in the token', { change: (token) => concatBytes([token, new Uint8Array([0])]) }],
    ['HTML', { body: utf8('<html>') }],
    ['nothing', { body: new Uint8Array() }],
    [
      'an answer about another message',
      {
        imprint: sequence(
          sequence(oidOf(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1)),
          concatBytes([new Uint8Array([4, 32]), new Uint8Array(32)]),
        ),
      },
    ],
  ])('%s', async (_, fault) => {
    expect(await (await timestampLab()).request(fault)).toBe(noAnswer);
  });

  test.each([
    ['status 500', faults.status({ status: 500 })],
    ['another content type', faults.header('Content-Type', 'text/html')],
    ['a redirect', faults.redirect('http://tsa.lab.test/tsa')],
    ['a cut connection', faults.cut()],
    ['an endless body', faults.endlessBody()],
  ])('%s', async (_, transport) => {
    const { authority, services } = await timestampLab();
    services.misbehave({ tsa: { transport } });
    const roots = [parseCertificate(authority.root.certificate)];
    const timestamper = createHttpTimestamper({ url: 'http://tsa.lab.test/tsa', roots, fetch: services.fetch });
    expect(await codeOf(timestamper.timestamp(message, 'sha256'))).toBe(noAnswer);
  });

  describe('asks a busy authority again', () => {
    type Step = readonly [status: number, headers?: Readonly<Record<string, string>>];

    /** Answers as the steps say, then as the authority does; waits without waiting. */
    async function ask(steps: readonly Step[], retry: RetryPolicy = {}) {
      const { authority, services } = await timestampLab();
      const waits: number[] = [];
      const nonces = new Set<string>();
      let asked = 0;
      const fetch: Fetch = async (url, init) => {
        nonces.add(Buffer.from(init?.body as Uint8Array).toString('hex'));
        const step = steps[asked++];
        if (step === undefined) return await services.fetch(url, init);
        return new Response('busy', { status: step[0], headers: { 'content-type': 'text/plain', ...step[1] } });
      };
      const roots = [parseCertificate(authority.root.certificate)];
      const timestamper = createHttpTimestamper({
        url: 'http://tsa.lab.test/tsa',
        roots,
        fetch,
        now: () => now,
        retry: { delayMs: 100, random: () => 1, sleep: async (ms) => void waits.push(ms), ...retry },
      });
      const outcome = await timestamper.timestamp(message, 'sha256').then(
        () => 'ok',
        ({ code, detail }: PkiError) => [code, (detail as { retryable?: boolean }).retryable],
      );
      expect(nonces.size).toBe(asked);
      return { outcome, asked, waits };
    }

    test.each([408, 429, 502, 503, 504])('one %i', async (status) => {
      expect(await ask([[status]])).toEqual({ outcome: 'ok', asked: 2, waits: [100] });
    });

    test('not before the requested delay', async () => {
      const steps: Step[] = [
        [503, { 'retry-after': '7' }],
        [429, { 'retry-after': 'soon' }],
      ];
      expect(await ask(steps)).toEqual({ outcome: 'ok', asked: 3, waits: [7000, 200] });
    });

    test('not for ever, and not after too long a delay', async () => {
      const failed = [noAnswer, true];
      expect(await ask([[503], [503], [503], [503]])).toEqual({ outcome: failed, asked: 3, waits: [100, 200] });
      expect(await ask([[503]], { retries: 0 })).toEqual({ outcome: failed, asked: 1, waits: [] });
      expect(await ask([[503, { 'retry-after': '61' }]])).toEqual({ outcome: failed, asked: 1, waits: [] });
    });

    test.each([200, 302, 400, 401, 403, 404, 500, 501])('and no other: %i', async (status) => {
      expect(await ask([[status]])).toEqual({ outcome: [noAnswer, false], asked: 1, waits: [] });
    });

    test('a policy with invalid numbers is refused', async () => {
      await expect(ask([], { retries: Number.NaN })).rejects.toMatchObject({ code: noAnswer });
    });
  });

  test('a content type with parameters is the same type (RFC 9110, 8.3.1)', async () => {
    const { authority, services } = await timestampLab();
    services.misbehave({ tsa: { transport: faults.header('Content-Type', 'Application/Timestamp-Reply; v=1') } });
    const roots = [parseCertificate(authority.root.certificate)];
    const options = { url: 'http://tsa.lab.test/tsa', roots, fetch: services.fetch, now: () => now };
    expect(await codeOf(createHttpTimestamper(options).timestamp(message, 'sha256'))).toBe('ok');
  });

  test('no answer in time; the caller’s abort', async () => {
    const { authority, services } = await timestampLab();
    services.misbehave({ tsa: { transport: faults.stall() } });
    const roots = [parseCertificate(authority.root.certificate)];
    const options = { url: 'http://tsa.lab.test/tsa', roots, fetch: services.fetch, timeoutMs: 50 };
    expect(await codeOf(createHttpTimestamper(options).timestamp(message, 'sha256'))).toBe(noAnswer);
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(createHttpTimestamper(options).timestamp(message, 'sha256', { signal })).rejects.toThrow('stopped');
  });

  test('an answer with granted or granted with changes is one', async () => {
    const lab = await timestampLab();
    expect(await lab.request({})).toBe('ok');
    expect(await lab.request({ status: 1 })).toBe('ok');
  });
});

test('S3 the nonce is sent anew each time, and must come back', async () => {
  const lab = await timestampLab();
  expect(await lab.request({ nonce: 'drop' })).toBe(noAnswer);
  expect(await lab.request({ nonce: 1n })).toBe(noAnswer);
  const bodies: string[] = [];
  const fetch: Fetch = (url, init) => {
    bodies.push(Buffer.from(init?.body as Uint8Array).toString('hex'));
    return lab.services.fetch(url, init);
  };
  lab.services.misbehave();
  const roots = [parseCertificate(lab.authority.root.certificate)];
  const timestamper = createHttpTimestamper({ url: 'http://tsa.lab.test/tsa', roots, fetch, now: () => now });
  for (let i = 0; i < 3; i++) await timestamper.timestamp(message, 'sha256');
  expect(new Set(bodies).size).toBe(3);
  expect(bodies.every((body) => /0214[4-7]/.test(body))).toBe(true);
});

test.each([0, 2, 3])('S4 %i signers are refused', async (signerInfos) => {
  expect(await (await timestampLab()).verdict({ signerInfos })).toBe(refused);
});

describe('S5 another certificate in the token', () => {
  test('a valid one does not help a signer with the wrong purpose', async () => {
    const { authority, signer } = await timestampLab();
    const wrong = await authority.issueLeaf();
    const certificates = [signer.certificate, ...wrong.chain.slice(0, -1)];
    const roots = [parseCertificate(authority.root.certificate)];
    const signedByWrong = await buildTimestampToken(message, { signer: wrong, certificates, genTime: now });
    expect(await codeOf(verifyTimestampToken(signedByWrong, { message, roots }))).toBe(refused);
    const named = await buildTimestampToken(message, {
      signer: wrong,
      certificates,
      genTime: now,
      signingCertificate: signer.certificate,
    });
    expect(await codeOf(verifyTimestampToken(named, { message, roots }))).toBe(refused);
  });

  test('an unrelated one does not harm a valid signer', async () => {
    const { authority, signer, verdict } = await timestampLab();
    const certificates = [...(await authority.issueLeaf()).chain, ...signer.chain];
    expect(await verdict({ certificates })).toBe('ok');
  });
});

describe('S6 signing-certificate-v2', () => {
  test.each<[string, Partial<TokenOptions>]>([
    ['missing', { signingCertificateAttribute: 'none' }],
    ['version 1', { signingCertificateAttribute: 'v1' }],
    ['hash of another', { signingCertificate: new Uint8Array([1]) }],
    [
      'issuer and serial number of another',
      { issuerSerial: sequence(sequence(Uint8Array.from([0xa4, 2, 0x30, 0])), new Uint8Array([2, 1, 7])) },
    ],
    ['no certificate in the token', { certificates: [] }],
  ])('%s', async (_, options) => {
    expect(await (await timestampLab()).verdict(options)).toBe(refused);
  });
});

describe('S7 signed attributes', () => {
  const without = (index: number) => (list: readonly Uint8Array<ArrayBuffer>[]) => list.filter((_, i) => i !== index);
  test.each<[string, Partial<TokenOptions>]>([
    ['none', { signedAttributes: () => [] }],
    ['no content type', { signedAttributes: without(0) }],
    ['no message digest', { signedAttributes: without(1) }],
    ['another content type', { contentType: '1.2.840.113549.1.7.1' }],
    [
      'another digest',
      {
        signedAttributes: ([type, , ...rest]) => [
          type!,
          attribute('1.2.840.113549.1.9.4', concatBytes([new Uint8Array([4, 32]), new Uint8Array(32)])),
          ...rest,
        ],
      },
    ],
    [
      'two values of one',
      {
        signedAttributes: ([type, digest, ...rest]) => [
          type!,
          attribute('1.2.840.113549.1.9.4', digest!.slice(-34), new Uint8Array([4, 0])),
          ...rest,
        ],
      },
    ],
    ['another version of CMS', { signedDataVersion: 1 }],
    ['the same one twice', { signedAttributes: (list) => [...list, list[1]!] }],
    ['changed after signing', { corrupt: true }],
  ])('%s', async (_, options) => {
    expect(await (await timestampLab()).verdict(options)).toBe(refused);
  });

  test('a signing time outside of the authority’s validity', async () => {
    const outside = attribute('1.2.840.113549.1.9.5', concatBytes([new Uint8Array([0x17, 13]), utf8('100101000000Z')]));
    const signedAttributes = (list: readonly Uint8Array<ArrayBuffer>[]) => [...list.filter((_, i) => i !== 2), outside];
    expect(await (await timestampLab()).verdict({ signedAttributes })).toBe(refused);
  });
});

describe('S8 purpose of the signer', () => {
  const instead =
    (...extensions: ExtensionSpec[]) =>
    (list: readonly ExtensionSpec[]): ExtensionSpec[] => {
      const oids = new Set(['2.5.29.37', ...extensions.map(({ oid }) => oid)]);
      return [...list.filter(({ oid }) => !oids.has(oid)), ...extensions];
    };
  const good = extendedKeyUsage([purposes.timeStamping], true);
  test.each<[string, (list: readonly ExtensionSpec[]) => ExtensionSpec[], string]>([
    ['missing', instead(), refused],
    ['not critical', instead(extendedKeyUsage([purposes.timeStamping])), refused],
    ['with others', instead(extendedKeyUsage([purposes.timeStamping, purposes.codeSigning], true)), refused],
    ['any', instead(extendedKeyUsage([purposes.any], true)), refused],
    ['a CA', instead(good, basicConstraints({ ca: true })), refused],
    ['may not sign', instead(good, keyUsage(['keyAgreement'])), refused],
    ['alone and critical', instead(good), 'ok'],
  ])('%s', async (_, extensions, expected) => {
    expect(await (await timestampLab({ extensions })).verdict()).toBe(expected);
  });
});

describe('S9 accuracy and time', () => {
  const spanOf = async (options: Partial<TokenOptions>): Promise<[number, number]> => {
    const { authority, token } = await timestampLab();
    const roots = [parseCertificate(authority.root.certificate)];
    const { earliest, latest } = await verifyTimestampToken(await token(options), { message, roots });
    return [now.getTime() - earliest.getTime(), latest.getTime() - now.getTime()];
  };

  test.each<[string, Partial<TokenOptions>, [number, number]]>([
    ['absent', { accuracy: null }, [0, 0]],
    ['absent under the baseline policy', { accuracy: null, policy: '0.4.0.2023.1.1' }, [1000, 1000]],
    ['of all parts, rounded up', { accuracy: { seconds: 2, millis: 5, micros: 1 } }, [2006, 2006]],
    ['with a fraction of the time', { accuracy: null, fraction: '5' }, [-500, 500]],
    ['with a fraction finer than milliseconds', { accuracy: null, fraction: '0001' }, [0, 1]],
    ['of zero', { accuracy: { seconds: 1, millis: 0 } }, [1000, 1000]],
    ['with ordering', { ordering: true }, [1000, 1000]],
    ['with ordering written as false', { ordering: false }, [1000, 1000]],
    ['a day', { accuracy: { seconds: 86_400 } }, [86_400_000, 86_400_000]],
  ])('%s', async (_, options, expected) => {
    expect(await spanOf(options)).toEqual(expected);
  });

  test.each<[string, Partial<TokenOptions>, string]>([
    ['more than a day', { accuracy: { seconds: 86_401 } }, refused],
    ['absurd', { accuracy: { seconds: 2 ** 40 } }, refused],
    ['negative', { accuracy: { seconds: -1 } }, 'ERR_PKI_ASN1'],
    ['millis 1000', { accuracy: { millis: 1000 } }, refused],
    ['micros 1000', { accuracy: { micros: 1000 } }, refused],
    ['a fraction that ends with zero', { fraction: '50' }, 'ERR_PKI_ASN1'],
    ['version 2', { version: 2 }, refused],
    [
      'a critical extension',
      { extensions: [{ oid: '1.2.3.4', critical: true, value: new Uint8Array([5, 0]) }] },
      refused,
    ],
    [
      'an extension that is not critical',
      { extensions: [{ oid: '1.2.3.4', critical: false, value: new Uint8Array([5, 0]) }] },
      'ok',
    ],
  ])('%s', async (_, options, code) => {
    expect(await (await timestampLab()).verdict(options)).toBe(code);
  });
});

describe('S11 the authority’s certificate', () => {
  test('expired at the stamped time, or not yet valid', async () => {
    expect(await (await timestampLab({ notAfter: days(-1) })).verdict()).toBe('ERR_PKI_CHAIN');
    expect(await (await timestampLab({ notBefore: days(1) })).verdict()).toBe('ERR_PKI_CHAIN');
  });

  test('expired since is fine later, but not when the token has just been received', async () => {
    const { authority, token } = await timestampLab({ notAfter: days(1) });
    const roots = [parseCertificate(authority.root.certificate)];
    const stamped = await token();
    expect(await codeOf(verifyTimestampToken(stamped, { message, roots }))).toBe('ok');
    expect(await codeOf(verifyTimestampToken(stamped, { message, roots, at: days(2) }))).toBe('ERR_PKI_CHAIN');
  });

  test('of another root', async () => {
    const stranger = await createAuthority();
    const roots = [parseCertificate(stranger.root.certificate)];
    expect(await codeOf(verifyTimestampToken(await (await timestampLab()).token(), { message, roots }))).toBe(
      'ERR_PKI_CHAIN',
    );
    expect(await codeOf(verifyTimestampToken(await (await timestampLab()).token(), { message, roots: [] }))).toBe(
      'ERR_PKI_CHAIN',
    );
  });
});

describe('S11 the authority’s path', () => {
  const dns = (text: string) => encodeContextPrimitive(2, utf8(text));
  const email = (text: string) => encodeContextPrimitive(1, utf8(text));
  const uri = (text: string) => encodeContextPrimitive(6, utf8(text));
  const ip = (...bytes: number[]) => encodeContextPrimitive(7, Uint8Array.from(bytes));
  const directory = (organization: string) => encodeContext(4, encodeName({ C: 'US', ST: 'WA', O: organization }));
  const spec = (oid: string, value: Uint8Array, critical: boolean): ExtensionSpec => ({ oid, critical, value });
  const names = (...list: Uint8Array[]) => spec('2.5.29.17', encodeSequence(...list), false);
  const subtrees = (list: Uint8Array[]) => list.map((name) => encodeSequence(name));
  const permitted = (...list: Uint8Array[]) =>
    spec('2.5.29.30', encodeSequence(encodeContext(0, ...subtrees(list))), true);
  const excluded = (...list: Uint8Array[]) =>
    spec('2.5.29.30', encodeSequence(encodeContext(1, ...subtrees(list))), true);
  const mild = (extension: ExtensionSpec): ExtensionSpec => ({ ...extension, critical: false });
  const unknown = (critical: boolean) => spec('1.3.6.1.4.1.99999.1', encodeNull(), critical);
  const policy = (tag: number) =>
    spec('2.5.29.36', encodeSequence(encodeContextPrimitive(tag, Uint8Array.of(0))), true);

  interface Path {
    readonly top?: readonly ExtensionSpec[];
    readonly ca?: readonly ExtensionSpec[];
    readonly leaf?: readonly ExtensionSpec[];
  }

  /** The verdict on a token whose authority has these extensions; `top` is the trusted certificate. */
  async function verdictOn({ top = [], ca = [], leaf = [] }: Path): Promise<string> {
    const authority = await createAuthority({ intermediates: 0 });
    const adding = (more: readonly ExtensionSpec[]) => (list: readonly ExtensionSpec[]) => [
      ...list.filter(({ oid }) => more.every((one) => one.oid !== oid)),
      ...more,
    ];
    const anchor = await authority.issueCa({ extensions: adding(top) });
    const issuer = await authority.issueCa({ issuer: anchor, extensions: adding(ca) });
    const subject = { C: 'US', ST: 'WA', O: 'Stamps' };
    const signer = await authority.issueTimestamping({ issuer, subject, extensions: adding(leaf) });
    const token = await buildTimestampToken(message, { signer, genTime: now });
    return codeOf(verifyTimestampToken(token, { message, roots: [parseCertificate(anchor.certificate)] }));
  }

  test.each<[string, Path]>([
    ['an unknown critical extension of the signer', { leaf: [unknown(true)] }],
    ['an unknown critical extension of an authority', { ca: [unknown(true)] }],
    ['an unknown critical extension of the trusted certificate', { top: [unknown(true)] }],
    ['a critical key identifier', { ca: [spec('2.5.29.14', new Uint8Array([4, 1, 1]), true)] }],
    ['a DNS name that is not permitted', { ca: [permitted(dns('good.test'))], leaf: [names(dns('evil.test'))] }],
    ['the same, not critical', { ca: [mild(permitted(dns('good.test')))], leaf: [names(dns('evil.test'))] }],
    ['the same, by the trusted certificate', { top: [permitted(dns('good.test'))], leaf: [names(dns('evil.test'))] }],
    ['a DNS name that is excluded', { ca: [excluded(dns('evil.test'))], leaf: [names(dns('tsa.evil.test'))] }],
    ['an address that is not permitted', { ca: [permitted(email('good.test'))], leaf: [names(email('a@evil.test'))] }],
    ['a URI that is not permitted', { ca: [permitted(uri('good.test'))], leaf: [names(uri('http://evil.test/'))] }],
    ['an IP that is not permitted', { ca: [permitted(ip(10, 0, 0, 0, 255, 0, 0, 0))], leaf: [names(ip(11, 0, 0, 1))] }],
    ['a subject that is not permitted', { top: [permitted(directory('Others'))] }],
    ['a subject that is excluded', { ca: [excluded(directory('Stamps'))] }],
    ['constraints that are malformed', { ca: [spec('2.5.29.30', encodeSequence(), false)] }],
    ['names that are malformed', { leaf: [spec('2.5.29.17', encodeNull(), false)] }],
    ['information access that is malformed', { ca: [spec('1.3.6.1.5.5.7.1.1', encodeNull(), false)] }],
    ['an authority that demands a policy', { ca: [policy(0)] }],
    ['policy constraints that are malformed', { ca: [spec('2.5.29.36', encodeSequence(), true)] }],
  ])('%s', async (_, path) => {
    expect(await verdictOn(path)).toBe('ERR_PKI_CHAIN');
  });

  test.each<[string, Path]>([
    ['an unknown extension', { top: [unknown(false)], ca: [unknown(false)], leaf: [unknown(false)] }],
    ['names that are permitted', { ca: [permitted(dns('good.test'))], leaf: [names(dns('tsa.good.test'))] }],
    ['a subject that is permitted', { ca: [permitted(directory('Stamps'))] }],
    ['names that no constraint is about', { ca: [permitted(dns('good.test'))], leaf: [names(email('a@evil.test'))] }],
    ['a constraint on mappings only', { ca: [policy(1)] }],
    ['what the trusted certificate says of policies', { top: [policy(0)] }],
    [
      'policies, and that any is none',
      { ca: [spec('2.5.29.54', encodeInteger(0), true), spec('2.5.29.32', encodeSequence(), true)] },
    ],
  ])('holds with %s', async (_, path) => {
    expect(await verdictOn(path)).toBe('ok');
  });
});

test('S12 a token over the DER form of an ECDSA signature is over other bytes', async () => {
  const { authority, signer } = await timestampLab();
  const { signature } = await signer.signer.sign({ payload: message, keySpec: 'EC-256' });
  const roots = [parseCertificate(authority.root.certificate)];
  const overDer = await buildTimestampToken(ecdsaToDer(signature), { signer, genTime: now });
  expect(await codeOf(verifyTimestampToken(overDer, { message: signature, roots }))).toBe(refused);
  const overRaw = await buildTimestampToken(signature, { signer, genTime: now });
  expect(await codeOf(verifyTimestampToken(overRaw, { message: signature, roots }))).toBe('ok');
});

describe('S13 unbounded CMS', () => {
  const options = { message, roots: [] };
  const nested = (depth: number): Uint8Array =>
    concatBytes([...Array.from({ length: depth }, () => new Uint8Array([0x30, 0x80])), new Uint8Array(2 * depth)]);

  test('nested sets, many elements and many bytes', async () => {
    expect(await codeOf(verifyTimestampToken(nested(10_000), options))).toBe('ERR_PKI_LIMIT');
    const many = concatBytes([
      new Uint8Array([0x30, 0x80]),
      new Uint8Array(60_000).map((_, i) => (i % 2 === 0 ? 5 : 0)),
      new Uint8Array(2),
    ]);
    expect(await codeOf(verifyTimestampToken(many, options))).toBe('ERR_PKI_LIMIT');
    expect(await codeOf(verifyTimestampToken(new Uint8Array(300_000), options))).toBe('ERR_PKI_LIMIT');
  });

  test('S7 checks the form of members that are not used', async () => {
    const { authority, token } = await timestampLab();
    const roots = [parseCertificate(authority.root.certificate)];
    const hex = Buffer.from(await token()).toString('hex');
    const digests = '310f300d06096086480165030402010500';
    expect(hex.split(digests)).toHaveLength(2);
    // The SEQUENCE of an AlgorithmIdentifier as an OCTET STRING, without its OID, and with more than parameters: the same length each.
    for (const other of [
      '310f040d0609608648016503040201',
      '310f300d05000508608648016503',
      '310f300d06056086480165050005000500',
    ])
      expect(
        await codeOf(
          verifyTimestampToken(
            new Uint8Array(Buffer.from(hex.replace(digests, other.padEnd(digests.length, '0500')), 'hex')),
            { message, roots },
          ),
        ),
      ).toBe('ERR_PKI_ASN1');
    expect(await codeOf(verifyTimestampToken(new Uint8Array(Buffer.from(hex, 'hex')), { message, roots }))).toBe('ok');
  });

  test('another kind of CMS', async () => {
    const der = Buffer.from(await (await timestampLab()).token());
    // pkcs7-signedData becomes pkcs7-digestedData.
    der[der.indexOf(Buffer.from('06092a864886f70d010702', 'hex')) + 10] = 5;
    expect(await codeOf(verifyTimestampToken(new Uint8Array(der), options))).toBe(refused);
  });

  test('many certificates or signers', async () => {
    const { signer, verdict } = await timestampLab();
    expect(await verdict({ signerInfos: 11 })).toBe('ERR_PKI_LIMIT');
    const certificates = Array.from({ length: 40 }, () => signer.certificate);
    expect(await verdict({ certificates })).toBe('ERR_PKI_LIMIT');
  });

  test('indefinite lengths are BER, and read', async () => {
    const { authority, token } = await timestampLab();
    const roots = [parseCertificate(authority.root.certificate)];
    const der = await token();
    // The outermost SEQUENCE, of long form with two octets, in the indefinite form.
    const ber = concatBytes([new Uint8Array([0x30, 0x80]), der.subarray(4), new Uint8Array(2)]);
    expect(der[1]).toBe(0x82);
    expect(await codeOf(verifyTimestampToken(ber, { message, roots }))).toBe('ok');
  });
});

test.each([
  'tsa.test',
  '//tsa.test/',
  'file:///etc/passwd',
  'ftp://tsa.test/',
  'http://user:word@tsa.test/',
  'http://',
  '',
])('S14 the URL "%s" is refused before any request', (url) => {
  const fetch: Fetch = () => Promise.reject(new Error('asked'));
  expect(() => createHttpTimestamper({ url, roots: [], fetch })).toThrow(expect.objectContaining({ code: noAnswer }));
});

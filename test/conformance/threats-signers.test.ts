import { createPrivateKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { utf8 } from '@notarykit/common';
import { encodeBase64Url } from '@notarykit/common/internal';
import { localSigner } from '@notarykit/kms-providers/local';
import { parseCertificate } from '@notarykit/pki';
import { ecdsaToDer } from '@notarykit/pki/internal';
import {
  type EnvelopeSigner,
  fromDigestSigner,
  fromPayloadSigner,
  limiting,
  orderChain,
  retrying,
  type SignEnvelopeOptions,
  type Signer,
  SignerError,
  signEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import { checkedSigner } from '@notarykit/signature-envelope/internal';
import { type Authority, createAuthority, type Issued } from '@notarykit/testing';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { expectCode } from '../forge/expect-code.js';
import { forgeJws } from '../forge/jws.js';

const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;
let authority: Authority;
let leaf: Issued;
let other: Issued;
let rsa: Issued;
beforeAll(async () => {
  authority = await createAuthority();
  leaf = await authority.issueLeaf();
  other = await authority.issueLeaf();
  rsa = await authority.issueLeaf({ keySpec: 'RSA-2048' });
});

async function reasonOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    if (error instanceof SignerError) return error.reason;
    throw error;
  }
}

const signWith = (signer: Signer | EnvelopeSigner, options: Partial<SignEnvelopeOptions> = {}) =>
  signEnvelope(target, { signer, ...options });
/** A signer with a part replaced. */
const altered = (issued: Issued, changes: Partial<Signer>): Signer => ({ ...issued.signer, ...changes });
const signingWith = (issued: Issued, change: (signature: Uint8Array) => Uint8Array): Signer =>
  altered(issued, {
    async sign(request) {
      const { signature, certificateChain } = await issued.signer.sign(request);
      return { signature: change(signature), certificateChain };
    },
  });

describe('threats', () => {
  test('K1 never returns a signature that does not match the leaf', async () => {
    const flipped = signingWith(leaf, (s) => s.map((byte, i) => (i === 7 ? byte ^ 1 : byte)));
    const otherBytes = altered(leaf, { sign: (request) => leaf.signer.sign({ ...request, payload: utf8('x') }) });
    const twiceHashed = fromPayloadSigner(leaf.chain, async (payload, request) => {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', payload as Uint8Array<ArrayBuffer>));
      return (await leaf.signer.sign({ ...request, payload: digest })).signature;
    });
    const otherKey = altered(leaf, {
      sign: async (r) => ({ ...(await other.signer.sign(r)), certificateChain: leaf.chain }),
    });
    const longer = signingWith(leaf, (s) => Uint8Array.from([...s, 0]));
    for (const format of ['jws', 'cose'] as const)
      for (const signer of [flipped, otherBytes, twiceHashed, otherKey, longer])
        expect(await reasonOf(() => signWith(signer, { format }))).toBe('bad-signature');
    expect(await reasonOf(() => signWith(signingWith(leaf, ecdsaToDer)))).toBe('bad-signature-encoding');
    const pkcs1 = fromPayloadSigner(rsa.chain, async (payload) => {
      const name = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
      const pkcs8 = await crypto.subtle.exportKey('pkcs8', rsa.privateKey);
      const key = await crypto.subtle.importKey('pkcs8', pkcs8, name, false, ['sign']);
      return new Uint8Array(await crypto.subtle.sign(name, key, payload as Uint8Array<ArrayBuffer>));
    });
    expect(await reasonOf(() => signWith(pkcs1))).toBe('bad-signature');
    const shortSalt = fromPayloadSigner(rsa.chain, async (payload) => {
      const parameters = { name: 'RSA-PSS', saltLength: 31 };
      return new Uint8Array(await crypto.subtle.sign(parameters, rsa.privateKey, payload as Uint8Array<ArrayBuffer>));
    });
    expect(await reasonOf(() => signWith(shortSalt))).toBe('bad-signature');
  });

  test('K2 a chain that does not fit is refused before a signature is asked for', async () => {
    const expired = await authority.issueLeaf({ notAfter: new Date('2021-01-01T00:00:00Z') });
    let asked = 0;
    const promising = (keySpec: Issued['keySpec'], certificateChain: readonly Uint8Array[]): Signer => ({
      describe: async () => ({ keySpec, certificateChain, keyId: 'key-1' }),
      sign: (request) => {
        asked++;
        return leaf.signer.sign(request);
      },
    });
    const chains: Record<string, readonly Uint8Array[]> = {
      expired: expired.chain,
      'wrong order': [...leaf.chain].reverse(),
      'root missing': leaf.chain.slice(0, -1),
      empty: [],
      'not a certificate': [utf8('x')],
      'no leaf': leaf.chain.slice(1),
    };
    for (const [name, chain] of Object.entries(chains))
      expect(await reasonOf(() => signWith(promising('EC-256', chain))), name).toBe('chain-mismatch');
    expect(await reasonOf(() => signWith(promising('EC-384', leaf.chain)))).toBe('chain-mismatch');
    expect(asked).toBe(0);
    const stale = altered(leaf, { sign: (request) => other.signer.sign(request) });
    expect(await reasonOf(() => signWith(stale)), 'another leaf than described').toBe('chain-mismatch');
    const late: Signer = {
      describe: async () => ({ keySpec: 'EC-256' }),
      sign: (request) => expired.signer.sign(request),
    };
    expect(await reasonOf(() => signWith(late)), 'chain known only afterwards').toBe('chain-mismatch');
    const foreign = altered(leaf, {
      sign: async (r) => ({ ...(await leaf.signer.sign(r)), certificateChain: [leaf.chain[0]!] }),
    });
    expect(await reasonOf(() => signWith(foreign)), 'shorter chain than described').toBe('chain-mismatch');
  });

  test('K3 only failures that say they may pass are tried again, and not for ever', async () => {
    const failing = (reason: 'throttled' | 'access-denied', times: number): { signer: Signer; calls: () => number } => {
      let calls = 0;
      const sign: Signer['sign'] = (request) => {
        if (++calls <= times) throw new SignerError('not now', { reason });
        return leaf.signer.sign(request);
      };
      return { signer: altered(leaf, { sign }), calls: () => calls };
    };
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    const policy = { retries: 3, delayMs: 100, sleep, random: () => 1 };
    const recovers = failing('throttled', 3);
    await signWith(retrying(recovers.signer, policy));
    expect([recovers.calls(), waits]).toEqual([4, [100, 200, 400]]);
    const never = failing('throttled', 99);
    expect(await reasonOf(() => signWith(retrying(never.signer, policy)))).toBe('throttled');
    expect(never.calls()).toBe(4);
    const asked = (retryAfterMs: number): Signer => {
      let calls = 0;
      const sign: Signer['sign'] = (request) => {
        if (++calls === 1) throw new SignerError('not now', { reason: 'throttled', retryAfterMs });
        return leaf.signer.sign(request);
      };
      return altered(leaf, { sign });
    };
    waits.length = 0;
    for (const retryAfterMs of [5000, 7, -1, Number.NaN]) await signWith(retrying(asked(retryAfterMs), policy));
    expect(waits).toEqual([5000, 100, 100, 100]);
    expect(await reasonOf(() => signWith(retrying(asked(60_001), policy)))).toBe('throttled');
    const denied = failing('access-denied', 1);
    expect(await reasonOf(() => signWith(retrying(denied.signer, policy)))).toBe('access-denied');
    expect(denied.calls()).toBe(1);
  });

  test('K4 an abort rejects with its reason and nothing is signed after it', async () => {
    const reason = new Error('enough');
    const asked: string[] = [];
    const deaf: Signer = {
      describe: async () => {
        asked.push('describe');
        return { keySpec: 'EC-256', certificateChain: leaf.chain };
      },
      sign: ({ payload, keySpec }) => leaf.signer.sign({ payload, keySpec }),
    };
    await expect(signWith(deaf, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toEqual([]);
    const abort = new AbortController();
    const slow = altered(leaf, {
      sign: ({ signal }) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    });
    const signing = signWith(slow, { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 5);
    await expect(signing).rejects.toBe(reason);
    const throttled = altered(leaf, {
      sign: () => Promise.reject(new SignerError('busy', { reason: 'throttled' })),
    });
    // Time stands still: a pause that an abort does not end would never end.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const waiting = new AbortController();
      const patient = signWith(retrying(throttled, { delayMs: 1000, random: () => 1 }), { signal: waiting.signal });
      const ended = patient.then(
        () => 'signed',
        (error: unknown) => error,
      );
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
      waiting.abort(reason);
      const later = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve('still waiting'))));
      expect(await Promise.race([ended, later])).toBe(reason);
    } finally {
      vi.useRealTimers();
    }
  });

  test('K10 limits concurrent calls in order, and K4 drops cancelled callers', async () => {
    const [begun, endings]: [number[], (() => void)[]] = [[], []];
    const slow: Signer = {
      describe: () => leaf.signer.describe(),
      sign: async (request) => {
        begun.push(request.payload[0] as number);
        await new Promise<void>((resolve) => endings.push(resolve));
        return leaf.signer.sign(request);
      },
    };
    const limited = limiting(slow, { concurrency: 2 });
    const keySpec = 'EC-256';
    const running = [1, 2].map((byte) => limited.sign({ payload: Uint8Array.of(byte), keySpec }));
    const giveUp = new AbortController();
    const given = limited.sign({ payload: Uint8Array.of(3), keySpec, signal: giveUp.signal });
    const last = limited.sign({ payload: Uint8Array.of(4), keySpec });
    giveUp.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(begun).toEqual([1, 2]);
    endings.shift()?.();
    await running[0];
    await expect.poll(() => begun, { timeout: 30_000 }).toEqual([1, 2, 4]);
    for (const end of endings) end();
    await Promise.all([running[1], last]);
    for (const concurrency of [0, 1.5, Number.NaN]) expect(() => limiting(slow, { concurrency })).toThrow(SignerError);
  });

  test('K7 an envelope that was not asked for is refused', async () => {
    const making = (
      change: (request: Parameters<EnvelopeSigner['signEnvelope']>[0]) => Promise<Uint8Array>,
    ): EnvelopeSigner => ({
      signEnvelope: async (request) => ({ envelope: await change(request) }),
    });
    const payloadOf = (request: { payload: Uint8Array }): string => new TextDecoder().decode(request.payload);
    const good = making((request) => forgeJws(leaf, { payload: request.payload }));
    const { verified } = await signWith(good, { metadata: { a: 'b' } });
    expect(verified.targetArtifact.annotations).toEqual({ a: 'b' });
    const expiring = (seconds: number): EnvelopeSigner =>
      making((request) =>
        forgeJws(leaf, {
          payload: request.payload,
          protected: (h) => ({
            ...h,
            crit: ['io.cncf.notary.signingScheme', 'io.cncf.notary.expiry'],
            'io.cncf.notary.expiry': new Date(Date.UTC(2025, 0, 1) + seconds * 1000).toISOString().replace('.000', ''),
          }),
        }),
      );
    const now = new Date('2026-01-01T00:00:00Z');
    const expiry = new Date('2026-01-01T01:00:00Z');
    expect(await reasonOf(() => signWith(expiring(3600), { now, expiry }))).toBe('ok');
    const cases: Record<string, () => Promise<unknown>> = {
      'another digest': () => signWith(making((r) => forgeJws(leaf, { payload: payloadOf(r).replace('aa', 'bb') }))),
      'another size': () => signWith(making((r) => forgeJws(leaf, { payload: payloadOf(r).replace(':3', ':4') }))),
      'another type': () =>
        signWith(making((r) => forgeJws(leaf, { payload: payloadOf(r).replace('image.manifest', 'image.index') }))),
      'metadata left out': () =>
        signWith(
          making((r) => forgeJws(leaf, { payload: payloadOf(r).replace(/,"annotations":{[^}]*}/, '') })),
          { metadata: { a: 'b' } },
        ),
      'metadata changed': () =>
        signWith(
          making((r) => forgeJws(leaf, { payload: payloadOf(r).replace('"b"', '"c"') })),
          { metadata: { a: 'b' } },
        ),
      'unknown member': () =>
        signWith(making((r) => forgeJws(leaf, { payload: payloadOf(r).replace(/}$/, ',"more":1}') }))),
      'unknown descriptor member': () =>
        signWith(making((r) => forgeJws(leaf, { payload: payloadOf(r).replace('"size"', '"more":1,"size"') }))),
      'another format': () => signWith(good, { format: 'cose' }),
      'broken signature': () =>
        signWith(
          making((r) =>
            forgeJws(leaf, { payload: r.payload, signature: (s) => s.map((b, i) => (i === 3 ? b ^ 1 : b)) }),
          ),
        ),
      'not an envelope': () => signWith(making(async () => utf8('{}'))),
      'expiry left out': () => signWith(good, { now, expiry }),
      'expiry changed': () => signWith(expiring(7200), { now, expiry }),
      'certificate expired': async () => {
        const expired = await authority.issueLeaf({ notAfter: new Date('2025-06-01T00:00:00Z') });
        await signWith(making((r) => forgeJws(expired, { payload: r.payload })));
      },
      'scheme it cannot be told': () => signWith(good, { scheme: 'notary.x509.signingAuthority' }),
      'attributes it cannot be told': () =>
        signWith(good, { extendedAttributes: [{ key: 'x', value: 1, critical: false }] }),
    };
    for (const [name, work] of Object.entries(cases)) expect(await reasonOf(work), name).toBe('plugin');
  });

  test('K9 local keys: every form opens, a wrong password or too many iterations are refused, and no key is shown', async () => {
    const pkcs8 = createPrivateKey(leaf.privateKeyPem);
    const encrypted = pkcs8
      .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'right' })
      .toString();
    const sec1 = pkcs8.export({ format: 'pem', type: 'sec1' }).toString();
    const pkcs1 = createPrivateKey(rsa.privateKeyPem).export({ format: 'pem', type: 'pkcs1' }).toString();
    const local = (privateKey: string, issued: Issued, more: object = {}) =>
      localSigner({ privateKey, certificateChain: issued.chain, ...more });
    await signWith(local(sec1, leaf));
    await signWith(local(pkcs1, rsa));
    await signWith(local(encrypted, leaf, { password: 'right' }));
    for (const more of [{}, { password: 'wrong' }, { password: 'right', maxIterations: 10 }])
      expect(await reasonOf(() => signWith(local(encrypted, leaf, more)))).toBe('bad-key');
    const secret = leaf.privateKeyPem.split('\n')[1] ?? '';
    const signer = local(leaf.privateKeyPem, leaf);
    await signWith(signer);
    expect(JSON.stringify(signer) + inspect(signer, { depth: 9, showHidden: true })).not.toContain(secret);
    const error = await signWith(local(leaf.privateKeyPem.replace(secret, secret.slice(4)), leaf)).catch(
      (e: unknown) => e,
    );
    expect(inspect(error, { depth: 9 })).not.toContain(secret.slice(8, 40));
  });

  test('K10 a hundred concurrent signatures each match their payload', async () => {
    const digests = Array.from({ length: 100 }, () => `sha256:${randomBytes(32).toString('hex')}`);
    const signed = await Promise.all(
      digests.map((digest) => signEnvelope({ ...target, digest }, { signer: leaf.signer })),
    );
    expect(signed.map(({ verified }) => verified.targetArtifact.digest)).toEqual(digests);
    expect(new Set(signed.map(({ verified }) => encodeBase64Url(verified.signature))).size).toBe(100);
  });

  test('a checked signer can be used directly, with the same checks', async () => {
    // It does not look at what it is asked for.
    const careless = leaf.signer.sign;
    const sign: Signer['sign'] = (request) => careless({ ...request, keySpec: 'EC-256' });
    const signer = checkedSigner({ ...leaf.signer, sign });
    const { signature } = await signer.sign({ payload: utf8('x'), keySpec: 'EC-256' });
    expect(signature.length).toBe(64);
    expect(await reasonOf(() => signer.sign({ payload: utf8('x'), keySpec: 'EC-384' }))).toBe('chain-mismatch');
    const digests = fromDigestSigner(leaf.chain, async () => new Uint8Array(64));
    expect(await reasonOf(() => digests.sign({ payload: utf8('x'), keySpec: 'EC-384' }))).toBe('wrong-key-usage');
    expect(await reasonOf(async () => fromDigestSigner([], async () => new Uint8Array(64)))).toBe('chain-mismatch');
  });

  test('a chain in any order is put right, and what does not belong is refused', async () => {
    const [first, second, third] = leaf.chain.map((der) => parseCertificate(der));
    const spki = first!.publicKey.der;
    const ordered = await orderChain([third!, second!, first!, second!], spki);
    expect(ordered.map(({ fingerprint }) => fingerprint)).toEqual([first, second, third].map((c) => c!.fingerprint));
    const foreign = parseCertificate(other.chain[0]!);
    expect(await reasonOf(() => orderChain([first!, second!, third!, foreign], spki))).toBe('chain-mismatch');
    expect(await reasonOf(() => orderChain([second!, third!], spki))).toBe('chain-mismatch');
  });

  test('K7 what an envelope signer made is decoded and verified like anything else', async () => {
    const { verified } = await signWith({
      signEnvelope: async (r) => ({ envelope: await forgeJws(leaf, { payload: r.payload }), annotations: { n: '1' } }),
    });
    await verifyIntegrity({ ...verified, verified: false });
    const broken: EnvelopeSigner = {
      signEnvelope: () => Promise.reject(new SignerError('no', { reason: 'access-denied' })),
    };
    await expectCode(() => signWith(broken), 'ERR_SIGNER_ACCESS_DENIED');
  });
});

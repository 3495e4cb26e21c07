import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fetch, memoryCache } from '@notarykit/common';
import { temporaryName } from '@notarykit/common/internal/node';
import {
  type CrlBundle,
  createRevocationChecker,
  offlineRevocationChecker,
  type RecordedAnswer,
  recordingRevocationChecker,
} from '@notarykit/pki';
import { parseCrl } from '@notarykit/pki/internal';
import { encodeSequence } from '@notarykit/pki/internal/asn1';
import { directoryCrlCache } from '@notarykit/pki/node';
import { createAuthority, createAuthorityServices, faults } from '@notarykit/testing';
import { describe, expect, test } from 'vitest';
import { base, chainOf, days, fixedFetch, now, revocationLab } from './revocation-lab.ts';

describe('R14 large and slow CRLs', () => {
  test('more than the limit, and an endless one', async () => {
    const { services, check } = await revocationLab('crl');
    services.misbehave({ crl: { body: new Uint8Array(3000) } });
    expect((await check({ maxCrlBytes: 2000 })).evidence[0]).toMatchObject({ error: { code: 'ERR_PKI_LIMIT' } });
    services.misbehave({ crl: { transport: faults.endlessBody() } });
    expect((await check({ maxCrlBytes: 2000 })).status).toBe('unavailable');
  });

  test('what is too large is not read to its end', async () => {
    const { check } = await revocationLab('crl');
    let pulled = 0;
    const fetch: Fetch = async (url) => ({
      status: 200,
      headers: new Headers(),
      url,
      body: new ReadableStream({
        pull(controller) {
          if (++pulled > 1000) controller.close();
          else controller.enqueue(new Uint8Array(1000));
        },
      }),
    });
    expect((await check({ fetch, maxCrlBytes: 2000 })).status).toBe('unavailable');
    expect(pulled).toBeLessThan(10);
  });

  test('the limit holds wherever a CRL comes from', async () => {
    const { services } = await revocationLab('crl');
    const body = await new Response((await services.fetch(services.crlUrl(base))).body).arrayBuffer();
    const limit = expect.objectContaining({ code: 'ERR_PKI_LIMIT' });
    expect(parseCrl(new Uint8Array(body)).entryCount).toBe(0);
    expect(() => parseCrl(new Uint8Array(body), { maxBytes: body.byteLength - 1 })).toThrow(limit);
    expect(() => parseCrl(new Uint8Array(32 * 1024 * 1024 + 1))).toThrow(limit);
  });

  test('32 MiB are read in place: 680,000 entries', async () => {
    const { services, leaf, check } = await revocationLab('crl');
    const entry = Buffer.from(
      `302f0210${'40'.padEnd(32, '0')}170d3234303130313030303030305a300c300a0603551d1504030a0101`,
      'hex',
    );
    const entriesDer = new Uint8Array(680_000 * entry.length);
    for (let at = 0; at < entriesDer.length; at += entry.length) entriesDer.set(entry, at);
    services.misbehave({ crl: { entriesDer } });
    expect((await check({ crlTimeoutMs: 100_000, crlBudgetMs: 100_000 })).status).toBe('good');
    services.misbehave({ crl: { revoked: [{ serialNumber: leaf.serialNumber }], entriesDer } });
    expect((await check({ crlTimeoutMs: 100_000, crlBudgetMs: 100_000 })).status).toBe('revoked');
  });

  test('a slow download ends at the time limit of the CRL, or of the chain', async () => {
    const { services, check } = await revocationLab('crl');
    services.misbehave({ crl: { transport: faults.stallBodyAfter(10) } });
    expect((await check({ crlTimeoutMs: 50 })).status).toBe('unavailable');
    expect((await check({ crlBudgetMs: 50 })).status).toBe('unavailable');
  });

  test('the caller’s abort ends the check', async () => {
    const { services, check } = await revocationLab('both');
    services.misbehave({ ocsp: { transport: faults.stall() } });
    const stop = new AbortController();
    const checking = check({ signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(checking).rejects.toThrow('stopped');
  });
});

describe('R17 another status with a valid body', () => {
  test.each([201, 203, 206])('%i is not an answer', async (status) => {
    const { services, check } = await revocationLab('crl');
    const crl = await new Response((await services.fetch(services.crlUrl(base))).body).arrayBuffer();
    const body = new Uint8Array(crl);
    expect((await check({ fetch: fixedFetch(200, body) })).status).toBe('good');
    expect((await check({ fetch: fixedFetch(status, body) })).status).toBe('unavailable');
  });
});

describe('R18 caches', () => {
  const directory = (): Promise<string> => mkdtemp(join(tmpdir(), 'notarykit-crl-'));

  test('a cached CRL is used until it ends, and is the file that notation names', async () => {
    const { services, check } = await revocationLab('crl');
    const path = await directory();
    const cache = directoryCrlCache(path);
    for (let i = 0; i < 3; i++) expect((await check({ cache })).status).toBe('good');
    expect(services.requests).toHaveLength(1);
    expect((await check({ cache, now: days(2) })).status).toBe('unavailable');
    expect(services.requests).toHaveLength(2);
    const [file = ''] = await readdir(path);
    expect(file).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(JSON.parse(await readFile(join(path, file), 'utf8')))).toEqual(['baseCRL']);
  });

  test('the name of a file is the one of the reference', async () => {
    const path = await directory();
    await directoryCrlCache(path).set('http://localhost:10086/leaf.crl', { baseCrl: new Uint8Array([1]) });
    expect(await readdir(path)).toEqual(['eaf8bbfe35f6c2c8b136081de9a994f9515752b2e30b9a6889ae3128ea97656c']);
  });

  test.each(['cut', 'garbage', 'of another URL', 'of another authority'])(
    'a file that is %s is a miss',
    async (kind) => {
      const { services, check } = await revocationLab('crl');
      const stranger = await revocationLab('crl');
      const path = await directory();
      const cache = directoryCrlCache(path);
      await check({ cache });
      const [file = ''] = await readdir(path);
      const text = await readFile(join(path, file), 'utf8');
      await stranger.check({ cache: directoryCrlCache(join(path, 'stranger')) });
      const [other = ''] = await readdir(join(path, 'stranger'));
      const contents: Record<string, string> = {
        cut: text.slice(0, 100),
        garbage: 'no JSON',
        'of another URL': await readFile(join(path, 'stranger', other), 'utf8'),
        'of another authority': await readFile(join(path, 'stranger', other), 'utf8'),
      };
      await writeFile(join(path, file), contents[kind] as string);
      expect((await check({ cache })).status).toBe('good');
      expect(services.requests).toHaveLength(2);
      expect((await check({ cache })).status).toBe('good');
      expect(services.requests).toHaveLength(2);
    },
  );

  test('two writers leave complete files and no temporary ones', async () => {
    const path = await directory();
    const bundle = { baseCrl: new Uint8Array(100_000), deltaCrl: new Uint8Array(50_000) };
    await Promise.all(Array.from({ length: 10 }, () => directoryCrlCache(path).set('http://a.test/', bundle)));
    expect(await readdir(path)).toHaveLength(1);
    expect(await directoryCrlCache(path).get('http://a.test/')).toEqual(bundle);
  });

  test('temporary files of a killed writer are removed by the next one', async () => {
    const path = await directory();
    // A process that has ended: nobody writes under its number.
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(temporaryName(join(path, 'a')).replace(`.${process.pid}-`, `.${pid}-`), '{"baseCRL"');
    await directoryCrlCache(path).set('http://a.test/', { baseCrl: new Uint8Array(1) });
    expect(await readdir(path)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  test('OCSP answers are kept until they end; a revocation in between is seen then', async () => {
    const { services, leaf, check } = await revocationLab('ocsp');
    const ocspCache = memoryCache<Uint8Array<ArrayBuffer>>();
    expect((await check({ ocspCache })).status).toBe('good');
    services.revoke(leaf);
    expect((await check({ ocspCache })).status).toBe('good');
    expect(services.requests).toHaveLength(1);
    services.misbehave({ ocsp: { responses: (list) => list.map((one) => ({ ...one, nextUpdate: days(9) })) } });
    expect((await check({ ocspCache, now: days(2) })).status).toBe('revoked');
  });
});

describe('R19 recorded answers', () => {
  test('are checked as if fetched, and need no network', async () => {
    const { services, leaf } = await revocationLab('both');
    const recorder = recordingRevocationChecker({ fetch: services.fetch });
    await recorder.check(chainOf(leaf), { now });
    const { answers } = recorder;
    const offline = offlineRevocationChecker({ answers });
    const [status] = await offline.check(chainOf(leaf), { now });
    expect(status).toMatchObject({ status: 'good', evidence: [{ method: 'ocsp', thisUpdate: days(-1) }] });
    expect((await offline.check(chainOf(leaf), { now: days(3) }))[0]?.status).toBe('unavailable');
    const stranger = await revocationLab('both');
    expect((await offline.check(chainOf(stranger.leaf), { now }))[0]?.status).toBe('unavailable');
    const forged = answers.map((one) => ({
      ...one,
      answer: one.answer.map((byte, i) => (i === 90 ? byte ^ 1 : byte)),
    }));
    expect((await offlineRevocationChecker({ answers: forged }).check(chainOf(leaf), { now }))[0]?.status).toBe(
      'unavailable',
    );
  });

  test('may be older than their end as far as the caller allows, and say how old they are', async () => {
    for (const names of ['ocsp', 'crl'] as const) {
      const { services, leaf } = await revocationLab(names);
      const recorder = recordingRevocationChecker({ fetch: services.fetch });
      await recorder.check(chainOf(leaf), { now });
      const check = async (maxAgeDays: number): Promise<string | undefined> => {
        const offline = offlineRevocationChecker({ ...recorder, maxAgeMs: maxAgeDays * 86_400_000 });
        return (await offline.check(chainOf(leaf), { now: days(20) }))[0]?.status;
      };
      expect(await check(30)).toBe('good');
      expect(await check(20)).toBe('unavailable');
    }
  });
});

describe('R19 answers of several dates', () => {
  test.each(['ocsp', 'crl'] as const)(
    '%s: the newest that was there at the time of the check counts',
    async (names) => {
      let clock = now;
      const { services, leaf } = await revocationLab(names, {}, { now: () => clock });
      const record = async (date: Date): Promise<readonly RecordedAnswer[]> => {
        clock = date;
        const recorder = recordingRevocationChecker({ fetch: services.fetch });
        await recorder.check(chainOf(leaf), { now: date });
        return recorder.answers;
      };
      const [first, second] = [await record(now), await record(days(2))];
      services.revoke(leaf);
      const third = await record(days(4));
      const garbage = first.map((one) => ({ ...one, answer: new Uint8Array(9) }));
      const offline = offlineRevocationChecker({ answers: [...garbage, ...third, ...first, ...second, ...garbage] });
      const at = async (date: Date) => (await offline.check(chainOf(leaf), { now: date }))[0];
      expect(await at(now)).toMatchObject({ status: 'good', evidence: [{ thisUpdate: days(-1) }] });
      expect(await at(days(2))).toMatchObject({ status: 'good', evidence: [{ thisUpdate: days(1) }] });
      expect(await at(days(4))).toMatchObject({ status: 'revoked' });
      expect(await at(days(-3))).toMatchObject({ status: 'unavailable' });
    },
  );
});

test('R20 a chain without OCSP and CRL addresses is reported as not revocable', async () => {
  const authority = await createAuthority({ intermediates: 1 });
  const statuses = await createRevocationChecker({ fetch: () => Promise.reject(new Error('asked')) }).check(
    chainOf(await authority.issueLeaf()),
  );
  expect(statuses.map(({ status, evidence }) => [status, evidence.length])).toEqual([
    ['notRevocable', 0],
    ['notRevocable', 0],
    ['notRevocable', 0],
  ]);
});

test('R20 an unreadable address does not count as no address', async () => {
  const { check } = await revocationLab('crl', {
    extensions: (list) =>
      list.map((one) => (one.oid === '2.5.29.31' ? { ...one, value: one.value.slice(0, -3) } : one)),
  });
  expect((await check()).status).toBe('unavailable');
});

test('R20 an address relative to the issuer does not count as no address', async () => {
  // SEQUENCE of a point whose name is [0] { [1] { commonName } }.
  const value = Buffer.from('30133011a00fa10d300b06035504030c0463726c73', 'hex');
  const { check } = await revocationLab('crl', {
    extensions: (list) => list.map((one) => (one.oid === '2.5.29.31' ? { ...one, value: new Uint8Array(value) } : one)),
  });
  expect((await check()).status).toBe('unavailable');
});

test.each([
  [100, 'good'],
  [101, 'unavailable'],
])('R20 uses all of %i addresses: %s', async (count, expected) => {
  const { check } = await revocationLab('crl', {
    extensions: (list) =>
      list.map((one) => {
        if (one.oid !== '2.5.29.31') return one;
        const point = one.value.slice(2);
        return { ...one, value: encodeSequence(...Array.from({ length: count }, () => point)) };
      }),
  });
  expect((await check()).status).toBe(expected);
});

test('R21 the whole chain is asked, the root is not', async () => {
  const authority = await createAuthority({ intermediates: 0 });
  const services = createAuthorityServices(authority, { now: () => now });
  const crlUrls = [services.crlUrl(base, authority.root)];
  const issuer = await authority.issueCa({ crlUrls });
  const leaf = await authority.issueLeaf({ issuer });
  const checker = createRevocationChecker({ fetch: services.fetch });
  const statuses = async (): Promise<string[]> =>
    (await checker.check(chainOf(leaf), { now })).map(({ status }) => status);
  expect(await statuses()).toEqual(['notRevocable', 'good', 'notRevocable']);
  services.revoke(issuer);
  services.revoke(authority.root);
  expect(await statuses()).toEqual(['notRevocable', 'revoked', 'notRevocable']);
});

test('one download serves all who wait for it', async () => {
  const { services, leaf } = await revocationLab('crl');
  const cache = memoryCache<CrlBundle>();
  const checker = createRevocationChecker({ fetch: services.fetch, cache });
  await Promise.all(Array.from({ length: 20 }, () => checker.check(chainOf(leaf), { now })));
  expect(services.requests).toHaveLength(1);
});

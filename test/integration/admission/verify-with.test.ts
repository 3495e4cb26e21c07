import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type ClusterPolicy, createCachedImageVerifier, verifyWith } from '@notarykit/admission';
import { parseImage } from '@notarykit/admission/internal';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes } from '@notarykit/oci';
import type { RevocationChecker } from '@notarykit/pki';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { type GateRule, parseGatePolicy } from '@notarykit/sbom-gate';
import { faults } from '@notarykit/testing';
import { parseTrustPolicy, TrustError } from '@notarykit/trust-policy';
import { sign, type Trust } from 'notarykit';
import { describe, expect, it } from 'vitest';
import { labPolicy } from '../../support/lab-policy.js';
import { createAdmissionLab, host, policyFor, signedImage } from './lab.js';

const context = { dryRun: false };

describe('verifyWith', () => {
  it('a signed image is trusted by the digest of its tag; an unsigned one, a foreign one and a missing one have their codes', async () => {
    const { image, verify, repository, trust } = await createAdmissionLab([`${host}/signed`, `${host}/bare`]);
    const signed = await image('signed', 'v1', true);
    await image('bare', 'v1', false);
    await image('elsewhere', 'v1', true);
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({
      verdict: 'trusted',
      code: 'TRUSTED',
      digest: signed.digest,
    });
    expect(await verify(parseImage(`${host}/bare:v1`), context)).toMatchObject({ code: 'NO_SIGNATURE' });
    expect(await verify(parseImage(`${host}/elsewhere:v1`), context)).toMatchObject({ code: 'NO_APPLICABLE_POLICY' });
    await expect(verify(parseImage(`${host}/signed:none`), context)).rejects.toMatchObject({
      code: 'ERR_OCI_NOT_FOUND',
    });
    expect(repository('signed').name).toBe(`${host}/signed`);
    expect(trust.policy.statements).toHaveLength(1);
  });

  it('a verdict is remembered for the digest: the tag moves to an unsigned image, which is refused', async () => {
    const { image, repository, lab, trust } = await createAdmissionLab();
    const signed = await image('moving', 'v1', true);
    const bare = await image('moving', 'v2', false);
    const open = ({ repository: name }: { repository: string }): RegistryRepository => repository(name);
    const verify = createCachedImageVerifier({
      ...verifyWith({ policy: { trust }, open }),
      tagTtlMs: 0,
      refusedTtlMs: 0,
    });
    const asked = parseImage(`${host}/moving:v1`);
    expect(await verify(asked, context)).toMatchObject({ verdict: 'trusted', digest: signed.digest });
    await repository('moving').tag(bare, 'v1');
    expect(await verify(asked, context)).toMatchObject({ verdict: 'refused', code: 'NO_SIGNATURE' });
    await sign(repository('moving'), bare, { signer: lab.signer });
    expect(await verify(asked, context)).toMatchObject({ verdict: 'trusted', digest: bare.digest });
  });

  it('refuses an index without a runnable manifest when platforms are requested', async () => {
    const { repository, lab, trust } = await createAdmissionLab();
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
    const empty = describeContent(mediaTypes.imageIndex, bytes);
    await repository('signed').push(empty, bytes);
    await sign(repository('signed'), empty, { signer: lab.signer });
    const ask = (platforms: 'index' | 'children' | 'both') => {
      const open = ({ repository: name }: { repository: string }): RegistryRepository => repository(name);
      const verify = createCachedImageVerifier(verifyWith({ policy: { trust, platforms }, open }));
      return verify(parseImage(`${host}/signed@${empty.digest}`), context);
    };
    expect(await ask('index')).toMatchObject({ verdict: 'trusted' });
    for (const platforms of ['children', 'both'] as const)
      expect(await ask(platforms)).toMatchObject({ verdict: 'refused', code: 'NO_PLATFORM' });
  });

  it('a signature of an unknown signer is not trusted', async () => {
    const [ours, theirs] = [await createAdmissionLab(), await createAdmissionLab()];
    await theirs.image('signed', 'v1', true);
    const verify = createCachedImageVerifier(
      verifyWith({ policy: { trust: ours.trust }, open: ({ repository }) => theirs.repository(repository) }),
    );
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({
      verdict: 'refused',
      code: 'NO_TRUSTED_SIGNATURE',
    });
  });

  it.each([
    '127.0.0.1:5000',
    '127.1:5000',
    '127.0.0.1.:5000',
    '2130706433:5000',
    '0x7f000001:5000',
    '0177.0.0.1:5000',
    '[::1]:5000',
    '[::ffff:127.0.0.1]:5000',
    '[::ffff:7f00:1]:5000',
    '169.254.169.254:80',
    '10.0.0.1',
    'localhost:5000',
  ])('addresses: makes no request to %s when only public addresses are allowed', async (registry) => {
    const { trust } = await createAdmissionLab();
    const asked: string[] = [];
    const open = ({ registry: name }: { registry: string }): never => {
      asked.push(name);
      throw new Error('asked');
    };
    const verify = createCachedImageVerifier(verifyWith({ policy: { trust }, open, literals: 'public' }));
    for (const name of [`x:v1`, `x@sha256:${'a'.repeat(64)}`]) {
      const verdict = (async () => verify(parseImage(`${registry}/${name}`), context))();
      const outcome = await verdict.then(
        ({ verdict: found }) => found,
        (error: { code: string }) => error.code,
      );
      expect(['undecided', 'refused', 'ERR_ADMISSION_REGISTRY', 'ERR_OCI_INVALID']).toContain(outcome);
    }
    expect(asked).toEqual([]);
  });

  it('addresses: names and public addresses are asked', async () => {
    const { trust } = await createAdmissionLab();
    const asked: string[] = [];
    const open = ({ registry: name }: { registry: string }): never => {
      asked.push(name);
      throw new Error('asked');
    };
    const verify = createCachedImageVerifier(verifyWith({ policy: { trust }, open, literals: 'public' }));
    for (const registry of ['registry.test', '8.8.8.8:5000'])
      await expect(verify(parseImage(`${registry}/x:v1`), context)).rejects.toThrow('asked');
    expect(asked).toEqual(['registry.test', '8.8.8.8:5000']);
  });

  it('policy reload: the next request is decided under the new policy', async () => {
    const { image, repository, trust } = await createAdmissionLab();
    await image('signed', 'v1', true);
    let current = trust;
    const open = ({ repository: name }: { repository: string }) => repository(name);
    const verify = createCachedImageVerifier(verifyWith({ policy: () => ({ trust: current }), open }));
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({ verdict: 'trusted' });
    current = { ...trust, policy: policyFor([`${host}/other`]) };
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({ code: 'NO_APPLICABLE_POLICY' });
  });

  it('makes no requests for a while to a registry that answered 429', async () => {
    const { lab, repository, trust } = await createAdmissionLab();
    let now = 1_000_000;
    lab.registry.rule({ action: faults.status({ status: 429, retryAfter: 5 }) });
    const verify = createCachedImageVerifier(
      verifyWith({ policy: { trust }, open: ({ repository: name }) => repository(name), now: () => now }),
    );
    const ask = (name: string) => verify(parseImage(`${host}/${name}:v1`), context);
    await expect(ask('a')).rejects.toMatchObject({ code: 'ERR_REGISTRY_RATE_LIMITED' });
    const before = lab.registry.requests.length;
    await expect(ask('b')).rejects.toMatchObject({ code: 'ERR_ADMISSION_REGISTRY' });
    expect(lab.registry.requests.length).toBe(before);
    now += 61_000;
    await expect(ask('c')).rejects.toMatchObject({ code: 'ERR_REGISTRY_RATE_LIMITED' });
  });

  it('a protocol error counts for one request: the next one asks again', async () => {
    const { lab, trust, image } = await createAdmissionLab();
    await image('signed', 'v1', true);
    const { port } = new URL((await lab.registry.listen()).url);
    let odd = 1;
    const front = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (first) => {
        if (odd-- > 0) return void socket.write('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
        const onward = connect(Number(port), '127.0.0.1').on('error', () => socket.destroy());
        onward.write(first);
        socket.pipe(onward).pipe(socket);
      });
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    const registry = `127.0.0.1:${(front.address() as AddressInfo).port}`;
    const open = ({ repository }: { repository: string }) =>
      createRegistry({ registry, retry: { maxRetries: 0 } }).repository(repository);
    const verify = createCachedImageVerifier(verifyWith({ policy: { trust }, open }));
    const ask = () => verify(parseImage(`${registry}/signed:v1`), context);
    try {
      await expect(ask()).rejects.toMatchObject({ code: 'ERR_REGISTRY_PROTOCOL' });
      expect(await ask()).toMatchObject({ verdict: 'trusted' });
    } finally {
      front.close();
      await lab.close();
    }
  });

  it('a trust store that cannot be read is not a fault of the image, and is read again', async () => {
    const { image, repository, trust } = await createAdmissionLab();
    await image('signed', 'v1', true);
    let broken = true;
    const trustStore: Trust['trustStore'] = {
      certificates: async (...asked) => {
        if (broken) throw new TrustError('ERR_TRUST_STORE', 'the store is being written');
        return trust.trustStore.certificates(...asked);
      },
    };
    const open = ({ repository: name }: { repository: string }) => repository(name);
    const verify = createCachedImageVerifier(verifyWith({ policy: { trust: { ...trust, trustStore } }, open }));
    const ask = () => verify(parseImage(`${host}/signed:v1`), context);
    expect(await ask()).toMatchObject({ verdict: 'undecided', code: 'TRUST_STORE_UNAVAILABLE' });
    broken = false;
    expect(await ask()).toMatchObject({ verdict: 'trusted' });
  });

  const identity = (CN: string) => `x509.subject:C=US,ST=WA,O=NotaryKit Test,CN=${CN}`;
  const twoStatements = () =>
    parseTrustPolicy({
      version: '1.0',
      trustPolicies: [
        ['dev', '*'],
        ['prod', identity('production')],
      ].map(([name, who]) => ({
        name,
        registryScopes: [`${host}/${name}`],
        signatureVerification: { level: 'permissive' },
        trustStores: ['ca:lab'],
        trustedIdentities: [who],
      })),
    });

  it('GV5 a scan made during the gate: signatures are verified at the time of the gate', async () => {
    const { lab, repository, trust } = await createAdmissionLab();
    const { digest } = await signedImage(repository('signed'), lab.signer);
    const gatePolicy = parseGatePolicy(
      JSON.stringify({
        version: '1.0',
        name: 'g',
        signers: { any: { trustPolicy: 'cluster' } },
        image: { signedBy: ['any'] },
      }),
    );
    const times: unknown[] = [];
    const revocation: RevocationChecker = {
      check: async (chain, { now } = {}) => {
        times.push(now);
        return chain.map((certificate) => ({ certificate, status: 'notRevocable', evidence: [] }));
      },
    };
    const policy = parseTrustPolicy(labPolicy({ name: 'cluster', scopes: ['*'] }));
    const now = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000);
    for (const given of [now, () => now]) {
      const gate = { policy: gatePolicy, now: given, rescan: async () => undefined };
      const verify = createCachedImageVerifier(
        verifyWith({
          policy: { trust: { ...trust, policy, revocation }, gate },
          open: ({ repository: name }) => repository(name),
        }),
      );
      expect(await verify(parseImage(`${host}/signed@${digest}`), context)).toMatchObject({ verdict: 'trusted' });
    }
    expect(times.length).toBeGreaterThan(3);
    expect(new Set(times.map((time) => Math.floor((time as Date).getTime() / 1000)))).toEqual(
      new Set([now.getTime() / 1000]),
    );
  });

  it('requests of different namespaces have separate verdicts', async () => {
    const { lab, repository, trust } = await createAdmissionLab();
    const { digest } = await signedImage(repository('signed'), lab.signer);
    const policy = twoStatements();
    const gatePolicy = parseGatePolicy(
      JSON.stringify({
        version: '1.0',
        name: 'g',
        signers: { any: { trustPolicy: 'dev' } },
        image: { signedBy: ['any'] },
      }),
    );
    const dev = { trust: { ...trust, policy, statement: 'dev' } };
    const frozen: GateRule = {
      name: 'frozen',
      identity: '1',
      evaluate: () => [{ code: 'x-frozen/now', message: 'not this week' }],
    };
    const past = new Date('1999-01-01T00:00:00Z');
    const refuses: RevocationChecker = { identity: 'none', check: async () => [] };
    const enforced = labPolicy({ name: 'cluster', scopes: ['*'] });
    const strict = { ...trust, policy: parseTrustPolicy(enforced) };
    const good: RevocationChecker = {
      identity: 'good',
      check: async (chain) => chain.map((certificate) => ({ certificate, status: 'notRevocable', evidence: [] })),
    };
    const gated = (rules: readonly GateRule[]) => ({ ...dev, gate: { policy: gatePolicy, rules } });
    const early: GateRule = {
      name: 'early',
      identity: '1',
      evaluate: ({ now }) => (now.getTime() <= past.getTime() ? [{ code: 'x-early/now', message: 'too early' }] : []),
    };
    const clocked = (now: () => Date) => ({ ...dev, gate: { policy: gatePolicy, rules: [early], now } });
    for (const [lax, hard] of [
      [dev, { trust: { ...trust, policy, statement: 'prod' } }],
      [gated([]), gated([frozen])],
      [clocked(() => new Date()), clocked(() => past)],
      [{ trust }, { trust: { ...trust, at: past } }],
      [{ trust }, { trust: { ...trust, now: past } }],
      [{ trust: { ...strict, revocation: good } }, { trust: { ...strict, revocation: refuses } }],
    ] satisfies readonly (readonly [ClusterPolicy, ClusterPolicy])[]) {
      const verify = createCachedImageVerifier(
        verifyWith({
          policy: ({ namespace }) => (namespace === 'prod' ? hard : lax),
          open: ({ repository: name }) => repository(name),
        }),
      );
      const ask = async (namespace: string) =>
        (await verify(parseImage(`${host}/signed@${digest}`), { ...context, namespace })).verdict;
      const asked = [await ask('dev'), await ask('prod'), await ask('dev'), await ask('prod')];
      expect(asked.map((outcome) => outcome === 'trusted')).toEqual([true, false, true, false]);
    }
  });

  it('does not cache an ALLOW that ends soon', async () => {
    const { lab, repository, trust } = await createAdmissionLab();
    const { digest } = await signedImage(repository('signed'), lab.signer);
    const policy = parseGatePolicy(
      JSON.stringify({
        version: '1.0',
        name: 'g',
        signers: { any: { trustPolicy: 'cluster' } },
        image: { signedBy: ['any'] },
      }),
    );
    const until = (end: number): GateRule => ({
      name: 'until',
      identity: String(end),
      evaluate: ({ now }) => (now.getTime() > end ? [{ code: 'x-until/over', message: 'too late' }] : []),
    });
    const lookups = async (end: number) => {
      const found: string[] = [];
      const rules = [until(end)];
      const open = ({ repository: name }: { repository: string }) => repository(name);
      const core = verifyWith({ policy: { trust, gate: { policy, rules } }, open });
      const verify = createCachedImageVerifier({ ...core, onLookup: (result) => found.push(result) });
      for (let i = 0; i < 2; i++)
        expect((await verify(parseImage(`${host}/signed@${digest}`), context)).verdict).toBe('trusted');
      return found;
    };
    const hour = 3_600_000;
    expect([await lookups(Date.now() + 24 * hour), await lookups(Date.now() + 120_000)]).toEqual([
      ['miss', 'hit'],
      ['miss', 'miss'],
    ]);
  });

  it('another spelling of a name is the same repository, under the same statement', async () => {
    const { image, repository, trust } = await createAdmissionLab();
    const { digest } = await image('prod', 'v1', true);
    const policy = parseTrustPolicy({
      version: '1.0',
      trustPolicies: [
        ['prod', `${host}/prod`, identity('production')],
        ['everything else', '*', '*'],
      ].map(([name, scope, who]) => ({
        name,
        registryScopes: [scope],
        signatureVerification: { level: 'permissive' },
        trustStores: ['ca:lab'],
        trustedIdentities: [who],
      })),
    });
    const verify = createCachedImageVerifier(
      verifyWith({
        policy: { trust: { ...trust, policy } },
        open: ({ registry, repository: name }) => ({ ...repository(name), name: `${registry}/${name}` }),
      }),
    );
    for (const name of [host, `${host}:443`, host.toUpperCase(), `${host}:80`])
      expect((await verify(parseImage(`${name}/prod@${digest}`), context)).code).toBe('NO_TRUSTED_SIGNATURE');
  });

  it('requests verified content once, by tag and by digest', async () => {
    const { image, verify, lab } = await createAdmissionLab();
    const { digest } = await image('signed', 'v1', true);
    const count = async (name: string) => {
      const before = lab.registry.requests.length;
      expect((await verify(parseImage(`${host}/signed${name}`), context)).verdict).toBe('trusted');
      return lab.registry.requests.length - before;
    };
    // Resolve, list, manifest, envelope; the second name costs its resolution alone.
    expect([await count(':v1'), await count(':v1'), await count(`@${digest}`), await count(`@${digest}`)]).toEqual([
      4, 0, 1, 0,
    ]);
  });
});

import { packArtifact } from '@notarykit/artifact-graph';
import { memoryCache } from '@notarykit/common';
import { type Classification, keyOf } from '@notarykit/common/internal';
import { memoryRepository, type Repository } from '@notarykit/oci';
import { createRevocationChecker, offlineRevocationChecker, recordingRevocationChecker } from '@notarykit/pki';
import { type GateRule, parseGatePolicy } from '@notarykit/sbom-gate';
import { memoryTrustStore, type TrustRequest, type VerificationPlugin } from '@notarykit/trust-policy';
import { createVerdictCache, type KeptVerdict, openGraph, type VerdictOptions } from 'notarykit';
import { decideVerdict, verdictRequest } from 'notarykit/internal';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../../packages/notarykit/package.json' with { type: 'json' };
import { digestOfFrozen } from '../../../packages/notarykit/src/verdict/frozen.ts';
import { requestRows, trustRows } from '../../../packages/notarykit/src/verdict/keys.ts';
import {
  gateOptionHomes,
  trustOptionHomes,
  verifyOptionHomes,
} from '../../../packages/notarykit/src/verdict/option-homes.ts';
import { packagesVersion } from '../../../packages/notarykit/src/version.ts';
import { createLab, type Lab, policy } from '../trust-policy/lab.js';

let lab: Lab;
beforeAll(async () => {
  lab = await createLab();
});

const plugin = (name: string, identity?: string): VerificationPlugin => ({
  name,
  ...(identity === undefined ? {} : { identity }),
  describe: async () => ({ version: '1.0.0', capabilities: [] }),
  verify: async () => ({ results: {}, processedAttributes: [] }),
});
const rule = (name: string, identity?: string): GateRule => ({
  name,
  ...(identity === undefined ? {} : { identity }),
  evaluate: () => [],
});
const gatePolicy = (name = 'g') =>
  parseGatePolicy(
    JSON.stringify({ version: '1.0', name, signers: { s: { trustPolicy: 'lab' } }, image: { signedBy: ['s'] } }),
  );
const day = (n: number) => new Date(Date.UTC(2026, 0, n));

type Trust = NonNullable<VerdictOptions['trust']>;
type Gate = NonNullable<VerdictOptions['gate']>;
interface Asked extends Omit<VerdictOptions, 'trust' | 'gate'> {
  readonly trust: Trust;
  readonly gate: Gate;
  readonly repository: Repository;
}

/** A request with every option given. */
function base(): Asked {
  const trust: Trust = {
    policy: policy(),
    statement: 'lab',
    scope: 'registry.test/net-monitor',
    trustStore: lab.anchors,
    revocation: { identity: 'r', check: async () => [] },
    plugins: [plugin('p', '1')],
    pluginConfig: { a: '1' },
    metadata: { a: '1' },
    allowNonCriticalBasicConstraints: false,
    examine: 'all',
    maxSignatures: 7,
  };
  const { metadata: _, scope: __, maxSignatures: ___, ...signers } = trust;
  return {
    repository: { ...lab.repository, source: 'here' },
    trust,
    gate: { policy: gatePolicy(), trust: signers, rules: [rule('r', '1')], seen: [lab.artifact.digest] },
    platforms: 'both',
    reference: 'v1',
    tenant: 't',
    time: { now: day(1), at: day(2), fixed: true },
  };
}

async function requestOf({ repository, ...options }: Asked) {
  return verdictRequest(openGraph(repository), { descriptor: lab.artifact }, options);
}

const digestOf = async (asked: Asked) => (await requestOf(asked)).digest;

describe('the request of a verdict', () => {
  it('equal options give equal digests, whatever objects they are in', async () => {
    expect(await digestOf(base())).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOf(base())).toBe(await digestOf(base()));
    const again = memoryTrustStore({ ca: { lab: [lab.authority.root.certificate] } });
    const withCopies = base();
    expect(await digestOf({ ...withCopies, trust: { ...withCopies.trust, trustStore: again } })).toBe(
      await digestOf(base()),
    );
  });

  // Each option of trust has a change here, or the table does not compile.
  const changes: { readonly [K in keyof Required<Trust>]: (() => Partial<Trust>) | 'outside' | 'below' } = {
    policy: () => ({ policy: policy({ signatureVerification: { level: 'permissive' } }) }),
    statement: 'below',
    scope: () => ({ scope: 'registry.test/other' }),
    trustStore: () => ({
      trustStore: memoryTrustStore({ ca: { lab: [lab.authority.root.certificate, lab.authority.issuer.certificate] } }),
    }),
    revocation: () => ({ revocation: { identity: 'other', check: async () => [] } }),
    plugins: () => ({ plugins: [plugin('p', '2')] }),
    pluginConfig: () => ({ pluginConfig: { a: '2' } }),
    metadata: () => ({ metadata: { a: '1', b: '1' } }),
    allowNonCriticalBasicConstraints: () => ({ allowNonCriticalBasicConstraints: true }),
    now: 'below',
    at: 'below',
    examine: () => ({ examine: 'first' }),
    maxSignatures: () => ({ maxSignatures: 8 }),
    onSignature: 'outside',
    signal: 'outside',
  };

  it('a listener for signatures does not change the request', async () => {
    const asked = base();
    expect(await digestOf({ ...asked, trust: { ...asked.trust, onSignature: () => {} } })).toBe(await digestOf(asked));
  });

  it.each(Object.entries(changes).filter(([, change]) => typeof change === 'function'))(
    'a change of %s is another request',
    async (_, change) => {
      const asked = base();
      const patch = (change as () => Partial<Trust>)();
      expect(await digestOf({ ...asked, trust: { ...asked.trust, ...patch } })).not.toBe(await digestOf(asked));
    },
  );

  it.each([
    ['no statement by name', (a: Asked) => ({ ...a, trust: without(a.trust, 'statement') })],
    ['no checker', (a: Asked) => ({ ...a, trust: without(a.trust, 'revocation') })],
    ['now', (a: Asked) => ({ ...a, time: { now: day(3), at: day(2), fixed: true } })],
    ['at', (a: Asked) => ({ ...a, time: { now: day(1), at: day(3), fixed: true } })],
    ['the clock', (a: Asked) => ({ ...a, time: { now: day(1), at: day(2), fixed: false } })],
    ['platforms', (a: Asked) => ({ ...a, platforms: 'index' as const })],
    ['the reference', (a: Asked) => ({ ...a, reference: 'v2' })],
    ['the tenant', (a: Asked) => ({ ...a, tenant: 'u' })],
    ['the source', (a: Asked) => ({ ...a, repository: { ...a.repository, source: 'there' } })],
    ['the name', (a: Asked) => ({ ...a, repository: { ...a.repository, name: 'registry.test/other' } })],
    ['the gate', (a: Asked) => without(a, 'gate') as Asked],
    ['the policy of the gate', (a: Asked) => ({ ...a, gate: { ...a.gate, policy: gatePolicy('h') } })],
    ['the rules', (a: Asked) => ({ ...a, gate: { ...a.gate, rules: [rule('r', '2')] } })],
    ['one rule more', (a: Asked) => ({ ...a, gate: { ...a.gate, rules: [rule('r', '1'), rule('s', '1')] } })],
    ['what was seen', (a: Asked) => ({ ...a, gate: { ...a.gate, seen: [] } })],
    [
      'who signs evidence',
      (a: Asked) => ({ ...a, gate: { ...a.gate, trust: { ...a.gate.trust, pluginConfig: { b: '1' } } } }),
    ],
  ])('another request: %s', async (_, change) => {
    const asked = base();
    expect(await digestOf(change(asked) as Asked)).not.toBe(await digestOf(asked));
  });

  it('another request, also where the one before is remembered: every option of trust, with the objects of before', async () => {
    const asked = base();
    const before = await digestOf(asked);
    for (const [name, change] of Object.entries(changes)) {
      if (typeof change !== 'function') continue;
      const patch = change();
      expect(await digestOf(asked), name).toBe(before);
      const changed = { ...asked, trust: { ...asked.trust, ...patch } };
      expect(await digestOf(changed), name).not.toBe(before);
      const signers = { ...asked.gate.trust, ...patch };
      const isOfArtifactAlone = ['scope', 'examine', 'metadata', 'maxSignatures'].includes(name);
      if (!isOfArtifactAlone)
        expect(await digestOf({ ...asked, gate: { ...asked.gate, trust: signers } }), name).not.toBe(before);
    }
  });

  it('limits are a part of it', async () => {
    const { repository, ...options } = base();
    const artifact = { descriptor: lab.artifact };
    const [one, two] = await Promise.all(
      [5, 6].map((maxReferrers) => verdictRequest(openGraph(repository, { maxReferrers }), artifact, options)),
    );
    expect(one?.digest).not.toBe(two?.digest);
  });

  it.each([
    [
      'a checker',
      'trust.revocation',
      (a: Asked) => ({ ...a, trust: { ...a.trust, revocation: { check: async () => [] } } }),
    ],
    ['a plugin', 'trust.plugins', (a: Asked) => ({ ...a, trust: { ...a.trust, plugins: [plugin('p')] } })],
    ['a rule', 'gate.rules', (a: Asked) => ({ ...a, gate: { ...a.gate, rules: [rule('r')] } })],
    [
      'a repository',
      'subject.source',
      (a: Asked) => ({ ...a, repository: memoryRepository('registry.test/net-monitor') }),
    ],
    [
      'a store that cannot be read',
      'trust.anchors',
      (a: Asked) => ({
        ...a,
        trust: { ...a.trust, trustStore: { certificates: async () => Promise.reject(new Error('closed')) } },
      }),
    ],
    [
      'a policy that is more than data',
      'trust.policy',
      (a: Asked) => ({ ...a, trust: { ...a.trust, policy: { ...policy(), more: () => 1 } as Trust['policy'] } }),
    ],
  ])('what has no name is not remembered, and says so: %s', async (_, why, change) => {
    const request = await requestOf(change(base()));
    expect(request.digest).toBeUndefined();
    expect(request.uncacheable).toContain(why);
  });

  it('a changed policy makes another request, although it states the digest of its document', async () => {
    const asked = base();
    const parsed = policy();
    const [statement] = parsed.statements;
    const wider = { ...parsed, statements: [{ ...statement, trustedIdentities: [{ kind: 'any', text: '*' }] }] };
    const changed = { ...asked, trust: { ...asked.trust, policy: wider as Trust['policy'] } };
    expect(await digestOf(changed)).not.toBe(await digestOf(asked));
    expect(() => ((wider as { statements: unknown[] }).statements = [])).toThrow(TypeError);
  });

  it('a policy that was changed where freezing does not reach is another one', async () => {
    const parsed = gatePolicy();
    const asked = base();
    const gate = { ...asked.gate!, policy: parsed };
    const digests = [await digestOf({ ...asked, gate })];
    for (const change of [
      () => (parsed.signers as Map<string, unknown>).set('more', { trustPolicy: 'statement', minSignatures: 1 }),
      () => (parsed.signers as Map<string, unknown>).delete('more'),
      () => (parsed.signers as Map<string, unknown>).set('s', { trustPolicy: 'lab', minSignatures: 2 }),
    ]) {
      change();
      digests.push(await digestOf({ ...asked, gate }));
      expect(await digestOf({ ...asked, gate })).toBe(digests.at(-1));
    }
    expect(digests[1]).not.toBe(digests[0]);
    expect(digests[2]).toBe(digests[0]);
    expect(digests[3]).not.toBe(digests[0]);
  });

  it('a list of certificates that its store changes is another one, and the request keeps what it read', async () => {
    const { root, issuer } = lab.authority;
    const all = memoryTrustStore({ ca: { lab: [root.certificate, issuer.certificate] } });
    const certificates = [...(await all.certificates('ca', 'lab'))];
    const asked = base();
    const trust = { ...asked.trust, trustStore: { certificates: async () => certificates } };
    const request = await requestOf({ ...asked, trust });
    const { digest } = request;
    certificates.pop();
    expect(await digestOf({ ...asked, trust })).not.toBe(digest);
    expect(await request.trust?.anchors.certificates('ca', 'lab')).toHaveLength(2);
  });

  const moody = (parsed: Trust['policy'], name: string | symbol, descriptor: PropertyDescriptor): Trust['policy'] =>
    Object.defineProperty({ ...parsed }, name, { enumerable: true, ...descriptor });
  const computedItem = Object.defineProperty(['a'], 0, { enumerable: true, get: () => 'b' });
  const odd = <T extends object>(value: T): T => Object.assign(value, { includes: () => true, get: () => undefined });
  it.each<readonly [string, (parsed: Trust['policy']) => Trust['policy']]>([
    ['a member', (parsed) => moody(parsed, 'warnings', { get: () => parsed.warnings })],
    ['a member that is not listed', (parsed) => moody(parsed, 'warnings', { enumerable: false, value: ['hidden'] })],
    ['a member by a symbol', (parsed) => moody(parsed, Symbol('hidden'), { value: 1 })],
    ['an item of a list', (parsed) => moody(parsed, 'warnings', { value: computedItem })],
    ['a list with a function of its own', (parsed) => moody(parsed, 'warnings', { value: odd([]) })],
    ['a list with a hole and a function', (parsed) => moody(parsed, 'warnings', { value: odd(new Array(1)) })],
    ['a list of its own kind', (parsed) => moody(parsed, 'warnings', { value: new (class extends Array {})() })],
    ['what it inherits', (parsed) => Object.create(parsed)],
  ])('a policy that may say something else than its key is not remembered: %s', async (_, change) => {
    const asked = base();
    const given = { ...asked.trust, policy: change(policy()) };
    const { digest, uncacheable } = await requestOf({ ...asked, trust: given });
    expect([digest, uncacheable]).toEqual([undefined, expect.arrayContaining(['trust.policy'])]);
  });

  it.each<readonly [string, (signers: Map<string, unknown>) => Map<string, unknown>]>([
    ['a map of its own kind', (signers) => new (class extends Map<string, unknown> {})(signers)],
    ['a map with a function of its own', (signers) => odd(new Map(signers))],
  ])('a policy that may say something else than its key is not remembered: %s', async (_, change) => {
    const parsed = gatePolicy();
    const changed = { ...parsed, signers: change(new Map(parsed.signers)) } as unknown as typeof parsed;
    expect([typeof digestOfFrozen(parsed), digestOfFrozen(changed)]).toEqual(['string', undefined]);
  });

  it('without trust and gate is refused', async () => {
    const repository = memoryRepository('registry.test/net-monitor');
    const { descriptor } = await packArtifact(repository, { artifactType: 'example/app', layers: [] });
    const view = openGraph(repository);
    const refused = { code: 'ERR_NOTARYKIT_ARGUMENT' };
    await expect(verdictRequest(view, { descriptor }, {})).rejects.toMatchObject(refused);
    const { trust: _, gate: __, ...bare } = await requestOf(base());
    await expect(decideVerdict(view, bare)).rejects.toMatchObject(refused);
  });

  it('the time of a request is what it was when it was asked', async () => {
    const now = new Date(day(1));
    const { trust } = base();
    const request = await requestOf({ ...base(), time: undefined as never, trust: { ...trust, now } });
    now.setTime(0);
    expect([request.time.now, request.trust?.time.now]).toEqual([day(1), day(1)]);
  });

  it('every option is classified, and every member of the key has a row', () => {
    const members = (homes: object): string[] =>
      Object.values(homes).flatMap((home: { member?: string }) => home.member ?? []);
    for (const member of members(trustOptionHomes)) expect(Object.keys(trustRows)).toContain(member);
    for (const homes of [verifyOptionHomes, gateOptionHomes])
      for (const member of members(homes)) expect(Object.keys(requestRows)).toContain(member);
  });

  it('a member without a row does not compile, and makes the request of an untyped caller unkeyed', async () => {
    type More = TrustRequest & { readonly extra: string };
    // @ts-expect-error: "extra" has no row
    const rows: Classification<More> = trustRows;
    // @ts-expect-error: an option of trust without a home
    const homes: { readonly [K in keyof Required<Trust & { readonly extra: string }>]: object } = trustOptionHomes;
    // @ts-expect-error: an option of the gate without a home
    const gates: { readonly [K in keyof Required<Gate & { readonly extra: string }>]: object } = gateOptionHomes;
    expect([rows, homes, gates]).toHaveLength(3);
    const { trust } = await requestOf(base());
    expect(keyOf({ ...trust, extra: 'x' } as unknown as TrustRequest, trustRows).unkeyed).toEqual(['extra']);
  });
});

function without<T extends object, K extends keyof T>(value: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = value;
  return rest;
}

it('the version in keys is the one of the packages', () => {
  expect(packagesVersion).toBe(packageJson.version);
});

describe('identities of revocation checkers', () => {
  const fetch = async () => Promise.reject(new Error('no network'));

  it('depend on which answers count, not on how they are fetched', () => {
    const { identity } = createRevocationChecker({ fetch });
    expect(
      createRevocationChecker({ fetch: async () => fetch(), ocspBudgetMs: 1, cache: memoryCache() }).identity,
    ).toBe(identity);
    for (const options of [{ maxAgeMs: 1 }, { allowSha1: true }, { nonce: true }])
      expect(createRevocationChecker({ fetch, ...options }).identity).not.toBe(identity);
    expect(createRevocationChecker({ fetch, unknown: 1 } as never).identity).toBeUndefined();
  });

  it('a recording is identified by its answers; a recorder has no identity', () => {
    const answer = { method: 'crl', url: 'http://pki.test/crl', answer: new Uint8Array([1]) } as const;
    const of = (options: object) => offlineRevocationChecker({ answers: [answer], ...options }).identity;
    expect(of({})).toBe(of({}));
    expect(new Set([of({}), of({ answers: [] }), of({ maxAgeMs: 1 })]).size).toBe(3);
    expect(recordingRevocationChecker({ fetch }).identity).toBeUndefined();
  });
});

describe('the cache of verdicts', () => {
  const subject = {
    repository: 'registry.test/x',
    descriptor: { mediaType: 'm', digest: 'sha256:1', size: 1 },
  } as never;
  const clock = { now: day(1), at: day(1), fixed: false };
  const refused: KeptVerdict = { verdict: 'refused', code: 'ERR_TRUST_NO_SIGNATURE', message: 'none' };

  async function rounds(kept: KeptVerdict, options: { refusedTtlMs?: number }, digest: string | undefined = 'd') {
    const cache = createVerdictCache({ cache: memoryCache(), ...options });
    const request = { subject, time: clock, ...(digest === undefined ? {} : { digest }) };
    let worked = 0;
    for (let i = 0; i < 3; i++)
      await cache.ask(request, async () => {
        worked++;
        return kept;
      });
    return worked;
  }

  it('keeps refusals for the configured time, by default not at all', async () => {
    expect([await rounds(refused, {}), await rounds(refused, { refusedTtlMs: 60_000 })]).toEqual([3, 1]);
  });

  it('never keeps what could not be decided, nor what has no digest', async () => {
    const undecided: KeptVerdict = { ...refused, verdict: 'undecided' };
    expect(await rounds(undecided, { refusedTtlMs: 60_000 })).toBe(3);
    let writes = 0;
    const watched = { ...memoryCache<string>(), set: async () => void writes++ };
    await createVerdictCache({ cache: watched }).ask({ subject, time: clock, digest: 'd' }, async () => undecided);
    expect(writes).toBe(0);
    const noDigest = createVerdictCache({ cache: memoryCache(), refusedTtlMs: 60_000 });
    let worked = 0;
    const work = async (): Promise<KeptVerdict> => ({ ...refused, message: String(++worked) });
    for (let i = 0; i < 2; i++) await noDigest.ask({ subject, time: clock }, work);
    expect(worked).toBe(2);
  });

  it('never keeps a refusal past its end', async () => {
    const ended = { ...refused, validUntil: new Date(Date.now() - 1000) };
    expect(await rounds(ended, { refusedTtlMs: 60_000 })).toBe(3);
  });
});

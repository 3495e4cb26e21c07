import { copy, discover, referrersOf } from '@notarykit/artifact-graph';
import { equalBytes, type Fetch } from '@notarykit/common';
import { fetchBytes, type Repository } from '@notarykit/oci';
import { createHttpTimestamper, parseCertificate } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { statementMediaType } from '@notarykit/sbom-gate';
import {
  decodeEnvelope,
  parseSignatureManifest,
  type Signer,
  signatureArtifactType,
} from '@notarykit/signature-envelope';
import {
  createAuthority,
  createAuthorityServices,
  createEmbeddedRegistry,
  type EmbeddedRegistryOptions,
} from '@notarykit/testing';
import {
  inspect,
  type PromoteOptions,
  type Promotion,
  planPromotion,
  promote,
  sign,
  signFile,
  verify,
} from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { createStaging, type Staging, vexOf } from '../../support/promote/staging.js';

let staging: Staging;
beforeAll(async () => {
  staging = await createStaging();
});

/** Two registries, and a way to die: after so many requests nothing more goes out and no answer comes in. */
async function createPlaces(target: EmbeddedRegistryOptions = {}) {
  const registries = [createEmbeddedRegistry(), createEmbeddedRegistry(target)] as const;
  const death = new AbortController();
  let left = Number.POSITIVE_INFINITY;
  let served = 0;
  const mortal =
    (fetch: Fetch): Fetch =>
    async (url, init) => {
      death.signal.throwIfAborted();
      const answer = await fetch(url, init);
      served++;
      // Applied, and whoever asked is gone before the answer could be read.
      if (--left <= 0) death.abort(new Error('killed'));
      death.signal.throwIfAborted();
      return answer;
    };
  const open = (fetches: readonly Fetch[]): [Repository, Repository] => [
    createRegistry({ registry: 'staging.test', fetch: fetches[0] as Fetch }).repository('app'),
    createRegistry({ registry: 'production.test', fetch: fetches[1] as Fetch }).repository('app'),
  ];
  const fetches = registries.map(({ fetch }) => fetch);
  const [source, production] = open(fetches);
  await copy(staging.repository, source, { reference: 'v1' });
  return {
    source,
    production,
    mortal: open(fetches.map(mortal)),
    signal: death.signal,
    killAfter: (count: number) => {
      left = count;
    },
    served: () => served,
  };
}

function optionsOf(options: Partial<PromoteOptions> = {}): PromoteOptions {
  const { trust, production: signer } = staging;
  return { reference: 'v1', tag: ['v1', 'stable'], trust, policy: staging.policy(), signer, ...options };
}

/** Every referrer under its subject, production signatures by their signer, the rest by digest: what two runs must agree in. */
async function stateOf(repository: Repository): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { node, subject } of referrersOf(await discover(repository, 'v1'))) {
    const { descriptor } = node;
    const own = node.manifest.kind === 'image' && (await isBy(repository, staging.production, descriptor));
    const about = subject.digest === staging.image.digest || subject.digest === staging.sbom.digest;
    const summary = node.manifest.kind === 'image' && node.manifest.artifactType === statementMediaType;
    lines.push(
      `${about ? subject.digest : 'summary'} <- ${own ? 'production' : summary ? 'summary' : descriptor.digest}`,
    );
  }
  return lines.sort();
}

async function isBy(repository: Repository, signer: Signer, descriptor: Parameters<typeof fetchBytes>[1]) {
  const bytes = await fetchBytes(repository, descriptor);
  if (!new TextDecoder().decode(bytes).includes(`"artifactType":"${signatureArtifactType}"`)) return false;
  const { envelope } = parseSignatureManifest(bytes, descriptor.mediaType);
  const { certificateChain } = decodeEnvelope(await fetchBytes(repository, envelope), envelope.mediaType);
  const [wanted] = (await signer.describe()).certificateChain ?? [];
  const [leaf] = certificateChain;
  return wanted !== undefined && leaf !== undefined && equalBytes(leaf.der, wanted);
}

const isTagged = (repository: Repository): Promise<boolean> =>
  repository.resolve('v1').then(
    () => true,
    () => false,
  );

/** One kill point; whether the promotion came to its end before it. */
async function playKillPoint(count: number, options: PromoteOptions, expected: readonly string[], registry = {}) {
  const places = await createPlaces(registry);
  places.killAfter(count);
  const finished = await promote(...places.mortal, { ...options, signal: places.signal }).then(
    () => true,
    () => false,
  );
  if (await isTagged(places.production)) expect(await stateOf(places.production)).toEqual(expected);
  await promote(places.source, places.production, options);
  expect(await stateOf(places.production)).toEqual(expected);
  return finished && places.served() < count;
}

describe('a promotion that is killed', () => {
  it.each([
    ['source', 'referrers API', {}, undefined],
    ['target', 'referrers API', {}, undefined],
    [
      'target',
      'tag schema and a summary',
      { referrers: 'tag-schema' },
      { attestation: 'vsa', verifierId: 'https://wabbit.test/gate' },
    ],
  ] as const)(
    'signing in the %s, %s, after each request',
    { timeout: 900_000 },
    async (signIn, kind, registry, output) => {
      const options = optionsOf({ signIn, policy: staging.policy(output) });
      const whole = await createPlaces(registry);
      await promote(whole.source, whole.production, options);
      const expected = await stateOf(whole.production);
      expect(expected.filter((line) => line.endsWith('production'))).toHaveLength(output === undefined ? 2 : 3);
      let count = 1;
      while (!(await playKillPoint(count, options, expected, registry)))
        if (++count > 400) throw new Error('it does not end');
      expect(count).toBeGreaterThan(40);
      process.stdout.write(`kill points, promotion signing in the ${signIn}, ${kind}: ${count - 1}\n`);
    },
  );
});

describe('promote', () => {
  it('a second run finds the summary of the first', async () => {
    const { source, production } = await createPlaces({ referrers: 'tag-schema' });
    const policy = staging.policy({ attestation: 'vsa', verifierId: 'https://wabbit.test/gate' });
    const first = await promote(source, production, optionsOf({ policy }));
    const state = await stateOf(production);
    const second = await promote(source, production, optionsOf({ policy }));
    expect(second.summary).toEqual(first.summary);
    expect(second.signatures.map(({ signature }) => signature.digest)).toEqual(
      first.signatures.map(({ signature }) => signature.digest),
    );
    expect(await stateOf(production)).toEqual(state);
  });

  it('timestamps production signatures; one without a timestamp does not stand for them', async () => {
    const { source, production } = await createPlaces();
    const { services, authority } = staging;
    const roots = [parseCertificate(authority.root.certificate)];
    const url = services.timestampUrl('http://tsa.test');
    const timestamper = createHttpTimestamper({ url, roots, fetch: services.fetch });
    const plain = await promote(source, production, optionsOf());
    const stamped = optionsOf({ timestamper, timestampRoots: roots });
    const first = await promote(source, production, stamped);
    const digests = ({ signatures }: Promotion) => signatures.map(({ signature }) => signature.digest);
    expect(digests(first)).not.toEqual(digests(plain));
    for (const { subject, signature } of first.signatures) {
      const { signatures } = await inspect(production, subject);
      const made = signatures.find(({ digest }) => digest === signature.digest);
      expect(made).toMatchObject({ unsignedAttributes: { timestampSignature: { timestamp: expect.any(String) } } });
    }
    expect(digests(await promote(source, production, stamped))).toEqual(digests(first));
  });

  it.each([
    ['other metadata', { metadata: { ticket: '1' } }, { metadata: { ticket: '2' } }],
    ['metadata where there was none', {}, { metadata: { ticket: '1' } }],
    ['no metadata where there was some', { metadata: { ticket: '1' } }, {}],
    ['another format', { format: 'jws' }, { format: 'cose' }],
    ['another form', {}, { manifestForm: 'legacy' }],
    ['an end where there was none', {}, { expiry: new Date('2035-01-01T00:00:00Z') }],
    ['no end where there was one', { expiry: new Date('2035-01-01T00:00:00Z') }, {}],
    ['an earlier end', { expiry: new Date('2035-01-01T00:00:00Z') }, { expiry: new Date('2034-01-01T00:00:00Z') }],
  ] as const)('an older signature does not stand for one with %s', async (_, before, after) => {
    const { source, production } = await createPlaces();
    const digests = ({ signatures }: Promotion) => signatures.map(({ signature }) => signature.digest);
    const first = digests(await promote(source, production, optionsOf(before)));
    const second = digests(await promote(source, production, optionsOf(after)));
    for (const digest of second) expect(first).not.toContain(digest);
    expect(digests(await promote(source, production, optionsOf(after)))).toEqual(second);
  });

  it('an end that is earlier than asked for still holds', async () => {
    const { source, production } = await createPlaces();
    const digests = ({ signatures }: Promotion) => signatures.map(({ signature }) => signature.digest);
    const ending = (expiry: string) => promote(source, production, optionsOf({ expiry: new Date(expiry) }));
    const first = digests(await ending('2034-01-01T00:00:00Z'));
    expect(digests(await ending('2034-01-01T00:00:01Z'))).toEqual(first);
  });

  it('a timestamp of an authority that was not asked for does not stand for one that was', async () => {
    const { source, production } = await createPlaces();
    const digests = ({ signatures }: Promotion) => signatures.map(({ signature }) => signature.digest);
    const stampedBy = async ({ services, authority }: Pick<Staging, 'services' | 'authority'>) => {
      const timestampRoots = [parseCertificate(authority.root.certificate)];
      const url = services.timestampUrl('http://tsa.test');
      const timestamper = createHttpTimestamper({ url, roots: timestampRoots, fetch: services.fetch });
      return digests(await promote(source, production, optionsOf({ timestamper, timestampRoots })));
    };
    const first = await stampedBy(staging);
    const authority = await createAuthority({ name: 'Another' });
    const second = await stampedBy({ authority, services: createAuthorityServices(authority) });
    for (const digest of second) expect(first).not.toContain(digest);
    expect(await stampedBy(staging)).toEqual(first);
  });

  it('lets sign only whom the policy names', async () => {
    const policy = staging.policy({ promote: { signWith: 'production' } });
    const { source, production } = await createPlaces();
    await expect(promote(source, production, optionsOf({ policy, signer: staging.build }))).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_PROMOTE',
      detail: { reason: 'PROMOTION_SIGNER' },
    });
    expect(await production.exists(staging.image)).toBe(false);
    const inTarget = optionsOf({ policy, signer: staging.build, signIn: 'target' });
    await expect(promote(source, production, inTarget)).rejects.toMatchObject({
      detail: { reason: 'PROMOTION_SIGNER' },
    });
    expect(await isTagged(production)).toBe(false);
    expect((await promote(source, production, optionsOf({ policy }))).signatures).toHaveLength(2);
    expect(() => staging.policy({ promote: { signWith: 'nobody' } })).toThrow('signWith');
  });

  it('takes along all trusted evidence if the policy says so, and only then', async () => {
    const { source, production } = await createPlaces();
    // No rule asks for statements about findings, so that none is used.
    const { artifact } = await signFile(source, {
      ...vexOf(staging.image.digest),
      subject: 'v1',
      signer: staging.build,
    });
    const stranger = await signFile(source, {
      ...vexOf(staging.image.digest, 'CVE-2026-0002'),
      subject: 'v1',
      signer: staging.production,
    });
    const vex = { vex: { signedBy: ['build'] } };
    const used = await promote(source, production, optionsOf({ policy: staging.policy(undefined, vex) }));
    expect(used.plan.evidence.map(({ digest }) => digest)).toEqual([staging.sbom.digest]);
    expect(await production.exists(artifact)).toBe(false);
    const all = staging.policy({ promote: { signWith: 'production', evidence: 'all-trusted' } }, vex);
    const { plan, decision } = await promote(source, production, optionsOf({ policy: all }));
    expect(decision.evidence.unused.map(({ manifest }) => manifest)).toEqual([artifact.digest]);
    expect(new Set(plan.evidence.map(({ digest }) => digest))).toEqual(new Set([staging.sbom.digest, artifact.digest]));
    expect(await verify(production, artifact, staging.trust)).toMatchObject({ verdict: 'trusted' });
    expect(await production.exists(stranger.artifact)).toBe(false);
  });

  it('a plan writes nothing and says what would travel', async () => {
    const { source, production } = await createPlaces();
    const { plan, decision } = await planPromotion(source, production, optionsOf());
    expect(decision.verdict).toBe('ALLOW');
    expect(plan).toMatchObject({ artifact: { digest: staging.image.digest }, signIn: 'source', summary: false });
    expect(plan.evidence.map(({ digest }) => digest)).toEqual([staging.sbom.digest]);
    expect(await isTagged(production)).toBe(false);
    expect(await production.exists(staging.image)).toBe(false);
  });

  it('evidence that vanishes after the decision stops it before anything is signed', async () => {
    const { source, production } = await createPlaces();
    let gone = false;
    const fading: Repository = Object.create(source, {
      referrers: {
        value: async function* (...args: Parameters<Repository['referrers']>) {
          for await (const referrer of source.referrers(...args))
            if (!gone || referrer.digest !== staging.sbom.digest) yield referrer;
        },
      },
    });
    const evaluate = () => {
      gone = true;
      return [];
    };
    await expect(
      promote(fading, production, optionsOf({ rules: [{ name: 'clock', evaluate }] })),
    ).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_PROMOTE',
      detail: { reason: 'PROMOTION_SET_CHANGED', missing: [{ referrer: staging.sbom.digest }] },
    });
    expect(await production.exists(staging.image)).toBe(false);
  });

  it('a production signature does not stand for the build in staging, nor the build for production', async () => {
    const { source, production } = await createPlaces();
    await promote(source, production, optionsOf());
    expect(await verify(production, 'v1', staging.trust)).toMatchObject({ verdict: 'trusted' });
    const bare = (await createPlaces()).production;
    await copy(staging.repository, bare, { reference: 'v1' });
    await expect(verify(bare, 'v1', staging.trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    const other = await createPlaces();
    await copy(staging.repository, other.production, { reference: 'v1', referrers: false, tag: 'bare' });
    await sign(other.production, 'bare', { signer: staging.production });
    await expect(
      promote(other.production, other.source, optionsOf({ reference: 'bare', trust: { ...staging.trust } })),
    ).rejects.toMatchObject({ code: 'ERR_GATE_DENIED' });
  });
});

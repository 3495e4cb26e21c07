import { copyGraph, discover, packArtifact, referrersOf } from '@notarykit/artifact-graph';
import { type Fetch, utf8 } from '@notarykit/common';
import { equalBytes } from '@notarykit/common/internal';
import {
  type Descriptor,
  describe as describeContent,
  fetchBytes,
  fetchManifest,
  mediaTypes,
  OciError,
  type Repository,
} from '@notarykit/oci';
import { createHttpTimestamper, parseCertificate } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { statementMediaType } from '@notarykit/sbom-gate/internal';
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
  type PromotionFailure,
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
  await copyGraph(staging.repository, source, { reference: 'v1' });
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

/** An index of one image, as BuildKit leaves it: what is in the image lies beside it, in an attestation manifest. */
async function pushBuilt(repository: Repository) {
  const config = utf8(JSON.stringify({ os: 'linux', architecture: 'amd64' }));
  const inventory = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'left-pad', purl: 'pkg:npm/left-pad@1.3.0' }],
  };
  const type = 'https://cyclonedx.org/bom';
  const statement = utf8(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType: type,
      predicate: inventory,
    }),
  );
  const pack = async (mediaType: string, content: Uint8Array, annotations?: Record<string, string>) => {
    const layer = { mediaType, content, ...(annotations && { annotations }) };
    const packed = { config: { mediaType: mediaTypes.imageConfig, content: config }, layers: [layer] };
    return (await packArtifact(repository, packed)).descriptor;
  };
  const image = await pack(mediaTypes.imageLayerGzip, utf8('a layer'));
  const attestation = await pack('application/vnd.in-toto+json', statement, { 'in-toto.io/predicate-type': type });
  const entry = ({ mediaType, digest, size }: Descriptor, os: string, architecture: string) => ({
    mediaType,
    digest,
    size,
    platform: { os, architecture },
  });
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': image.digest,
  };
  const manifests = [entry(image, 'linux', 'amd64'), { ...entry(attestation, 'unknown', 'unknown'), annotations }];
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const index = describeContent(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  return { image: index, attestation };
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
    ['another kind', { kind: 'vendor' }, { kind: 'user' }],
    ['a kind where there was none', {}, { kind: 'vendor' }],
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

  it('accepts an earlier expiry than requested', async () => {
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

  it('a timestamp that no verification takes does not stand for one, unless the caller says that it does', async () => {
    const { source, production } = await createPlaces();
    const authority = await createAuthority({ name: 'Weak' });
    const issuer = await authority.issueCa({
      extensions: (list) => list.map((one) => (one.oid === '2.5.29.19' ? { ...one, critical: false } : one)),
    });
    const services = createAuthorityServices(authority, {
      timestamping: await authority.issueTimestamping({ issuer }),
    });
    const timestampRoots = [parseCertificate(authority.root.certificate)];
    const url = services.timestampUrl('http://tsa.test');
    const timestamper = createHttpTimestamper({ url, roots: timestampRoots, fetch: services.fetch });
    const stampedWith = async (more: object) => {
      const { signatures } = await promote(source, production, optionsOf({ timestamper, timestampRoots, ...more }));
      return signatures.map(({ signature }) => signature.digest);
    };
    const first = await stampedWith({ allowNonCriticalBasicConstraints: true });
    expect(await stampedWith({ allowNonCriticalBasicConstraints: true })).toEqual(first);
    await expect(stampedWith({})).rejects.toThrow(/basic constraints are not critical/);
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

  it('PR6 does not sign what a repository serves in place of the evidence', async () => {
    const { source, production } = await createPlaces();
    const planted = await packArtifact(source, { artifactType: 'example/planted', layers: [] });
    const lying: Repository = Object.create(source, {
      resolve: {
        value: async (...args: Parameters<Repository['resolve']>) =>
          args[0] === staging.sbom.digest ? planted.descriptor : await source.resolve(...args),
      },
    });
    await expect(promote(lying, production, optionsOf())).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
    expect((await inspect(source, planted.descriptor)).signatures).toEqual([]);
  });

  it.each([
    ['the signature of the index', false],
    ['a signature of their own', true],
  ])('evidence that lies in the index of the image travels with it, trusted through %s', async (_, isSigned) => {
    const { source, production } = await createPlaces();
    const { image, attestation } = await pushBuilt(source);
    await sign(source, image, { signer: staging.build });
    if (isSigned) await sign(source, attestation, { signer: staging.build });
    const { plan, signatures } = await promote(source, production, optionsOf({ reference: image, tag: 'built' }));
    expect(plan.evidence.map(({ digest }) => digest)).toEqual([attestation.digest]);
    expect(signatures.map(({ subject }) => subject.digest)).toEqual([image.digest, attestation.digest]);
    expect(await verify(production, 'built', staging.trust)).toMatchObject({ digest: image.digest });
    expect(await verify(production, attestation, staging.trust)).toMatchObject({ verdict: 'trusted' });
  });

  it('a summary that the target does not list leaves no tag', async () => {
    const { source, production } = await createPlaces();
    const silent: Repository = Object.create(production, {
      referrers: {
        value: async function* (...args: Parameters<Repository['referrers']>) {
          for await (const referrer of production.referrers(...args))
            if (referrer.artifactType !== statementMediaType) yield referrer;
        },
      },
    });
    const policy = staging.policy({ attestation: 'vsa', verifierId: 'https://wabbit.test/gate' });
    await expect(promote(source, silent, optionsOf({ policy }))).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_PROMOTE',
      detail: { reason: 'PROMOTION_INCOMPLETE', missing: [{ subject: staging.image.digest }] },
    });
    expect(await isTagged(production)).toBe(false);
  });

  it('a production signature does not stand for the build in staging, nor the build for production', async () => {
    const { source, production } = await createPlaces();
    await promote(source, production, optionsOf());
    expect(await verify(production, 'v1', staging.trust)).toMatchObject({ verdict: 'trusted' });
    const bare = (await createPlaces()).production;
    await copyGraph(staging.repository, bare, { reference: 'v1' });
    await expect(verify(bare, 'v1', staging.trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    const other = await createPlaces();
    await copyGraph(staging.repository, other.production, { reference: 'v1', referrers: false, tag: 'bare' });
    await sign(other.production, 'bare', { signer: staging.production });
    await expect(
      promote(other.production, other.source, optionsOf({ reference: 'bare', trust: { ...staging.trust } })),
    ).rejects.toMatchObject({ code: 'ERR_GATE_DENIED' });
  });

  /** A production registry that asks for a password, and whoever has this one. */
  const protectedBy = (password: string): Repository => {
    const { fetch } = createEmbeddedRegistry({
      auth: { scheme: 'basic', accounts: [{ username: 'ci', password: 'right' }] },
    });
    return createRegistry({ registry: 'production.test', fetch, credentials: { username: 'ci', password } }).repository(
      'app',
    );
  };
  const productionSignatures = async (repository: Repository): Promise<number> => {
    let count = 0;
    for (const subject of [staging.image, staging.sbom])
      for await (const referrer of repository.referrers(subject, { artifactType: signatureArtifactType }))
        if (await isBy(repository, staging.production, referrer)) count++;
    return count;
  };

  it('PR1 a summary that somebody else has attached is not signed, whatever its text', async () => {
    const policy = staging.policy({ attestation: 'vsa', verifierId: 'https://wabbit.test/gate' });
    const rehearsal = await createPlaces();
    const { summary } = await promote(rehearsal.source, rehearsal.production, optionsOf({ policy }));
    const { manifest } = await fetchManifest(rehearsal.production, summary!);
    const [layer] = manifest.kind === 'image' ? manifest.layers : [];
    const text = await fetchBytes(rehearsal.production, layer!);
    const { annotations = {} } = manifest;
    const { annotations: reported = {} } = layer!;
    const layers = [{ mediaType: statementMediaType, content: text, annotations: reported }];
    const { source, production } = await createPlaces();
    const planted = await Promise.all(
      [
        { annotations: { 'test/approved-by': 'production' } },
        { config: { mediaType: 'application/vnd.test.config', content: utf8('{"evil":true}') } },
        { subject: { ...staging.image, size: staging.image.size + 7 } },
        { layers: [{ mediaType: 'application/octet-stream', content: text }] },
      ].map((change) =>
        packArtifact(production, {
          artifactType: statementMediaType,
          subject: staging.image,
          layers,
          annotations,
          ...change,
        }),
      ),
    );
    const exact = await packArtifact(production, {
      artifactType: statementMediaType,
      subject: staging.image,
      layers,
      annotations,
    });
    expect(exact.descriptor.digest).toBe(summary!.digest);
    const { signatures, summary: own } = await promote(source, production, optionsOf({ policy }));
    const signed = signatures.map(({ subject }) => subject.digest);
    expect(signed).toEqual([staging.image.digest, staging.sbom.digest, own!.digest]);
    for (const { descriptor } of [...planted, exact]) expect(signed).not.toContain(descriptor.digest);
  });

  it('PR2 does not use the production key without the right to write to the target', async () => {
    for (const signIn of ['source', 'target'] as const) {
      const { source } = await createPlaces();
      await expect(promote(source, protectedBy('wrong'), optionsOf({ signIn }))).rejects.toMatchObject({
        code: 'ERR_REGISTRY_UNAUTHORIZED',
      });
      expect(await productionSignatures(source)).toBe(0);
    }
    const { source } = await createPlaces();
    expect((await promote(source, protectedBy('right'), optionsOf())).signatures).toHaveLength(2);
  });

  it('PR3 a failure after signing says what is signed, and a second run keeps it', async () => {
    const { source, production } = await createPlaces();
    const failing: Repository = Object.create(production, {
      push: {
        value: async (...args: Parameters<Repository['push']>) => {
          if (args[0].digest === staging.image.digest) throw new OciError('ERR_OCI_INVALID', 'not this one');
          await production.push(...args);
        },
      },
    });
    const failure = await promote(source, failing, optionsOf()).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'ERR_NOTARYKIT_PROMOTE',
      message: expect.stringContaining('staging.test/app: 2'),
      cause: expect.objectContaining({ code: expect.stringMatching(/^ERR_(?:OCI|GRAPH)_/) }),
      detail: {
        reason: 'PROMOTION_INTERRUPTED',
        signatures: [staging.image, staging.sbom].map(({ digest }) =>
          expect.objectContaining({ subject: digest, repository: 'staging.test/app' }),
        ),
      },
    });
    const { signatures } = await promote(source, production, optionsOf());
    expect(signatures.map(({ signature }) => signature.digest)).toEqual(
      (failure as { detail: PromotionFailure }).detail.signatures.map(({ signature }) => signature),
    );
    expect(await productionSignatures(source)).toBe(2);
  });

  it('PR4 what a policy skips is not promoted unless the caller says so', async () => {
    const document = (level: object): object => ({
      name: 'staging',
      registryScopes: ['staging.test/app'],
      signatureVerification: level,
    });
    const skipping = staging.trustWith(document({ level: 'skip' }));
    const { source, production } = await createPlaces();
    await expect(promote(source, production, optionsOf({ trust: skipping }))).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
      message: expect.stringContaining('allowSkipped'),
    });
    expect(await productionSignatures(source)).toBe(0);
    const allowed = await promote(source, production, optionsOf({ trust: skipping, allowSkipped: true }));
    expect(allowed.decision.verdict).toBe('ALLOW');
  });

  it('PR5 a signature that somebody has put into another manifest is not taken for one of ours', async () => {
    const { source, production } = await createPlaces();
    const first = await promote(source, production, optionsOf());
    const again = await createPlaces();
    const [{ subject, signature }] = first.signatures as [Promotion['signatures'][number]];
    const { envelope } = parseSignatureManifest(await fetchBytes(source, signature), signature.mediaType);
    const { descriptor: planted } = await packArtifact(again.source, {
      artifactType: signatureArtifactType,
      subject,
      layers: [{ mediaType: envelope.mediaType, content: await fetchBytes(source, envelope) }],
      annotations: { 'io.cncf.notary.x509chain.thumbprint#S256': '[]', 'test/more': 'text' },
    });
    const { signatures } = await promote(again.source, again.production, optionsOf());
    expect(signatures.map((one) => one.signature.digest)).not.toContain(planted.digest);
    expect(await again.production.exists(planted)).toBe(false);
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { equalBytes } from '@notarykit/common/internal';
import { describe as describeBytes, fetchBytes, memoryRepository, type Repository } from '@notarykit/oci';
import { offlineRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { openLayoutTar } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry } from '@notarykit/testing';
import type { TrustError } from '@notarykit/trust-policy';
import { type CreateBundleOptions, copy, createBundle, readBundle, sign, verify, verifyBundle } from 'notarykit';
import { verifyBundleFile, writeBundle } from 'notarykit/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BundleLab, createBundleLab, later, trustOf } from '../../support/bundle/lab.js';

let lab: BundleLab;
let trust: ReturnType<typeof trustOf>;
beforeAll(async () => {
  lab = await createBundleLab();
  trust = trustOf(lab, lab.repository.name);
});

type Made = Partial<CreateBundleOptions> & { readonly repository?: Repository; readonly reference?: string };

const make = ({ repository = lab.repository, reference = 'v1', ...options }: Made = {}) =>
  createBundle({ repository, reference }, { ...trust, revocation: { fetch: lab.services.fetch }, ...options });

const asked = (): number => lab.services.requests.length + lab.registry.requests.length;

describe('a bundle', () => {
  it('is verified without a network', async () => {
    const bytes = await (await make()).bytes();
    const before = asked();
    const { artifacts, policy } = await verifyBundle(bytes, { ...trust, expect: [`${lab.repository.name}:v1`] });
    expect(policy).toBe(trust.policy.digest);
    expect(artifacts).toMatchObject([
      {
        repository: lab.repository.name,
        tag: 'v1',
        verdict: { verdict: 'trusted', digest: lab.artifact.digest },
        referrers: [{ descriptor: { digest: lab.sbom.digest }, verdict: { verdict: 'trusted' } }],
      },
    ]);
    expect(asked()).toBe(before);
  });

  it('has what was not trusted left out, and layers only if they are asked for', async () => {
    const { repository } = await readBundle(await (await make({ referrers: false })).bytes());
    const inside = repository(lab.repository.name);
    expect(await inside.exists(lab.sbom)).toBe(false);
    const { manifest } = { manifest: JSON.parse(new TextDecoder().decode(await fetchBytes(inside, lab.artifact))) };
    expect(await inside.exists(manifest.layers[0])).toBe(false);
    const listed = [];
    for await (const { artifactType } of inside.referrers(lab.artifact)) listed.push(artifactType);
    expect(listed).toEqual(['application/vnd.cncf.notary.signature']);
  });

  it('is the same bytes for the same content, evidence and policy', async () => {
    const first = await make();
    const again = { revocation: { answers: first.evidence } };
    const [one, two] = [await (await make(again)).bytes(), await (await make(again)).bytes()];
    expect(equalBytes(one, two)).toBe(true);
    expect(equalBytes(await first.bytes(), one)).toBe(true);
    const other = memoryRepository('outside.test/other');
    await copy(lab.repository, other, { reference: 'v1' });
    const wide = trustOf(lab, '*');
    const inputs = [
      { repository: lab.repository, reference: 'v1' },
      { repository: other, reference: 'v1' },
    ];
    const both = await createBundle(inputs, { ...wide, ...again });
    const reversed = await createBundle([...inputs].reverse(), { ...wide, ...again });
    expect(equalBytes(await both.bytes(), await reversed.bytes())).toBe(true);
    expect((await verifyBundle(both.stream(), wide)).artifacts).toHaveLength(2);
  });

  it('with content can be copied out of, and verified where it is then', async () => {
    const bytes = await (await make({ content: true })).bytes();
    const { repository, artifacts, evidence } = await verifyBundle(bytes, trust);
    const inside = createRegistry({ registry: 'inside.test', fetch: createEmbeddedRegistry().fetch }).repository('app');
    const [artifact] = artifacts;
    await copy(repository(lab.repository.name), inside, { reference: artifact?.verdict.digest ?? '', tag: 'v1' });
    const offline = await readBundle(bytes);
    expect(offline.evidence).toEqual(evidence);
    const moved = await make({
      repository: inside,
      ...trustOf(lab, inside.name),
      revocation: offline.evidence && { answers: evidence },
    });
    expect(moved.artifacts).toMatchObject([{ repository: inside.name, descriptor: { digest: lab.artifact.digest } }]);
  });

  it('in a file is written whole, and read as a layout like any other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'notarykit-bundle-'));
    const path = join(folder, 'bundle.tar');
    try {
      const bundle = await make({ content: true });
      await writeBundle(path, bundle);
      expect(equalBytes(await readFile(path), await bundle.bytes())).toBe(true);
      expect(await readdir(folder)).toEqual(['bundle.tar']);
      expect((await verifyBundleFile(path, trust)).artifacts).toHaveLength(1);
      const archive = await openLayoutTar(path, { name: lab.repository.name });
      expect((await verifyBundle(archive, trust)).artifacts).toHaveLength(1);
      expect((await archive.resolve('v1')).digest).toBe(lab.artifact.digest);
      await archive.close();
      await expect(verifyBundleFile(join(folder, 'none.tar'), trust)).rejects.toMatchObject({
        code: 'ERR_NOTARYKIT_FILE',
      });
      await expect(writeBundle(join(folder, 'none', 'b.tar'), bundle)).rejects.toMatchObject({
        code: 'ERR_NOTARYKIT_FILE',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('of an image index carries the manifests in it, and their signatures if they are asked for', async () => {
    const repository = memoryRepository('outside.test/index');
    const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.test', layers: [] });
    const child = { mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.size };
    const absent = { ...child, digest: `sha256:${'0'.repeat(64)}` as const };
    const index = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, manifests: [child, absent] }));
    const root = describeBytes('application/vnd.oci.image.index.v1+json', index);
    await repository.push(root, index);
    await repository.tag(root, 'v1');
    await sign(repository, descriptor, lab.signing);
    await sign(repository, 'v1', lab.signing);
    const given = { repository, ...trustOf(lab, repository.name) };
    const bytes = await (await make(given)).bytes();
    expect(await (await readBundle(bytes)).repository(repository.name).exists(child)).toBe(true);
    await expect(make({ ...given, content: true })).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    await expect(verifyBundle(bytes, { ...given, platforms: 'children' })).rejects.toMatchObject({
      code: 'ERR_TRUST_NO_SIGNATURE',
    });
  });
});

describe('a bundle is not made', () => {
  it('of what is not trusted, or what the policy skips', async () => {
    const stranger = trustOf(lab, 'elsewhere.test/app');
    await expect(make(stranger)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_STATEMENT' });
    const { repository } = lab;
    const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.bare', layers: [] });
    await expect(make({ reference: descriptor.digest })).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    const skipping = trustOf(lab, repository.name, { level: { level: 'skip' }, trustStores: [] });
    await expect(make(skipping)).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_BUNDLE',
      detail: { reason: 'NOTHING_VERIFIED' },
    });
  });

  it('without content that the source does not have, or above its limit', async () => {
    const sparse = memoryRepository(lab.repository.name);
    await copy(lab.repository, sparse, { reference: 'v1' });
    const manifest = JSON.parse(new TextDecoder().decode(await fetchBytes(sparse, lab.artifact)));
    await sparse.delete(manifest.layers[0]);
    await expect(make({ repository: sparse, content: true })).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_BUNDLE',
      detail: { reason: 'PART_MISSING' },
    });
    await expect(make({ maxBytes: 1000 })).rejects.toMatchObject({ code: 'ERR_OCI_TOO_LARGE' });
  });
});

describe('the time of a bundle', () => {
  it('evidence counts until its end, longer with maxAgeMs, and at its own date for ever', async () => {
    const bytes = await (await make()).bytes();
    const { now } = lab.clock;
    const verifyAt = (options: object) => verifyBundle(bytes, { ...trust, ...options });
    const day = 24 * 60 * 60 * 1000;
    await expect(verifyAt({ now: later(now, 60) })).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    expect((await verifyAt({ now: later(now, 60), maxAgeMs: 61 * day })).artifacts).toHaveLength(1);
    await expect(verifyAt({ now: later(now, 60), maxAgeMs: 59 * day })).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
    const [artifact] = (await verifyAt({ now: later(now, 60), at: now })).artifacts;
    expect(artifact?.verdict.report).toMatchObject({ verdict: 'trusted', at: now.toISOString().replace('.000', '') });
  });

  it('as of a date, later evidence does not count', async () => {
    // Without timestamps: those are of a later date themselves.
    const plain = trustOf(lab, lab.repository.name, { trustStores: ['ca:lab'] });
    const bytes = await (await make(plain)).bytes();
    const made = lab.clock.now;
    expect((await verifyBundle(bytes, { ...plain, at: made })).artifacts).toHaveLength(1);
    const refused = await verifyBundle(bytes, { ...plain, at: later(made, -0.5), maxAgeMs: 1e12 }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    expect(factsOf(refused)).toContain('revocationUnavailable');
  });

  it('holds the evidence of several dates, and each date sees its own', { timeout: 60_000 }, async () => {
    const setup = await createBundleLab();
    const { now: first } = setup.clock;
    const given = trustOf(setup, setup.repository.name);
    const input = { repository: setup.repository, reference: 'v1' };
    const revocation = { fetch: setup.services.fetch };
    const old = await createBundle(input, { ...given, revocation, now: first });
    const second = later(first, 10);
    setup.clock.now = second;
    const renewed = await createBundle(input, { ...given, revocation, now: second, evidence: old.evidence });
    expect(renewed.evidence.length).toBe(2 * old.evidence.length);
    const third = later(first, 20);
    setup.clock.now = third;
    setup.services.revoke(setup.leaf, { reason: 'keyCompromise' });
    const revoked: (typeof renewed.evidence)[number][] = [];
    const onAnswer = (answer: (typeof revoked)[number]) => revoked.push(answer);
    await expect(
      createBundle(input, { ...given, revocation: { ...revocation, onAnswer }, now: third }),
    ).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    const all = [...revoked, ...renewed.evidence];
    const bytes = await (
      await createBundle(input, { ...given, revocation: { answers: renewed.evidence }, now: second, evidence: all })
    ).bytes();
    for (const date of [first, second]) {
      const { artifacts } = await verifyBundle(bytes, { ...given, now: third, at: date });
      // The responder dates its answers a day back.
      const stated = later(date, -1).toISOString().replace('.000', '');
      expect(new Set(evidenceDates(artifacts[0]?.verdict.report))).toEqual(new Set([stated]));
    }
    const refused = await verifyBundle(bytes, { ...given, now: third }).catch((error: unknown) => error);
    expect(factsOf(refused)).toContain('certificateRevoked');
  });
});

/** Why an artifact was refused. */
function factsOf(error: unknown): readonly string[] {
  const { detail } = error as TrustError;
  return (
    detail?.report?.signatures.flatMap(({ validations }) =>
      validations.flatMap(({ fact }) => (fact === undefined ? [] : [fact.fact])),
    ) ?? []
  );
}

/** When the answers that a verdict rests on were made. */
function evidenceDates(report: unknown): readonly string[] {
  return [...JSON.stringify(report).matchAll(/"thisUpdate":"([^"]+)"/g)].map(([, date = '']) => date);
}

it('a bundle and the registry it was made from give one verdict', async () => {
  const online = await make();
  const { report } = (await verifyBundle(await online.bytes(), trust)).artifacts[0]?.verdict ?? {};
  const answers = online.evidence;
  expect(answers.length).toBeGreaterThan(0);
  const direct = await verify(lab.repository, 'v1', { ...trust, revocation: offlineRevocationChecker({ answers }) });
  expect(report?.signatures[0]?.validations.map(({ validation, result }) => [validation, result])).toEqual(
    direct.report.signatures[0]?.validations.map(({ validation, result }) => [validation, result]),
  );
});

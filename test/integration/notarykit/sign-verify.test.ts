import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeContent,
  mediaTypes,
  memoryRepository,
  type Repository,
} from '@notarykit/oci';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, discover, publish, sign, signBlob, signFile, type Trust, verify, verifyBaseImages } from 'notarykit';
import { describe, expect, it } from 'vitest';

const policy = parseTrustPolicy(
  JSON.stringify({
    version: '1.0',
    trustPolicies: [
      {
        name: 'wabbit-networks',
        registryScopes: ['*'],
        signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
        trustStores: ['ca:lab'],
        trustedIdentities: ['*'],
      },
    ],
  }),
);

async function setUp(name = 'registry.test/net-monitor') {
  const repository = memoryRepository(name);
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
  const image = describeContent(mediaTypes.imageIndex, bytes);
  await repository.push(image, bytes);
  await repository.tag(image, 'v1');
  const lab = await createTrustLab();
  const trust: Trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
  return { repository, image, lab, trust };
}

const intoto = 'application/vnd.in-toto+json';

async function pushImage(repository: Repository, layers: readonly Descriptor[] = []): Promise<Descriptor> {
  const config = describeContent(mediaTypes.imageConfig, utf8('{}'));
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers };
  return push(repository, mediaTypes.imageManifest, manifest);
}

function pushIndex(repository: Repository, manifests: readonly Descriptor[]): Promise<Descriptor> {
  return push(repository, mediaTypes.imageIndex, { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests });
}

async function push(repository: Repository, mediaType: string, manifest: object): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify(manifest));
  const descriptor = describeContent(mediaType, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

describe('sign and verify', () => {
  it.each(
    signatureAlgorithms.flatMap(({ keySpec }) =>
      (['jws', 'cose'] as const).map((format) => [keySpec, format] as const),
    ),
  )('%s in %s', async (keySpec, format) => {
    const { repository, image, lab, trust } = await setUp();
    const { signer } = await lab.authority.issueLeaf({ keySpec });
    const signed = await sign(repository, 'v1', { signer, format, metadata: { build: '7' } });
    expect(signed).toMatchObject({
      artifact: { digest: image.digest },
      warning: expect.stringContaining(image.digest),
    });
    const verdict = await verify(repository, 'v1', { ...trust, metadata: { build: '7' } });
    expect(verdict).toMatchObject({ verdict: 'trusted', digest: image.digest });
    expect((await repository.resolve('v1')).digest).toBe(image.digest);
  });

  it('finds signatures in the legacy manifest form', async () => {
    const { repository, lab, trust } = await setUp();
    await sign(repository, 'v1', { signer: lab.signer, manifestForm: 'legacy' });
    expect(await verify(repository, 'v1', trust)).toMatchObject({ verdict: 'trusted' });
  });

  it('refuses an unsigned artifact, and one of another signer', async () => {
    const { repository, lab, trust } = await setUp();
    await expect(verify(repository, 'v1', trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    const stranger = await createTrustLab({ name: 'Stranger' });
    await sign(repository, 'v1', { signer: stranger.signer });
    await expect(verify(repository, 'v1', trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    await sign(repository, 'v1', { signer: lab.signer });
    expect(await verify(repository, 'v1', trust)).toMatchObject({ verdict: 'trusted' });
  });

  it('K8 a reference into another repository is refused', async () => {
    const { repository, lab } = await setUp();
    await expect(sign(repository, 'registry.test/other:v1', { signer: lab.signer })).rejects.toMatchObject({
      code: 'ERR_GRAPH_REFERENCE',
    });
    await expect(sign(repository, 'registry.test/net-monitor', { signer: lab.signer })).rejects.toMatchObject({
      code: 'ERR_GRAPH_REFERENCE',
    });
    expect(await sign(repository, 'registry.test/net-monitor:v1', { signer: lab.signer })).toMatchObject({
      warning: expect.any(String),
    });
  });

  it('signs the manifests of an index', async () => {
    const { repository, lab, trust } = await setUp();
    const image = await pushImage(repository);
    const index = await pushIndex(repository, [image]);
    const { signatures } = await sign(repository, index.digest, { signer: lab.signer, platforms: 'both' });
    expect(signatures.map(({ subject }) => subject.digest)).toEqual([index.digest, image.digest]);
    expect(await verify(repository, index.digest, { ...trust, platforms: 'both' })).toMatchObject({
      verdict: 'trusted',
      manifests: [{ verdict: 'trusted' }],
    });
  });

  it('platforms: an index without a manifest that can run is refused, whoever signed it', async () => {
    const { repository, image, lab, trust } = await setUp();
    await sign(repository, 'v1', { signer: lab.signer });
    const attestation = await pushImage(repository, [{ ...describeContent(intoto, utf8('{}')) }]);
    const runnable = await pushImage(repository);
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': runnable.digest,
    };
    const beside = { ...attestation, platform: unknown, annotations };
    for (const platforms of ['children', 'both'] as const)
      await expect(verify(repository, image, { ...trust, platforms })).rejects.toMatchObject({
        code: 'ERR_NOTARYKIT_PLATFORMS',
      });
    // An attestation is not a platform: it needs no signature, and signed it does not stand for one.
    const index = await pushIndex(repository, [runnable, beside]);
    await sign(repository, attestation, { signer: lab.signer });
    const children = verify(repository, index, { ...trust, platforms: 'children' });
    await expect(children).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    await sign(repository, runnable, { signer: lab.signer });
    expect(await verify(repository, index, { ...trust, platforms: 'children' })).toMatchObject({
      verdict: 'trusted',
      digest: index.digest,
      manifests: [{ descriptor: { digest: runnable.digest } }],
    });
    // What is not an index is judged by its own signature.
    expect(await verify(repository, runnable, { ...trust, platforms: 'children' })).toMatchObject({
      verdict: 'trusted',
      digest: runnable.digest,
      manifests: [],
    });
  });

  it('skip: copy and verifyBaseImages continue only with "allowSkipped"', async () => {
    const { repository, trust } = await setUp();
    const skipping = parseTrustPolicy({
      version: '1.0',
      trustPolicies: [{ name: 'ignore', registryScopes: [repository.name], signatureVerification: { level: 'skip' } }],
    });
    const skippingTrust = { ...trust, policy: skipping };
    const target = memoryRepository('registry.test/copied');
    const copied = copy(repository, target, { reference: 'v1', verify: skippingTrust });
    await expect(copied).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED', detail: { statement: 'ignore' } });
    await expect(target.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    const allowed = await copy(repository, target, { reference: 'v1', verify: skippingTrust, allowSkipped: true });
    expect(allowed.verdict?.verdict).toBe('skipped');
    const build = (more: object) =>
      verifyBaseImages('FROM registry.test/net-monitor:v1\n', {
        open: () => repository,
        trust: skippingTrust,
        ...more,
      });
    await expect(build({})).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_BASE_IMAGE' });
    expect(await build({ allowSkipped: true })).toMatchObject([{ verdict: { verdict: 'skipped' } }]);
  });

  it('signs files, publishes with the tag last, copies with verification', async () => {
    const { repository, lab, trust } = await setUp();
    const file = {
      name: 'sbom.json',
      mediaType: 'application/json',
      content: utf8('{"version":"0.0.0.0","artifact":"x","contents":"good"}'),
    };
    const published = await publish(repository, {
      push: {
        artifactType: 'application/vnd.wabbit.net-monitor',
        layers: [{ mediaType: 'text/plain', content: utf8('hello') }],
      },
      sign: { signer: lab.signer },
      attach: [{ artifactType: 'sbom/example', files: [file] }],
      tag: ['v2', 'latest'],
    });
    expect(published.tags.map(({ tag }) => tag)).toEqual(['v2', 'latest']);
    const tree = await discover(repository, 'v2');
    expect(tree.referrers.map(({ descriptor }) => descriptor.artifactType).sort()).toEqual([
      'application/vnd.cncf.notary.signature',
      'sbom/example',
    ]);
    const target = memoryRepository('registry.prod/net-monitor');
    const copied = await copy(repository, target, { reference: 'v2', verify: trust });
    expect(copied.tags.map(({ tag }) => tag)).toEqual(['v2']);
    expect(await verify(target, 'v2', trust)).toMatchObject({ verdict: 'trusted', digest: published.artifact.digest });
    const [sbom] = published.attached;
    expect(await verify(target, sbom?.artifact.digest ?? '', trust)).toMatchObject({ verdict: 'trusted' });
  });

  it('a copy that is refused writes nothing', async () => {
    const { repository, trust } = await setUp();
    const target = memoryRepository('registry.prod/net-monitor');
    await expect(copy(repository, target, { reference: 'v1', verify: trust })).rejects.toMatchObject({
      code: 'ERR_TRUST_NO_SIGNATURE',
    });
    await expect(target.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });

  it('signFile refuses an empty list', async () => {
    const { repository, lab } = await setUp();
    await expect(signFile(repository, { files: [], artifactType: 'a/b', signer: lab.signer })).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_ARGUMENT',
    });
  });

  it('signs a blob', async () => {
    const { lab } = await setUp();
    const { envelope, fileName, verified } = await signBlob(utf8('release'), { signer: lab.signer, format: 'cose' });
    expect(fileName('a.tgz')).toBe('a.tgz.cose.sig');
    expect(envelope[0]).toBe(0xd2);
    expect(verified.targetArtifact).toMatchObject({ size: 7, mediaType: 'application/octet-stream' });
  });

  it('verifies base images line by line', async () => {
    const { repository, lab, trust } = await setUp('registry.test/base');
    const dockerfile =
      'ARG BASE=registry.test/base:v1\nFROM ${BASE} AS build\nRUN make\nFROM scratch\nCOPY --from=build /a /a\n';
    const open = () => repository;
    await expect(verifyBaseImages(dockerfile, { open, trust })).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_BASE_IMAGE',
    });
    await sign(repository, 'v1', { signer: lab.signer });
    expect(await verifyBaseImages(dockerfile, { open, trust })).toMatchObject([
      { line: 2, verdict: { verdict: 'trusted' } },
    ]);
    await expect(verifyBaseImages('FROM registry.test/base:$V', { open, trust })).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_BASE_IMAGE',
    });
  });
});

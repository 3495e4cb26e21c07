import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes, memoryRepository } from '@notarykit/oci';
import { signatureAlgorithms } from '@notarykit/signature-envelope';
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

  it('the legacy manifest form is found too', async () => {
    const { repository, lab, trust } = await setUp();
    await sign(repository, 'v1', { signer: lab.signer, manifestForm: 'legacy' });
    expect(await verify(repository, 'v1', trust)).toMatchObject({ verdict: 'trusted' });
  });

  it('refuses what nobody signed, and what somebody else signed', async () => {
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
    const { repository, image, lab, trust } = await setUp();
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [image] }));
    const index = describeContent(mediaTypes.imageIndex, bytes);
    await repository.push(index, bytes);
    const { signatures } = await sign(repository, index.digest, { signer: lab.signer, platforms: 'both' });
    expect(signatures.map(({ subject }) => subject.digest)).toEqual([index.digest, image.digest]);
    expect(await verify(repository, index.digest, { ...trust, platforms: 'both' })).toMatchObject({
      verdict: 'trusted',
      manifests: [{ verdict: 'trusted' }],
    });
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

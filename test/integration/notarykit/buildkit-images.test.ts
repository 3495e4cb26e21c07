import type { Descriptor } from '@notarykit/oci';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { audit, planResigning, sign, type Trust, verify } from 'notarykit';
import { describe, expect, it } from 'vitest';
import { attesting, type ImageOptions, image, index, memory, on } from '../graph/content.js';

const policy = parseTrustPolicy({
  version: '1.0',
  trustPolicies: [
    {
      name: 'builds',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
});
const inToto: ImageOptions = { layers: ['application/vnd.in-toto+json'] };

/** BuildKit writes attestation manifests as images or, from 0.31 on, as artifacts that have the image as their subject. */
const forms = ['image', 'artifact'] as const;
const artifactType = 'application/vnd.docker.attestation.manifest.v1+json';

/** An index as buildx writes it: two platforms, each with an attestation manifest. */
async function setUp(form: (typeof forms)[number] = 'image') {
  const lab = await createTrustLab();
  const trust: Trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
  const repository = memory();
  const images = await Promise.all(['amd64', 'arm64'].map(async (name) => on(name, await push(name))));
  const proofs = await Promise.all(
    images.map(async ({ mediaType, digest, size }, i) => {
      const subject = { mediaType, digest, size };
      const about: ImageOptions = form === 'image' ? { annotations: { of: `${i}` } } : { subject, artifactType };
      return attesting(await image(repository, { ...inToto, ...about }), subject);
    }),
  );
  const built = await index(repository, [...images, ...proofs]);
  return { lab, trust, repository, images, proofs, built };

  async function push(architecture: string): Promise<Descriptor> {
    return await image(repository, { platform: { os: 'linux', architecture } });
  }
}

const digests = (list: readonly { readonly digest: string }[]) => list.map(({ digest }) => digest);
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.each(forms)('images as BuildKit writes them, attestations in the form of an %s', (form) => {
  it('sign with "both" makes one signature for each manifest that verify asks for, and none for attestations', async () => {
    const { lab, trust, repository, images, built } = await setUp(form);
    const { signatures } = await sign(repository, built, { signer: lab.signer, platforms: 'both' });
    expect(digests(signatures.map(({ subject }) => subject))).toEqual(digests([built, ...images]));
    const { manifests } = (await verify(repository, built, { ...trust, platforms: 'both' })) as {
      manifests: readonly { descriptor: Descriptor }[];
    };
    expect(digests(manifests.map(({ descriptor }) => descriptor))).toEqual(digests(images));
  });

  it('sign with "children" refuses an index without a manifest that can run', async () => {
    const { lab, repository } = await setUp(form);
    const empty = await index(repository, []);
    const signing = sign(repository, empty, { signer: lab.signer, platforms: 'children' });
    await expect(signing).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_ARGUMENT' });
  });

  it('audit judges images and lists attestations, and the plan signs no attestation', async () => {
    const { lab, trust, repository, images, proofs, built } = await setUp(form);
    await sign(repository, built, { signer: lab.signer });
    const results = await all(audit([{ repository, reference: built.digest }], trust));
    expect(results).toMatchObject([
      {
        verdict: 'trusted',
        manifests: images.map(({ digest }) => ({
          verdict: 'refused',
          problem: { code: 'ERR_TRUST_NO_SIGNATURE' },
          descriptor: { digest },
        })),
        attestations: proofs.map(({ digest }, i) => ({ descriptor: { digest }, target: images[i]?.digest })),
      },
    ]);
    const { renew, review } = await planResigning(results, { platforms: 'both' });
    expect(renew).toEqual([]);
    expect(digests(review.map(({ descriptor }) => descriptor))).toEqual(digests(images));
  });

  it.each<[string, ImageOptions, (one: Descriptor) => object]>([
    [
      'an image of a platform with the annotations of one',
      {},
      () => ({ platform: { os: 'linux', architecture: 's390x' } }),
    ],
    ['a manifest without platform that holds layers of an image', {}, () => ({})],
    ['one about a digest that is not in the index', inToto, () => attesting(nothing, nothing)],
    ['one about itself', inToto, () => ({})],
    ['one about another index', inToto, (inner) => attesting(nothing, inner)],
  ])('P16 verify, sign and audit treat as an image %s', async (name, content, more) => {
    const { lab, trust, repository, images } = await setUp(form);
    const hidden = await image(repository, { ...content, annotations: { number: '3' } });
    const inner = await index(repository, [{ ...images[0], annotations: { number: '4' } }]);
    const claimed = attesting(hidden, name === 'one about itself' ? hidden : (images[0] as Descriptor));
    const { platform = claimed.platform, annotations = claimed.annotations } = more(inner) as Partial<Descriptor>;
    const entry = { ...hidden, platform, annotations };
    const root = await index(repository, [...images, inner, entry]);
    for (const one of [root, ...images]) await sign(repository, one, { signer: lab.signer });
    for (const platforms of ['children', 'both'] as const)
      await expect(verify(repository, root, { ...trust, platforms })).rejects.toMatchObject({
        code: 'ERR_TRUST_NO_SIGNATURE',
      });
    const [result] = await all(audit([{ repository, reference: root.digest }], trust));
    expect(result?.attestations).toBeUndefined();
    expect(result?.manifests.find(({ problem }) => problem?.code === 'ERR_TRUST_NO_SIGNATURE')?.descriptor.digest).toBe(
      hidden.digest,
    );
    const { signatures } = await sign(repository, root, { signer: lab.signer, platforms: 'both' });
    expect(digests(signatures.map(({ subject }) => subject))).toContain(hidden.digest);
    expect(await verify(repository, root, { ...trust, platforms: 'both' })).toMatchObject({ verdict: 'trusted' });
  });
});

const nothing: Descriptor = { mediaType: 'a/b', digest: `sha256:${'3'.repeat(64)}`, size: 1 };

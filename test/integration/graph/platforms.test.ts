import { openGraph } from '@notarykit/artifact-graph';
import type { Descriptor } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { attesting, counted, type ImageOptions, image, index, memory, on } from './content.js';

describe('platforms', () => {
  it('gives each manifest once, through indexes in indexes', async () => {
    const repository = counted(memory());
    const amd = on('x86_64', await image(repository));
    const arm = on('arm64', await image(repository, { layers: ['a/b'] }));
    const inner = await index(repository, [arm, amd]);
    const root = await index(repository, [amd, inner, inner, amd]);
    const platforms = await openGraph(repository).platforms(root);
    expect(platforms).toMatchObject({ index: true, attestations: [] });
    expect(platforms.runnable.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    expect(repository.asked).toHaveLength(2);
  });

  it('are expanded in linear time where each index names the next one twice', async () => {
    const repository = counted(memory());
    let top = on('amd64', await image(repository));
    for (let i = 0; i < 15; i++) top = await index(repository, [top, top, { ...top, annotations: { i: 'again' } }]);
    expect((await openGraph(repository).platforms(top)).runnable).toHaveLength(1);
    expect(repository.asked).toHaveLength(15);
  });

  it('P18 say under which platforms an index lists one manifest, in indexes too', async () => {
    const repository = memory();
    const one = await image(repository);
    const other = await image(repository, { layers: ['a/b'] });
    const inner = await index(repository, [on('s390x', one), on('arm64', one)]);
    const root = await index(repository, [on('arm64', one), on('amd64', one), other, on('x86_64', one), inner, one]);
    const { runnable } = await openGraph(repository).platforms(root);
    expect(runnable.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest, other.digest]);
    const [first, second] = runnable;
    expect([first, ...(first?.otherPlatforms ?? [])].map((place) => place?.platform?.architecture)).toEqual([
      'arm64',
      'amd64',
      's390x',
      undefined,
    ]);
    expect(second?.otherPlatforms).toBeUndefined();
  });

  it('L3 refuse one manifest under more platforms than an index may have manifests', async () => {
    const repository = memory();
    const one = await image(repository);
    const many = await index(
      repository,
      Array.from({ length: 1001 }, (_, i) => on(`a${i}`, one)),
    );
    await expect(openGraph(repository).platforms(many)).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
  });

  it('L3 refuse above their limits, and never shorten', async () => {
    const repository = memory();
    const one = await image(repository);
    const names = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...one, digest: `sha256:${String(i).padStart(64, '0')}` }));
    const view = openGraph(repository);
    expect((await view.platforms(await index(repository, names(1000)))).runnable).toHaveLength(1000);
    const more = view.platforms(await index(repository, names(1001)));
    await expect(more).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    let top = one;
    for (let i = 0; i < 18; i++) top = await index(repository, [top]);
    await expect(view.platforms(top)).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
  });

  it('include an empty index, unless it is the artifact itself', async () => {
    const repository = memory();
    const empty = await index(repository, []);
    const view = openGraph(repository);
    expect((await view.platforms(await index(repository, [empty]))).runnable).toMatchObject([{ descriptor: empty }]);
    expect(await view.platforms(empty)).toEqual({ index: true, runnable: [], attestations: [] });
  });

  it('are the artifact itself where it is not an index', async () => {
    const repository = memory();
    const one = await image(repository, { platform: { os: 'linux', architecture: 'aarch64', variant: 'v8' } });
    const view = openGraph(repository);
    const { index: isIndex, runnable } = await view.platforms(one);
    expect({ isIndex, count: runnable.length }).toEqual({ isIndex: false, count: 1 });
    expect(await view.platformOf(runnable[0]!)).toEqual({ os: 'linux', architecture: 'arm64' });
  });

  it('are read from the config only where the index says nothing', async () => {
    const repository = counted(memory());
    const stated = on('arm', await image(repository));
    const silent = await image(repository, { platform: { os: 'linux', architecture: 'amd64' } });
    const view = openGraph(repository);
    const { runnable } = await view.platforms(await index(repository, [stated, silent]));
    expect(await view.platformOf(runnable[0]!)).toEqual({ os: 'linux', architecture: 'arm' });
    expect(repository.asked).toHaveLength(1);
    expect(await view.platformOf(runnable[1]!)).toEqual({ os: 'linux', architecture: 'amd64' });
    expect(repository.asked).toHaveLength(3);
  });

  it('tell an attestation that is proven', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const proof = attesting(await image(repository, { layers: ['application/vnd.in-toto+json'] }), one);
    const { runnable, attestations } = await openGraph(repository).platforms(await index(repository, [one, proof]));
    expect(runnable.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest]);
    expect(attestations).toMatchObject([{ descriptor: { digest: proof.digest }, target: one.digest }]);
  });

  const inToto = { layers: ['application/vnd.in-toto+json'] };
  const about = (digest: string, type = 'attestation-manifest') => ({
    annotations: { 'vnd.docker.reference.type': type, 'vnd.docker.reference.digest': digest },
  });
  it.each<[string, ImageOptions, (target: Descriptor) => object]>([
    ['has a platform', inToto, () => ({ platform: { os: 'linux', architecture: 'amd64' } })],
    ['says nothing', inToto, () => ({ annotations: {} })],
    ['does not say that it is one', inToto, ({ digest }) => about(digest, 'image')],
    ['is about a manifest of another index', inToto, () => about(`sha256:${'2'.repeat(64)}`)],
    ['holds another layer', { layers: ['application/vnd.in-toto+json', 'a/b'] }, () => ({})],
    ['holds nothing', { layers: [] }, () => ({})],
    ['is not there', inToto, () => ({ digest: `sha256:${'1'.repeat(64)}` })],
    ['is not what it says', inToto, () => ({ size: 1 })],
  ])('P16 take for runnable what claims to be an attestation and %s', async (_, content, more) => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const claim = attesting(await image(repository, content), one, more(one));
    const platforms = await openGraph(repository).platforms(await index(repository, [one, claim]));
    expect(platforms.runnable.map(({ descriptor }) => descriptor.digest)).toContain(claim.digest);
    expect(platforms.attestations).toEqual([]);
  });

  it('P16 treat a manifest as runnable that is an attestation in one place only', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const content = await image(repository, inToto);
    const proof = attesting(content, one);
    for (const entries of [
      [one, proof, on('arm64', content)],
      [one, on('arm64', content), proof],
    ]) {
      const platforms = await openGraph(repository).platforms(await index(repository, entries));
      expect(platforms.attestations).toEqual([]);
      expect(platforms.runnable).toHaveLength(2);
    }
  });

  it('P16 take for runnable what claims to attest to an index', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const inner = await index(repository, [one]);
    const claim = attesting(await image(repository, inToto), inner);
    const { runnable, attestations } = await openGraph(repository).platforms(await index(repository, [inner, claim]));
    expect(attestations).toEqual([]);
    expect(runnable.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest, claim.digest]);
  });

  it('P16 take for runnable what claims to attest to an image of an index further out', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const claim = attesting(await image(repository, inToto), one);
    const root = await index(repository, [one, await index(repository, [claim])]);
    const { runnable, attestations } = await openGraph(repository).platforms(root);
    expect(attestations).toEqual([]);
    expect(runnable.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest, claim.digest]);
  });

  it('P16 take for runnable what claims to attest to another attestation, in both directions', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const content = await image(repository, inToto);
    const other = await image(repository, { ...inToto, annotations: { number: '2' } });
    const proof = attesting(content, one);
    const about = attesting(other, content);
    const view = openGraph(repository);
    const chain = await view.platforms(await index(repository, [one, proof, about]));
    expect(chain.attestations.map(({ descriptor }) => descriptor.digest)).toEqual([proof.digest]);
    expect(chain.runnable.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest, about.digest]);
    const circle = await view.platforms(await index(repository, [one, attesting(content, other), about]));
    expect(circle.attestations).toEqual([]);
    expect(circle.runnable).toHaveLength(3);
  });
});

import { createRegistry } from '@notarykit/registry-client';
import type { GateRuleInput } from '@notarykit/sbom-gate';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BuiltImage, build } from '../../../examples/wabbit-networks/src/image/build.ts';
import { debian, dockerfileFor, netMonitor } from '../../../examples/wabbit-networks/src/image/contents.ts';
import { inventoryOf } from '../../../examples/wabbit-networks/src/image/inventory.ts';
import { pushImage } from '../../../examples/wabbit-networks/src/image/push.ts';
import { readImage } from '../../../examples/wabbit-networks/src/image/read.ts';
import { baseRule } from '../../../examples/wabbit-networks/src/story/base-rule.ts';
import type { Setup } from '../../../examples/wabbit-networks/src/story/setup.ts';

const host = 'registry.test';
const client = createRegistry({ registry: host, fetch: createEmbeddedRegistry().fetch });
const setup = { privateRegistry: { host, client } } as unknown as Setup;
const target = client.repository('net-monitor');
const open = (repository: string) => client.repository(repository);

let base: Awaited<ReturnType<typeof pushImage>>;
let built: BuiltImage;
beforeAll(async () => {
  base = await pushImage(open('base/debian'), { layers: debian });
  const dockerfile = dockerfileFor(host).replace(':12\n', `:12@${base.digest}\n`);
  built = await build({ dockerfile, context: netMonitor, open, target });
});

/** What the rule says of an image whose provenance names these images. */
async function judged(image: string, named: readonly string[], verified: readonly string[] = [base.digest]) {
  const checked = { dockerfile: '', baseImages: verified as readonly `sha256:${string}`[] };
  const rule = await baseRule(setup, image, checked);
  const provenance = [
    { materials: named.map((digest) => ({ uri: 'pkg:docker/base', digests: [digest], pointer: '' })) },
  ];
  return rule.evaluate({ image: { digest: image }, provenance } as unknown as GateRuleInput);
}

describe('the image of the story', () => {
  it('has layers, history and annotations of its base image, and a layer of its own', async () => {
    const [below, image] = [
      await readImage(open('base/debian'), base.digest),
      await readImage(target, built.image.digest),
    ];
    expect(image.layers.slice(0, -1)).toEqual(below.layers);
    expect(image.config.rootfs.diff_ids).toEqual(image.layers.map(({ digest }) => digest));
    expect(image.config.history.filter(({ empty_layer }) => empty_layer !== true)).toHaveLength(image.layers.length);
    expect(image.annotations).toEqual({
      'org.opencontainers.image.base.name': 'registry.test/base/debian:12',
      'org.opencontainers.image.base.digest': base.digest,
    });
  });

  it('is listed with the packages of all its layers', async () => {
    const { packages } = await inventoryOf(target, built.image.digest);
    expect(packages.map(({ name }) => name)).toEqual(['libc6', 'ca-certificates', 'libssl3', 'net-monitor']);
  });

  it('is not built from a Dockerfile that names its base image only by tag', async () => {
    await expect(build({ dockerfile: dockerfileFor(host), context: [], open, target })).rejects.toThrow(
      'by its digest',
    );
  });
});

describe('the rule about base images', () => {
  it('says which layers are shared', async () => {
    expect(await judged(built.image.digest, [base.digest])).toMatchObject([{ code: 'x-base/shared', level: 'info' }]);
  });

  it('denies when the base image was not verified', async () => {
    expect(await judged(built.image.digest, [base.digest], [])).toMatchObject([{ code: 'x-base/not-verified' }]);
  });

  it('denies when the provenance names another', async () => {
    expect(await judged(built.image.digest, [built.image.digest])).toMatchObject([{ code: 'x-base/provenance' }]);
  });

  it('denies without provenance', async () => {
    const rule = await baseRule(setup, built.image.digest, { dockerfile: '', baseImages: [base.digest] });
    const input = { image: { digest: built.image.digest }, provenance: [] } as unknown as GateRuleInput;
    expect(rule.evaluate(input)).toMatchObject([{ code: 'x-base/provenance' }]);
  });

  it('denies another image than the one that was read', async () => {
    const rule = await baseRule(setup, built.image.digest, { dockerfile: '', baseImages: [base.digest] });
    const input = { image: { digest: base.digest }, provenance: [] } as unknown as GateRuleInput;
    expect(rule.evaluate(input)).toMatchObject([{ code: 'x-base/other-image' }]);
  });

  it('denies an image that claims the base image in an annotation only', async () => {
    const annotations = { 'org.opencontainers.image.base.digest': base.digest };
    const pretended = await pushImage(target, { layers: [{ createdBy: 'COPY . /', files: netMonitor }], annotations });
    const [violation] = await judged(pretended.digest, [base.digest]);
    expect(violation?.code).toBe('x-base/layers');
    expect(violation?.level).toBeUndefined();
  });
});

import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeBytes,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
  OciError,
  type Repository,
} from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { attachReferrer, copyGraph, discover, openGraph, packArtifact } from '../index.js';

const type = 'application/vnd.test.report';
const text = (value: string) => [{ mediaType: 'text/plain', content: utf8(value) }];

async function release(): Promise<{ source: MemoryRepository; report: Descriptor }> {
  const source = memoryRepository('source.test/app');
  await packArtifact(source, { artifactType: 'a/b', layers: text('app'), tags: ['v1'] });
  const { descriptor } = await attachReferrer(source, 'v1', { artifactType: type, layers: text('report') });
  return { source, report: descriptor };
}

/** Manifests that no careful repository takes in, listed as referrers of `v1`. */
function withListed(source: Repository, listed: readonly (readonly [Descriptor, Uint8Array | Error])[]): Repository {
  return {
    ...source,
    async fetch(wanted, options) {
      const [, content] = listed.find(([{ digest }]) => digest === wanted.digest) ?? [];
      if (content instanceof Error) throw content;
      return content === undefined ? await source.fetch(wanted, options) : new Blob([new Uint8Array(content)]).stream();
    },
    async *referrers(subject, options) {
      yield* source.referrers(subject, options);
      if (subject.digest !== (await source.resolve('v1')).digest) return;
      for (const [descriptor] of listed) yield descriptor;
      options?.onRefused?.({ cause: new OciError('ERR_OCI_LIMIT', 'an entry with too many annotations') });
    },
  };
}

const raw = (content: string): [Descriptor, Uint8Array] => [
  describeBytes(mediaTypes.imageManifest, utf8(content)),
  utf8(content),
];

describe('an invalid referrer', () => {
  it('P6 is reported by copy and discover, and the other referrers are copied', async () => {
    const { source, report } = await release();
    const bad = withListed(source, [raw('{"schemaVersion":2,"schemaVersion":2}'), raw('[]')]);
    const target = memoryRepository('target.test/app');
    const outcome = await copyGraph(bad, target, { reference: 'v1' });
    expect(outcome.setAside.map(({ reason }) => reason)).toEqual(['unreadable', 'unreadable', 'unreadable']);
    expect(outcome.setAside.map(({ cause }) => cause.code)).toContain('ERR_OCI_LIMIT');
    expect(await target.exists(report)).toBe(true);
    const tree = await discover(bad, 'v1');
    expect(tree.setAside).toHaveLength(3);
    expect(tree.referrers.map(({ descriptor }) => descriptor.digest)).toEqual([report.digest]);
  });

  it('L13 that is unavailable fails a copy before anything is written, and is named by discover', async () => {
    const { source } = await release();
    const [descriptor] = raw('{"schemaVersion":2}');
    const broken = withListed(source, [[descriptor, new Error('500')]]);
    const target = memoryRepository('target.test/app');
    await expect(copyGraph(broken, target, { reference: 'v1' })).rejects.toMatchObject({
      code: 'ERR_GRAPH_COPY',
      detail: { side: 'source', written: [] },
      cause: { code: 'ERR_GRAPH_UNAVAILABLE' },
    });
    for await (const content of target.contents()) expect(content).toBeUndefined();
    expect((await discover(broken, 'v1')).setAside.map(({ reason }) => reason)).toContain('unavailable');
  });
});

describe('what copy reads', () => {
  it('is the content that the verifier has read, without a second request', async () => {
    const { source, report } = await release();
    const asked: string[] = [];
    const counted: Repository = {
      ...source,
      fetch: (descriptor, options) => {
        asked.push(descriptor.digest);
        return source.fetch(descriptor, options);
      },
    };
    await copyGraph(counted, memoryRepository('target.test/app'), {
      reference: 'v1',
      verify: async (artifact, view) => {
        for await (const referrer of view.referrers(artifact))
          if (referrer.kind === 'referrer') await view.manifest(referrer.descriptor);
      },
    });
    expect(asked.filter((digest) => digest === report.digest)).toHaveLength(1);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('P3 is the content of the requested digest', async () => {
    const { source, report } = await release();
    const good = (await openGraph(source).resolve('v1')).descriptor.digest;
    const lying: Repository = { ...source, resolve: async () => report };
    const target = memoryRepository('target.test/app');
    const asked = copyGraph(lying, target, { reference: good, tag: false });
    await expect(asked).rejects.toMatchObject({ cause: { code: 'ERR_OCI_DIGEST_MISMATCH' } });
    await expect(discover(lying, good)).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
    await expect(attachReferrer(lying, good, { artifactType: type })).rejects.toMatchObject({
      code: 'ERR_OCI_DIGEST_MISMATCH',
    });
  });
});

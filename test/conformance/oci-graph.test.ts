import { collect, copyGraph, discover, referrersOf, type Successor, successors } from '@notarykit/artifact-graph';
import { selectPlatform } from '@notarykit/artifact-graph/internal';
import {
  type Digest,
  fetchBytes,
  type ImageManifest,
  type Manifest,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
  type Platform,
  parseDigest,
} from '@notarykit/oci';
import { artifactTypeOf, isManifestMediaType, parseManifest } from '@notarykit/oci/internal';
import { openLayout } from '@notarykit/registry-client/node';
import { expect, it } from 'vitest';
import { type ExpectedLayout, type ExpectedNode, expectedLayout, loadLayout } from '../support/layout-vector.js';
import { countVectors, vectorBytes, vectorJson, vectorList, vectorPath, vectorSet } from '../vectors.js';

const layouts = ['testrepo', 'oras-e2e-artifacts', 'ggcr-gc-index', 'regclient-external', 'corrupt'];

/** Edges as the vectors name them: a list's members by number. */
function places(manifest: Manifest): { role: string; digest: string; mediaType: string }[] {
  const names: Record<string, string> = { layer: 'layers', manifest: 'manifests', blob: 'blobs' };
  const counts = new Map<string, number>();
  return successors(manifest).map(({ role, descriptor }: Successor) => {
    const list = names[role];
    const n = counts.get(role) ?? 0;
    counts.set(role, n + 1);
    return {
      role: list === undefined ? role : `${list}[${n}]`,
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
    };
  });
}

async function manifestsOf(
  repository: MemoryRepository,
  expected: ExpectedLayout,
): Promise<[Digest, ExpectedNode, Manifest][]> {
  const nodes = Object.entries(expected.nodes).filter(([, node]) => isManifestMediaType(node.mediaType)) as [
    Digest,
    ExpectedNode,
  ][];
  return await Promise.all(
    nodes.map(async ([digest, node]): Promise<[Digest, ExpectedNode, Manifest]> => {
      const bytes = await fetchBytes(repository, { ...node, digest });
      return [digest, node, parseManifest(bytes, node.mediaType, { twins: true })];
    }),
  );
}

vectorSet('oci', 'oci/layouts', () => {
  it.each(layouts)('graph of the layout %s', async (name) => {
    const expected = expectedLayout(name);
    const repository = await loadLayout(name);
    const found = new Map<string, Set<string>>();
    const referrers = new Map<string, Set<string>>();
    const add = (map: Map<string, Set<string>>, key: string, value: string) =>
      map.set(key, (map.get(key) ?? new Set()).add(value));
    for (const [digest, node, manifest] of await manifestsOf(repository, expected)) {
      expect(places(manifest), digest).toEqual(node.successors ?? []);
      expect(artifactTypeOf(manifest), digest).toBe(node.effectiveArtifactType);
      for (const { descriptor } of successors(manifest)) add(found, descriptor.digest, digest);
      if (manifest.subject !== undefined) add(referrers, manifest.subject.digest, digest);
    }
    const sorted = (map: Map<string, Set<string>>) =>
      Object.fromEntries([...map].map(([key, set]) => [key, [...set].sort()]));
    const expectedSorted = (map: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(Object.entries(map).map(([key, list]) => [key, [...list].sort()]));
    expect(sorted(found)).toEqual(expectedSorted(expected.predecessors));
    expect(sorted(referrers)).toEqual(expectedSorted(expected.referrersBySubject));
  });

  it.each(layouts)('every tag of the layout %s, discovered and copied with its referrers', async (name) => {
    const expected = expectedLayout(name);
    const source = await loadLayout(name);
    for (const [tag, digest] of Object.entries(expected.tags)) {
      const target = memoryRepository('target.test/copy');
      if (expected.missing.includes(digest)) {
        await expect(copyGraph(source, target, { reference: digest, tag })).rejects.toMatchObject({
          code: 'ERR_GRAPH_COPY',
          cause: { code: 'ERR_OCI_NOT_FOUND' },
        });
        continue;
      }
      const outcome = await copyGraph(source, target, { reference: tag, assert: 'graph' });
      expect(outcome.root.digest).toBe(digest);
      const there = [...referrersOf(await discover(target, tag))].map(({ node }) => node.descriptor.digest).sort();
      const here = [...referrersOf(await discover(source, tag))].map(({ node }) => node.descriptor.digest).sort();
      expect(there, tag).toEqual(here);
      expect(here, tag).toEqual(reachableReferrers(expected, digest));
    }
  });

  it.each(layouts)('the layout %s on disk, tag by tag', async (name) => {
    const expected = expectedLayout(name);
    const source = await openLayout(vectorPath('oci', 'layouts', name));
    for (const [tag, digest] of Object.entries(expected.tags)) {
      expect((await source.resolve(tag)).digest).toBe(digest);
      if (expected.missing.includes(digest)) continue;
      const outcome = await copyGraph(source, memoryRepository('target.test/copy'), {
        reference: tag,
        assert: 'graph',
      });
      const found = [...referrersOf(await discover(source, outcome.root))].map(({ node }) => node.descriptor.digest);
      expect(found.sort(), tag).toEqual(reachableReferrers(expected, digest));
    }
  });

  it.each(layouts)('garbage of the layout %s', async (name) => {
    const expected = expectedLayout(name);
    const plan = await collect(await loadLayout(name));
    const tagged = new Set(Object.values(expected.tags));
    const removed = plan.garbage
      .filter(({ reason }) => reason === 'unreachable')
      .map(({ descriptor }) => descriptor.digest);
    for (const { descriptor } of plan.garbage) expect(tagged.has(descriptor.digest)).toBe(false);
    expect(removed.filter((digest) => expected.unreachableFromIndex.includes(digest)).sort()).toEqual(
      [...expected.unreachableFromIndex].sort(),
    );
  });

  it('removes exactly the unreachable blob of ggcr-gc-index', async () => {
    const plan = await collect(await loadLayout('ggcr-gc-index'), { dryRun: false });
    expect(plan.garbage.map(({ descriptor }) => descriptor.digest)).toEqual(
      expectedLayout('ggcr-gc-index').unreachableFromIndex,
    );
  });

  it('platforms', (context) => {
    const { cases } = vectorJson('oci', 'platform', 'expected.json') as {
      cases: { file: string; want: Platform; exact: string | null }[];
    };
    for (const { file, want, exact } of cases) {
      const index = vectorJson('oci', 'platform', file) as { mediaType?: string };
      const mediaType = index.mediaType ?? mediaTypes.imageIndex;
      const manifest = parseManifest(vectorBytes('oci', 'platform', file), mediaType);
      const found = manifest.kind === 'index' ? selectPlatform(manifest.manifests, want)?.digest : undefined;
      expect(found ?? null, `${file} ${JSON.stringify(want)}`).toBe(exact);
    }
    countVectors(context, cases.length, cases.length);
  });

  it('hostile documents', (context) => {
    const { documents } = vectorJson('oci', 'hostile', 'index.json') as {
      documents: { file: string; servedContentType: string; verdict: string }[];
    };
    const manifests = documents.filter(({ servedContentType }) => isManifestMediaType(servedContentType));
    for (const { file, servedContentType, verdict } of manifests) {
      const parse = () => parseManifest(vectorBytes('oci', 'hostile', file), servedContentType);
      if (verdict === 'reject')
        expect(parse, file).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ERR_OCI_/) }));
      else expect(parse, file).not.toThrow();
      if (verdict !== 'accept-unverifiable') continue;
      // Content whose algorithm cannot be computed is named, and refused when it is asked for.
      const [layer] = (parse() as ImageManifest).layers;
      expect(() => parseDigest(layer?.digest ?? '')).toThrow(expect.objectContaining({ code: 'ERR_OCI_UNSUPPORTED' }));
    }
    countVectors(context, manifests.length, manifests.length);
  });

  it('retired artifact manifests', (context) => {
    const files = vectorList('oci', 'oras-artifact').filter((file) => file.endsWith('.json'));
    for (const file of files) {
      const document = vectorJson('oci', 'oras-artifact', file) as {
        mediaType: string;
        subject?: { digest: string };
        blobs?: { digest: string }[];
        config?: { digest: string };
        layers?: { digest: string }[];
      };
      const manifest = parseManifest(vectorBytes('oci', 'oras-artifact', file), document.mediaType);
      const parts = [document.subject, document.config, ...(document.layers ?? []), ...(document.blobs ?? [])];
      expect(
        successors(manifest).map(({ descriptor }) => descriptor.digest),
        file,
      ).toEqual(parts.flatMap((part) => (part === undefined ? [] : [part.digest])));
    }
    countVectors(context, files.length, files.length);
  });
});

/** The referrers of a node, of its index entries, and of those referrers, from the vector alone; each once. */
function reachableReferrers(expected: ExpectedLayout, root: Digest): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue: Digest[] = [root];
  for (let digest = queue.shift(); digest !== undefined; digest = queue.shift()) {
    if (seen.has(digest)) continue;
    seen.add(digest);
    for (const referrer of expected.referrersBySubject[digest] ?? []) {
      found.add(referrer);
      queue.push(referrer);
    }
    for (const { role, digest: child, mediaType } of expected.nodes[digest]?.successors ?? [])
      if (role.startsWith('manifests') && isManifestMediaType(mediaType)) queue.push(child);
  }
  return [...found].sort();
}

import { attachReferrer, copyGraph, discover, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes, type Repository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';

async function image(repository: Repository, text: string): Promise<Descriptor> {
  const layers = [{ mediaType: mediaTypes.imageLayer, content: utf8(text) }];
  return (await packArtifact(repository, { artifactType: 'application/vnd.test.image', layers })).descriptor;
}

async function attached(repository: Repository, subject: Descriptor, artifactType: string): Promise<Descriptor> {
  const layers = [{ mediaType: 'text/plain', content: utf8(`${artifactType} of ${subject.digest}`) }];
  return (await attachReferrer(repository, subject, { artifactType, layers })).descriptor;
}

/** An index of two images; one has an SBOM, and that a signature, as the index has. */
async function release(repository: Repository): Promise<void> {
  const manifests = [await image(repository, 'amd64'), await image(repository, 'arm64')];
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const index = describeBytes(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  const sbom = await attached(repository, manifests[0] as Descriptor, 'application/vnd.test.sbom');
  await attached(repository, sbom, 'application/vnd.test.signature');
  await attached(repository, index, 'application/vnd.test.signature');
  await repository.tag(index, 'v1');
}

/** A repository that no client has asked anything yet, and what it is asked from here on. */
function fresh(registry: EmbeddedRegistry): { repository: Repository; asked: () => Record<string, number> } {
  registry.forgetRequests();
  const repository = createRegistry({ registry: 'registry.test', fetch: registry.fetch }).repository('app');
  const asked = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { method, route } of registry.requests)
      counts[`${method} ${route}`] = (counts[`${method} ${route}`] ?? 0) + 1;
    return counts;
  };
  return { repository, asked };
}

async function released(): Promise<EmbeddedRegistry> {
  const registry = createEmbeddedRegistry();
  await release(fresh(registry).repository);
  return registry;
}

describe('requests', () => {
  it('of discover: one for the tag, one for each manifest and each list', async () => {
    const { repository, asked } = fresh(await released());
    await discover(repository, 'v1');
    expect(asked()).toMatchInlineSnapshot(`
      {
        "GET manifest": 6,
        "GET referrers": 6,
      }
    `);
  });

  it('of copy: at the source as of discover, and each blob once', async () => {
    const from = fresh(await released());
    const to = fresh(createEmbeddedRegistry());
    await copyGraph(from.repository, to.repository, { reference: 'v1' });
    expect(from.asked()).toMatchInlineSnapshot(`
      {
        "GET blob": 6,
        "GET manifest": 6,
        "GET referrers": 6,
      }
    `);
    expect(to.asked()).toMatchInlineSnapshot(`
      {
        "GET manifest": 1,
        "GET referrers": 4,
        "HEAD blob": 6,
        "HEAD manifest": 6,
        "POST uploads": 6,
        "PUT manifest": 7,
        "PUT upload": 6,
      }
    `);
  });

  it('of copy to where all of it is already', async () => {
    const registry = await released();
    const from = fresh(registry);
    const target = createEmbeddedRegistry();
    await copyGraph(from.repository, fresh(target).repository, { reference: 'v1' });
    const to = fresh(target);
    await copyGraph(fresh(registry).repository, to.repository, { reference: 'v1' });
    expect(to.asked()).toMatchInlineSnapshot(`
      {
        "GET manifest": 1,
        "GET referrers": 3,
        "HEAD blob": 6,
        "HEAD manifest": 6,
      }
    `);
  });
});

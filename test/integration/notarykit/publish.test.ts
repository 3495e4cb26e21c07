import { utf8 } from '@notarykit/common';
import { type Digest, memoryRepository, type Repository } from '@notarykit/oci';
import { parseManifest } from '@notarykit/oci/internal';
import { createTrustLab } from '@notarykit/testing';
import { type PublishOptions, publish } from 'notarykit';
import { describe, expect, it } from 'vitest';

const sbom = { name: 'sbom.json', mediaType: 'application/json', content: utf8('{"contents":"good"}') };

async function optionsOf(): Promise<PublishOptions> {
  const { signer } = await createTrustLab();
  return {
    push: { artifactType: 'application/vnd.test', layers: [] },
    sign: { signer },
    attach: [{ artifactType: 'sbom/example', files: [sbom] }],
    tag: 'v1',
  };
}

/** A repository in which another writer takes the n-th referrer from its list, once or each time that it is pushed. */
function createContested(nth: number, again: boolean): Repository {
  const repository = memoryRepository('registry.test/app');
  const hidden = new Set<Digest>();
  const seen = new Set<Digest>();
  return {
    ...repository,
    async push(descriptor, content, options) {
      await repository.push(descriptor, content, options);
      if (!(content instanceof Uint8Array) || !descriptor.mediaType.includes('manifest')) return;
      if (parseManifest(content, descriptor.mediaType).subject === undefined) return;
      if (!again) hidden.delete(descriptor.digest);
      if (seen.has(descriptor.digest)) return;
      seen.add(descriptor.digest);
      if (seen.size === nth) hidden.add(descriptor.digest);
    },
    async *referrers(subject, options) {
      for await (const referrer of repository.referrers(subject, options))
        if (!hidden.has(referrer.digest)) yield referrer;
    },
  };
}

/** The signature, the SBOM, and the SBOM's signature. */
const referrers = [1, 2, 3];

describe('publish, where another writer overwrites lists of referrers', () => {
  it.each(referrers)('lists referrer %i again before it tags', async (nth) => {
    const repository = createContested(nth, false);
    const { artifact, attached, signatures } = await publish(repository, await optionsOf());
    const listed: string[] = [];
    for (const subject of [artifact, ...attached.map((file) => file.artifact)])
      for await (const { digest } of repository.referrers(subject)) listed.push(digest);
    const made = [...signatures, ...attached.flatMap((file) => file.signatures)].map(({ signature }) => signature);
    const all = [...made, ...attached.map((file) => file.artifact)].map(({ digest }) => digest);
    expect(listed).toHaveLength(referrers.length);
    expect(new Set(listed)).toEqual(new Set(all));
    expect((await repository.resolve('v1')).digest).toBe(artifact.digest);
  });

  it.each(referrers)('sets no tag while referrer %i is not listed', async (nth) => {
    const repository = createContested(nth, true);
    await expect(publish(repository, await optionsOf())).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_PUBLISH' });
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });
});

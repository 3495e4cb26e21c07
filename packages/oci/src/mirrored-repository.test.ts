import { utf8 } from '@notarykit/common';
import { describe, expect, it } from 'vitest';
import { fetchBytes } from './content.js';
import { type Descriptor, describe as describeContent } from './descriptor.js';
import { OciError } from './errors.js';
import { mediaTypes } from './media-types.js';
import { type MemoryRepository, memoryRepository } from './memory-repository.js';
import { mirroredRepository } from './mirrored-repository.js';
import type { Repository } from './repository.js';

const blob = (text: string) => ({ bytes: utf8(text), descriptor: describeContent('text/plain', utf8(text)) });

async function pushed(repository: Repository, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await repository.push(blob(text).descriptor, blob(text).bytes);
}

async function signature(repository: Repository, subject: Descriptor, text: string): Promise<Descriptor> {
  const config = describeContent(mediaTypes.empty, utf8('{}'));
  const { mediaType, digest, size } = subject;
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    config,
    layers: [],
    subject: { mediaType, digest, size },
    annotations: { text },
  };
  const bytes = utf8(JSON.stringify(document));
  await repository.push(describeContent(mediaTypes.imageManifest, bytes), bytes);
  return describeContent(mediaTypes.imageManifest, bytes);
}

function places(): readonly [MemoryRepository, MemoryRepository, MemoryRepository] {
  return [memoryRepository('origin.test/app'), memoryRepository('one.test/app'), memoryRepository('two.test/app')];
}

/** A repository in which some functions do something else. */
const but = (repository: Repository, changes: Partial<Repository>): Repository => ({ ...repository, ...changes });
const failing = async (): Promise<never> => {
  throw new OciError('ERR_OCI_INVALID', 'broken');
};

async function digestsOf(repository: Repository, subject: Descriptor): Promise<string[]> {
  const found: string[] = [];
  for await (const { digest } of repository.referrers(subject)) found.push(digest);
  return found;
}

describe('mirroredRepository', () => {
  it('takes content from the first mirror that has it, and from the origin last', async () => {
    const [origin, one, two] = places();
    await pushed(one, 'a');
    await pushed(two, 'a', 'b');
    await pushed(origin, 'a', 'b', 'c');
    const asked: string[] = [];
    const watched = [one, two, origin].map((place) =>
      but(place, {
        fetch: (descriptor) => {
          asked.push(place.name);
          return place.fetch(descriptor);
        },
      }),
    ) as [Repository, Repository, Repository];
    const mirrored = mirroredRepository(watched[2], watched.slice(0, 2));
    for (const text of ['a', 'b', 'c']) {
      asked.length = 0;
      expect(await fetchBytes(mirrored, blob(text).descriptor)).toEqual(blob(text).bytes);
      expect(asked.at(-1)).toBe({ a: one.name, b: two.name, c: origin.name }[text]);
      expect(await mirrored.exists(blob(text).descriptor)).toBe(true);
      expect(await mirrored.resolve(blob(text).descriptor.digest)).toMatchObject(blob(text).descriptor);
    }
    expect(mirrored.name).toBe('origin.test/app');
    await expect(mirrored.fetch(blob('d').descriptor)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });

  it('P3 skips wrong content and a mirror that is down, and reports both', async () => {
    const [origin, one, two] = places();
    await pushed(origin, 'right');
    const wrong = but(one, { fetch: async () => new Blob([utf8('wrong')]).stream(), exists: failing });
    const down = but(two, { fetch: failing, exists: failing, resolve: failing, referrers: () => broken() });
    const told: string[] = [];
    const mirrored = mirroredRepository(origin, [wrong, down], { onMirrorFailure: ({ name }) => told.push(name) });
    expect(await fetchBytes(mirrored, blob('right').descriptor)).toEqual(utf8('right'));
    expect(told).toEqual([one.name, two.name]);
    expect(await mirrored.exists(blob('right').descriptor)).toBe(true);
    expect(await digestsOf(mirrored, blob('right').descriptor)).toEqual([]);
  });

  it('resolves tags at the origin only', async () => {
    const [origin, one] = places();
    await pushed(origin, 'new');
    await pushed(one, 'old', 'new');
    await origin.tag(blob('new').descriptor, 'v1');
    await one.tag(blob('old').descriptor, 'v1');
    await one.tag(blob('old').descriptor, 'v2');
    const mirrored = mirroredRepository(origin, [one]);
    expect(await mirrored.resolve('v1')).toMatchObject({ digest: blob('new').descriptor.digest });
    await expect(mirrored.resolve('v2')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    expect(mirrored.tags).toBeDefined();
  });

  it('P10 lists referrers at the origin, never at a mirror', async () => {
    const [origin, one] = places();
    const subject = blob('subject').descriptor;
    const both = await signature(origin, subject, 'both');
    await signature(one, subject, 'both');
    const own = await signature(origin, subject, 'at the origin');
    const more = await signature(one, subject, 'at the mirror');
    const mirrored = mirroredRepository(origin, [one]);
    expect((await digestsOf(mirrored, subject)).sort()).toEqual([both, own, more].map(({ digest }) => digest).sort());
    const cutOff = mirroredRepository(but(origin, { referrers: () => broken() }), [one]);
    await expect(digestsOf(cutOff, subject)).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });

  it('refuses writes, and rejects with the abort reason', async () => {
    const [origin, one] = places();
    await pushed(origin, 'a');
    const mirrored = mirroredRepository(origin, [but(one, { fetch: failing })]);
    const { descriptor, bytes } = blob('a');
    await expect(mirrored.push(descriptor, bytes)).rejects.toMatchObject({ code: 'ERR_OCI_UNSUPPORTED' });
    await expect(mirrored.tag(descriptor, 'v1')).rejects.toMatchObject({ code: 'ERR_OCI_UNSUPPORTED' });
    const reason = new Error('enough');
    await expect(mirrored.fetch(descriptor, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('names the repositories behind it when all of them have a name', () => {
    const [origin, one] = places();
    expect(mirroredRepository(origin, [one])).not.toHaveProperty('source');
    const named = mirroredRepository({ ...origin, source: 'a' }, [{ ...one, source: 'b' }]);
    expect(named.source).toBe('a, mirrored by b');
  });
});

async function* broken(): AsyncGenerator<Descriptor, void, void> {
  yield* [];
  await failing();
}

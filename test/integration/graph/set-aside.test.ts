import { openGraph, type Referrer } from '@notarykit/artifact-graph';
import type { SetAsideReason } from '@notarykit/artifact-graph/internal';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes, OciError, type Repository } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { all, type, withReferrers } from './content.js';

describe('an entry that is not a referrer', () => {
  const raw = (document: unknown, mediaType: string = mediaTypes.imageManifest) => {
    const bytes = utf8(typeof document === 'string' ? document : JSON.stringify(document));
    return { bytes, descriptor: describeBytes(mediaType, bytes) };
  };
  const config = describeBytes(mediaTypes.empty, utf8('{}'));
  const document = (subject: Descriptor, more: object = {}) => ({
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    artifactType: type,
    config,
    layers: [],
    subject,
    ...more,
  });
  const annotations = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, '']));

  type Bad = (subject: Descriptor) => { readonly bytes?: Uint8Array; readonly descriptor: Descriptor };
  const bad: readonly (readonly [what: string, reason: SetAsideReason, code: string, make: Bad])[] = [
    ['with another subject', 'subjectMismatch', 'ERR_GRAPH_REFERRER', (s) => raw(document(other(s)))],
    ['without a subject', 'noSubject', 'ERR_GRAPH_REFERRER', (s) => raw({ ...document(s), subject: undefined })],
    ['that is a blob', 'notAManifest', 'ERR_GRAPH_REFERRER', () => raw('{}', mediaTypes.octetStream)],
    ['with 1,001 annotations', 'unreadable', 'ERR_OCI_LIMIT', (s) => raw(document(s, { annotations }))],
    [
      'with a member twice',
      'unreadable',
      'ERR_OCI_INVALID',
      (s) => raw(JSON.stringify(document(s)).replace('{', '{"schemaVersion":2,')),
    ],
    [
      'with a layer of no type',
      'unreadable',
      'ERR_OCI_INVALID',
      (s) => raw(document(s, { layers: [{ ...config, mediaType: 'text' }] })),
    ],
    [
      'of another kind',
      'unreadable',
      'ERR_OCI_INVALID',
      (s) => raw({ ...document(s), mediaType: mediaTypes.imageIndex }),
    ],
    ['that is not there', 'missing', 'ERR_OCI_NOT_FOUND', (s) => ({ descriptor: raw(document(s)).descriptor })],
    [
      'of a digest that cannot be computed',
      'unreadable',
      'ERR_OCI_UNSUPPORTED',
      (s) => ({ descriptor: { ...raw(document(s)).descriptor, digest: 'blake3:abc' } }),
    ],
    [
      'with a wrong size',
      'unreadable',
      'ERR_OCI_SIZE_MISMATCH',
      (s) => ({ ...raw(document(s)), descriptor: { ...raw(document(s)).descriptor, size: 1 } }),
    ],
    [
      'that is too large',
      'unreadable',
      'ERR_OCI_TOO_LARGE',
      (s) => ({ descriptor: { ...raw(document(s)).descriptor, size: 4 * 1024 * 1024 + 1 } }),
    ],
    [
      'of other content',
      'unavailable',
      'ERR_OCI_DIGEST_MISMATCH',
      (s) => ({ ...raw(document(s)), descriptor: { ...raw(document(s)).descriptor, digest: other(s).digest } }),
    ],
  ];
  const other = (descriptor: Descriptor): Descriptor => ({ ...descriptor, digest: `sha256:${'0'.repeat(64)}` });

  /** A repository that lists one more entry first, and has content for it. */
  function listing(repository: Repository, descriptor: Descriptor, bytes?: Uint8Array): Repository {
    return {
      ...repository,
      async fetch(wanted, options) {
        if (bytes === undefined || wanted.digest !== descriptor.digest) return await repository.fetch(wanted, options);
        return new Blob([new Uint8Array(bytes)]).stream();
      },
      async *referrers(subject, options) {
        yield descriptor;
        yield* repository.referrers(subject, options);
      },
    };
  }

  it.each(bad)('P6 %s is set aside: %s', async (_, reason, code, make) => {
    const { repository, subject, referrers } = await withReferrers(1);
    const { descriptor, bytes } = make(subject);
    const found = await all(openGraph(listing(repository, descriptor, bytes)).referrers(subject));
    expect(found).toMatchObject([
      { kind: 'setAside', descriptor: { digest: descriptor.digest }, reason, cause: { code } },
      { kind: 'referrer', descriptor: { digest: referrers[0]?.digest } },
    ]);
  });

  it('P6 that the repository cannot read is set aside in its place', async () => {
    const { repository, subject } = await withReferrers(1);
    const refusing: Repository = {
      ...repository,
      async *referrers(...given) {
        yield* repository.referrers(...given);
        given[1]?.onRefused?.({ cause: new OciError('ERR_OCI_LIMIT', 'too many annotations') });
      },
    };
    expect(await all(openGraph(refusing).referrers(subject))).toMatchObject([
      { kind: 'referrer' },
      { kind: 'setAside', reason: 'unreadable', cause: { code: 'ERR_OCI_LIMIT' } },
    ]);
  });

  it('is unavailable where the repository fails, whatever it fails with', async () => {
    const { repository, subject } = await withReferrers(1);
    const failing: Repository = { ...repository, fetch: () => Promise.reject(new TypeError('a bug')) };
    const [found] = await all(openGraph(failing).referrers(subject));
    expect(found).toMatchObject({ kind: 'setAside', reason: 'unavailable', cause: { code: 'ERR_GRAPH_UNAVAILABLE' } });
  });

  it('a wrong size hides no valid entry', async () => {
    const { repository, subject, referrers } = await withReferrers(1);
    const [right] = referrers as [Descriptor];
    const found = await all(openGraph(listing(repository, { ...right, size: 1 })).referrers(subject));
    expect(found.map((referrer: Referrer) => referrer.kind)).toEqual(['setAside', 'referrer']);
  });
});

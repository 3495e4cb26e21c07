import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import type { RegistryRepository } from '@notarykit/registry-client';
import { type Action, faults } from '@notarykit/testing';
import type { CopyLab } from '../../../support/copy/lab.js';
import { about, type RegistryCell } from './cell.js';
import { location } from './rows.js';

/** A push in chunks, which a registry may take up again where it broke off. */
function chunked(repository: RegistryRepository): Repository {
  return {
    ...repository,
    push: (descriptor, content, options) => repository.push(descriptor, content, { ...options, chunked: true }),
  };
}

const intoChunks = (lab: CopyLab) => ({ source: lab.source.repository(), target: chunked(lab.target.repository()) });
/** Both repositories in one registry, under one account. */
const withinOne = (lab: CopyLab) => ({ source: lab.source.repository(), target: lab.source.repository('mirror') });

const unknown404 = (code: string): Action => faults.status({ status: 404, code });

const notFoundCells: readonly RegistryCell[] = [
  {
    operation: 'M',
    fault: '404 for what was just pushed',
    arrange: ({ target }) =>
      void target.registry.rule({
        route: 'manifest',
        method: ['GET', 'HEAD'],
        first: 12,
        action: unknown404('MANIFEST_UNKNOWN'),
      }),
    ends: 'success',
  },
  {
    operation: 'B',
    fault: '404 for what was just pushed',
    arrange: ({ target }) =>
      void target.registry.rule({ route: 'blob', method: ['GET', 'HEAD'], action: unknown404('BLOB_UNKNOWN') }),
    ends: 'success',
  },
  {
    operation: 'R',
    fault: '404 for what was just pushed',
    arrange: ({ target }) => {
      const body = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
      const headers = { 'Content-Type': mediaTypes.imageIndex };
      target.registry.rule({ route: 'referrers', action: faults.status({ status: 200, body, headers }) });
    },
    ends: ['ERR_GRAPH_INCOMPLETE'],
  },
  {
    operation: 'P',
    fault: '404 for what was just pushed',
    arrange: ({ target }) =>
      void target.registry.rule({
        route: 'manifest',
        method: 'PUT',
        first: 1,
        action: unknown404('MANIFEST_BLOB_UNKNOWN'),
      }),
    ends: 'success',
  },
];

const locationCells: readonly RegistryCell[] = (
  [
    [
      'relative',
      () => location((given) => new URL(given, 'http://any').pathname + new URL(given, 'http://any').search),
      'success',
    ],
    ['with query', () => location((given) => `${given}${given.includes('?') ? '&' : '?'}state=a%2Fb`), 'success'],
    [
      'other host',
      (lab: CopyLab) => location((given) => `${lab.foreign.front.url}${new URL(given, 'http://any').pathname}`),
      ['ERR_OCI_NOT_FOUND', 'ERR_REGISTRY_REDIRECT', 'ERR_REGISTRY_UNAVAILABLE'],
    ],
  ] as const
).map(([which, action, ends]) => ({
  operation: 'U',
  fault: `upload Location: ${which}`,
  arrange: (lab) =>
    void lab.target.registry.rule({ route: ['uploads', 'upload'], method: ['POST', 'PATCH'], action: action(lab) }),
  ends,
}));

const resumeCells: readonly RegistryCell[] = [
  {
    operation: 'U',
    fault: 'resume refused',
    arrange: ({ target }) => {
      target.registry.rule({ route: 'upload', method: 'PATCH', first: 1, action: faults.loseAnswer() });
      target.registry.rule({ route: 'upload', method: 'GET', action: unknown404('BLOB_UPLOAD_UNKNOWN') });
    },
    ends2: intoChunks,
    ends: 'success',
  },
  {
    operation: 'U',
    fault: 'resume offset differs',
    arrange: ({ target }) => {
      target.registry.rule({ route: 'upload', method: 'PATCH', first: 1, action: faults.loseAnswer() });
      target.registry.rule({ route: 'upload', method: 'GET', action: faults.header('Range', '0-3') });
    },
    ends2: intoChunks,
    ends: 'success',
  },
];

const mountCells: readonly RegistryCell[] = [
  { operation: 'U', fault: 'mount answered 201', arrange: () => undefined, ends2: withinOne, ends: 'success' },
  {
    operation: 'U',
    fault: 'mount answered 202',
    source: { mount: 'off' },
    arrange: () => undefined,
    ends2: withinOne,
    ends: 'success',
  },
  {
    operation: 'U',
    fault: 'mount answered 405',
    arrange: ({ source }) =>
      void source.registry.rule({
        route: 'uploads',
        method: 'POST',
        when: ({ url }) => url.searchParams.has('mount'),
        action: faults.status({ status: 405, code: 'UNSUPPORTED' }),
      }),
    ends2: withinOne,
    ends: 'success',
  },
];

/** Someone else writes the referrers tag between our reading and our writing. */
const otherWriter: Action = async ({ next, hit }) => {
  const answer = await next();
  if (hit > 1 || other.current === undefined) return answer;
  await other.current();
  return answer;
};
const other: { current?: () => Promise<void> } = {};

const movingCells: readonly RegistryCell[] = [
  {
    operation: 'M',
    fault: 'tag moved between two requests',
    async arrange(lab) {
      const layers = [{ mediaType: 'text/plain', content: utf8('moved') }];
      const moved = await packArtifact(lab.source.direct, { artifactType: 'application/vnd.test.moved', layers });
      const { match } = about(lab, 'M');
      let done = false;
      lab.source.registry.rule({
        ...match,
        async action({ next }) {
          const answer = await next();
          if (!done && answer.status === 200) {
            done = true;
            await lab.source.direct.tag(moved.descriptor, 'v1');
          }
          return answer;
        },
      });
    },
    ends: 'success',
  },
  {
    operation: 'R',
    fault: 'two writers of the referrers tag',
    target: { referrers: 'tag-schema' },
    arrange(lab) {
      const { root } = lab.release;
      other.current = async () => {
        other.current = async () => undefined;
        await lab.target.direct.push(...foreignEntry(root));
        await appendReferrer(lab.target.direct, root, foreignEntry(root)[0]);
      };
      lab.target.registry.rule({
        route: 'manifest',
        method: 'GET',
        reference: referrersTag(root.digest),
        action: otherWriter,
      });
    },
    ends: 'success',
  },
];

function foreignEntry(subject: Descriptor): [Descriptor, Uint8Array] {
  const empty = { mediaType: mediaTypes.empty, digest: subject.digest, size: subject.size };
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageIndex,
      manifests: [],
      artifactType: 'application/vnd.test.other',
      subject: { ...empty, mediaType: subject.mediaType },
    }),
  );
  return [describe(mediaTypes.imageIndex, bytes), bytes];
}

async function appendReferrer(repository: Repository, subject: Descriptor, entry: Descriptor): Promise<void> {
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [entry] }));
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  await repository.tag(index, referrersTag(subject.digest));
}

/** The cells that are not rows. */
export const singleCells: readonly RegistryCell[] = [
  ...notFoundCells,
  ...locationCells,
  ...resumeCells,
  ...mountCells,
  ...movingCells,
];

import { successors } from '@notarykit/artifact-graph';
import { concatBytes, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { mediaTypes } from '@notarykit/oci';
import {
  buildTarEntry,
  checkMemberName,
  parseManifest,
  readTarMembers,
  tarEnd,
  tarPadding,
  tarStream,
} from '@notarykit/oci/internal';
import { mutateBytes } from './mutate.ts';
import type { FuzzTarget } from './run.ts';

const digest = `sha256:${'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'}`;
const entry = { mediaType: mediaTypes.empty, digest, size: 2, annotations: { 'a.b': 'c' }, data: 'e30=' };
const platform = { os: 'linux', architecture: 'arm', variant: 'v7' };

const documents: readonly [string, unknown][] = [
  [
    mediaTypes.imageManifest,
    { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config: entry, layers: [entry], subject: entry },
  ],
  [
    mediaTypes.imageIndex,
    { schemaVersion: 2, artifactType: 'a/b', manifests: [{ ...entry, platform }], annotations: { x: 'y' } },
  ],
  [mediaTypes.dockerManifest, { schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config: entry, layers: [] }],
  [
    mediaTypes.orasArtifact,
    { mediaType: mediaTypes.orasArtifact, artifactType: 'a/b', blobs: [entry], subject: entry },
  ],
];
const seeds = documents.map(([mediaType, document]) => ({ mediaType, bytes: utf8(JSON.stringify(document)) }));

/** Manifests and indexes: what is accepted has edges with whole descriptors only. */
export function manifestTarget(): FuzzTarget {
  let mediaType: string = mediaTypes.imageManifest;
  return {
    name: 'FZ6 manifest',
    input(random) {
      const seed = random.pick(seeds);
      mediaType = seed.mediaType;
      return mutateBytes(seed.bytes, random);
    },
    run(input) {
      for (const { descriptor } of successors(parseManifest(input, mediaType))) {
        if (!/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/.test(descriptor.digest))
          throw new Error('a digest that is none');
        if (!Number.isSafeInteger(descriptor.size) || descriptor.size < 0) throw new Error('a size that is none');
      }
      return true;
    },
  };
}

function archive(): Uint8Array<ArrayBuffer> {
  const content = utf8('content');
  const names = ['oci-layout', 'index.json', `blobs/sha512/${'a'.repeat(128)}`, 'ünïcode'];
  const members = names.flatMap((name) => [
    buildTarEntry({ name, type: 'file', mode: 0o644, size: content.length }),
    content,
    tarPadding(content.length),
  ]);
  return concatBytes([buildTarEntry({ name: 'blobs', type: 'directory', mode: 0o755, size: 0 }), ...members, tarEnd()]);
}

/** Tar archives: no accepted member has a name that leaves the root, or lies outside the archive. */
export function tarTarget(): FuzzTarget {
  const seed = archive();
  return {
    name: 'FZ6 tar',
    input: (random) => mutateBytes(seed, random),
    async run(input) {
      for await (const { name, offset, size } of readTarMembers(tarStream(streamOf(input)))) {
        if (checkMemberName(name) !== name) throw new Error(`a name that is not as it was checked: ${name}`);
        if (offset > input.length || size < 0) throw new Error('a member outside the archive');
      }
      return true;
    },
  };
}

import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';

const inToto = 'application/vnd.in-toto+json';
const provenanceType = 'https://slsa.dev/provenance/v1';
const sha256 = ({ digest }: Descriptor): object => ({ sha256: digest.slice('sha256:'.length) });

/** A base image under a tag. */
export async function pushBase(repository: Repository): Promise<Descriptor> {
  const config = { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"amd64"}') };
  const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: utf8('a small base') }];
  return (await packArtifact(repository, { config, layers, tags: ['3.20'] })).descriptor;
}

/** An index as BuildKit pushes it: an image for each platform, and for each image a manifest with its provenance. */
export async function pushImage(repository: Repository, base: Descriptor): Promise<void> {
  const entries = await Promise.all(
    ['amd64', 'arm64'].map((architecture) => platformOf(repository, architecture, base)),
  );
  const document = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: entries.flat() };
  const bytes = utf8(JSON.stringify(document));
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  await repository.tag(index, 'v2');
}

async function platformOf(repository: Repository, architecture: string, base: Descriptor): Promise<readonly object[]> {
  const platform = { os: 'linux', architecture };
  const { descriptor: image } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8(JSON.stringify(platform)) },
    layers: [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(`net-monitor for ${architecture}`) }],
  });
  const { descriptor: evidence } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"unknown","architecture":"unknown"}') },
    layers: [
      {
        mediaType: inToto,
        content: utf8(JSON.stringify(provenanceOf(image, base))),
        annotations: { 'in-toto.io/predicate-type': provenanceType },
      },
    ],
  });
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': image.digest,
  };
  return [
    { ...plain(image), platform },
    { ...plain(evidence), platform: { os: 'unknown', architecture: 'unknown' }, annotations },
  ];
}

const plain = ({ mediaType, digest, size }: Descriptor): Descriptor => ({ mediaType, digest, size });

/** SLSA provenance in the shape that BuildKit gives it. */
function provenanceOf(image: Descriptor, base: Descriptor): object {
  const source = {
    uri: 'https://git.wabbit-networks.example/net-monitor.git#refs/tags/v2',
    digest: { sha1: '6'.repeat(40) },
  };
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'net-monitor', digest: sha256(image) }],
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
        externalParameters: { configSource: { ...source, path: 'Dockerfile' }, request: { frontend: 'dockerfile.v0' } },
        resolvedDependencies: [{ uri: 'pkg:docker/base/alpine@3.20', digest: sha256(base) }, source],
      },
      runDetails: { builder: { id: 'https://builds.wabbit-networks.example/runs/123' } },
    },
  };
}

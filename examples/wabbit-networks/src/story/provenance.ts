import { utf8 } from '@notarykit/common';
import type { Digest } from '@notarykit/oci';
import type { BuiltImage } from '../image/build.js';

/** Where `net-monitor` is built, and from what. */
export const built = {
  builder: 'https://builds.wabbit-networks.example/runs/123',
  source: 'https://git.wabbit-networks.example/net-monitor',
};

const hex = (digest: Digest): string => digest.slice(digest.indexOf(':') + 1);

/** SLSA provenance (v1) in the shape that BuildKit gives it, with the base image that the builder has used. */
export function provenance({ image, base }: BuiltImage): Uint8Array {
  const configSource = {
    uri: `${built.source}.git#refs/tags/v1`,
    digest: { sha1: '6'.repeat(40) },
    path: 'Dockerfile',
  };
  const name = base.name.slice(base.name.indexOf('/') + 1).replace(':', '@');
  const baseImage = { uri: `pkg:docker/${name}`, digest: { sha256: hex(base.digest) } };
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'net-monitor', digest: { sha256: hex(image.digest) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
        externalParameters: { configSource, request: { frontend: 'dockerfile.v0' } },
        resolvedDependencies: [baseImage, { uri: configSource.uri, digest: configSource.digest }],
      },
      runDetails: { builder: { id: built.builder } },
    },
  };
  return utf8(JSON.stringify(statement));
}

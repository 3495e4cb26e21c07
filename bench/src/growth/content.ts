import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';

/** A manifest as the embedded registry takes it. */
export interface MadeManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

const empty = describe(mediaTypes.empty, utf8('{}'));

/** The i-th image; its content is the empty blob `{}`. */
export function image(i: number): MadeManifest {
  return manifest(i, {});
}

/** The i-th referrer of a subject. */
export function referrer(subject: Descriptor, i: number): MadeManifest {
  return manifest(i, { artifactType: 'application/vnd.example.note', subject });
}

function manifest(i: number, members: object): MadeManifest {
  const mediaType = mediaTypes.imageManifest;
  const annotations = { 'org.example.number': String(i) };
  const content = { config: empty, layers: [empty], annotations };
  return { bytes: utf8(JSON.stringify({ schemaVersion: 2, mediaType, ...members, ...content })), mediaType };
}

/** A small image with content of its own. */
export async function pushImage(repository: Repository, name = 'app'): Promise<Descriptor> {
  const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(`a layer of ${name}`) }];
  const config = { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"amd64"}') };
  const { mediaType, digest, size } = (await packArtifact(repository, { config, layers })).descriptor;
  return { mediaType, digest, size };
}

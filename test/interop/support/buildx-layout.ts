import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor, ImageIndex, Manifest } from '@notarykit/oci';
import { parseManifest } from '@notarykit/oci/internal';
import { peer } from '../../../scripts/peers.mjs';
import { succeed } from './program.ts';

/** An OCI layout of two platforms with provenance, as `docker buildx build --output type=oci,tar=false` leaves it. */
export interface BuildxLayout {
  readonly folder: string;
  readonly index: Descriptor;
  readonly images: readonly Descriptor[];
  readonly attestations: readonly Descriptor[];
}

/** How BuildKit writes attestation manifests: as images, or (its default from 0.31 on) as artifacts with the image as their subject. */
export type AttestationForm = 'image' | 'artifact';

/** Has BuildKit's own code write such a layout under the tag `v1`. */
export async function writeBuildxLayout(folder: string, form: AttestationForm): Promise<BuildxLayout> {
  mkdirSync(folder, { recursive: true });
  const question = { folder, name: 'registry.test/app:v1', ociArtifact: form === 'artifact' };
  await succeed(await peer('buildkit-layout'), [], { input: JSON.stringify(question) });
  const [index] = indexIn(join(folder, 'index.json')).manifests as readonly [Descriptor];
  const { manifests } = indexIn(blobOf(folder, index));
  const isAttestation = ({ annotations = {} }: Descriptor): boolean =>
    annotations['vnd.docker.reference.type'] === 'attestation-manifest';
  const images = manifests.filter((one) => !isAttestation(one));
  return { folder, index, images, attestations: manifests.filter(isAttestation) };
}

/** A manifest of a layout. */
export const manifestIn = (folder: string, descriptor: Descriptor): Manifest =>
  parseManifest(readFileSync(blobOf(folder, descriptor)), descriptor.mediaType);

const blobOf = (folder: string, { digest }: Descriptor): string => join(folder, 'blobs', ...digest.split(':'));

function indexIn(path: string): ImageIndex {
  const manifest = parseManifest(readFileSync(path), 'application/vnd.oci.image.index.v1+json');
  if (manifest.kind !== 'index') throw new Error(`${path} is not an index`);
  return manifest;
}

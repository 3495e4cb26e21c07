import { tagArtifact } from '@notarykit/artifact-graph';
import type { Descriptor, Digest } from '@notarykit/oci';
import { pinDockerfile, sign, signFile, type Trust, verifiedDigests, verifyBaseImages } from 'notarykit';
import { type BuiltImage, build } from '../image/build.js';
import { debian, dockerfileFor, netMonitor } from '../image/contents.js';
import { inventoryOf } from '../image/inventory.js';
import { pushImage } from '../image/push.js';
import { sbomsOf } from '../image/sboms.js';
import type { Account } from './print.js';
import { provenance } from './provenance.js';
import type { Setup } from './setup.js';

/** The vendor publishes a signed base image. */
export async function publishBaseImage({ privateRegistry, signers, now }: Setup, { step }: Account): Promise<void> {
  const repository = privateRegistry.client.repository('base/debian');
  const image = await pushImage(repository, { layers: debian });
  await sign(repository, image, { signer: signers.baseImages, now: now() });
  await repository.tag(image, '12');
  step('Base Images Inc. publishes base/debian:12, signed', image.digest);
}

/** A Dockerfile whose base images were verified: pinned to them, and their digests. */
export interface CheckedDockerfile {
  readonly dockerfile: string;
  readonly baseImages: readonly Digest[];
}

/** Build: the base image of the Dockerfile is validated before anything is built on it, and the builder gets its digest. */
export async function validateBaseImage(
  { privateRegistry }: Setup,
  trust: Trust,
  { step, quote }: Account,
): Promise<CheckedDockerfile> {
  const dockerfile = dockerfileFor(privateRegistry.host);
  const images = await verifyBaseImages(dockerfile, {
    open: ({ repository }) => privateRegistry.client.repository(repository),
    trust,
  });
  for (const { line, verdict } of images)
    step(`Dockerfile line ${line}: the base image is ${verdict.verdict}`, verdict.digest);
  const pinned = pinDockerfile(dockerfile, images);
  step('the Dockerfile is pinned to what was verified');
  quote(pinned);
  return { dockerfile: pinned, baseImages: verifiedDigests(images) };
}

/** Builds `net-monitor` from a Dockerfile, and pushes it by digest. */
export function buildOn({ privateRegistry }: Setup, dockerfile: string, context = netMonitor): Promise<BuiltImage> {
  const open = (repository: string) => privateRegistry.client.repository(repository);
  return build({ dockerfile, context, open, target: open('net-monitor') });
}

/** Build: `net-monitor` is pushed by digest and signed; it cannot be pulled by tag yet. */
export async function buildImage(
  setup: Setup,
  { dockerfile }: CheckedDockerfile,
  { step }: Account,
): Promise<BuiltImage> {
  const built = await buildOn(setup, dockerfile);
  step('net-monitor is built on that image and pushed by digest, without a tag', built.image.digest);
  const { signature } = await sign(setup.privateRegistry.client.repository('net-monitor'), built.image, {
    signer: setup.signers.build,
    now: setup.now(),
    ...setup.timestamps,
    metadata: { 'io.wabbit-networks.buildId': '123' },
  });
  step('the image is signed with the build key, and the signature timestamped', signature.digest);
  return built;
}

/** Build: the image is looked into, and three SBOMs of what is in it are packed, attached and signed, each in one call. */
export async function attachSboms(
  { privateRegistry, signers, timestamps, now }: Setup,
  image: Descriptor,
  { step }: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const inventory = await inventoryOf(repository, image.digest);
  for (const { artifactType, ...file } of sbomsOf(inventory, now())) {
    const { artifact } = await signFile(repository, {
      files: [file],
      subject: image,
      artifactType,
      signer: signers.build,
      now: now(),
      ...timestamps,
    });
    step(`${file.name} is attached as ${artifactType} and signed`, artifact.digest);
  }
}

/** Build: the builder says how it built the image and upon which base, and signs that. */
export async function attachProvenance(
  { privateRegistry, signers, timestamps, now }: Setup,
  built: BuiltImage,
  { step }: Account,
): Promise<void> {
  const { artifact } = await signFile(privateRegistry.client.repository('net-monitor'), {
    files: [{ name: 'provenance.json', mediaType: 'application/vnd.in-toto+json', content: provenance(built) }],
    subject: built.image,
    artifactType: 'application/vnd.in-toto+json',
    signer: signers.build,
    now: now(),
    ...timestamps,
  });
  step('the provenance of the build is attached and signed', artifact.digest);
}

/** Build: the tag comes last, when the graph is complete. */
export async function tagImage({ privateRegistry }: Setup, image: Descriptor, { step }: Account): Promise<void> {
  await tagArtifact(privateRegistry.client.repository('net-monitor'), image, 'v1', { ifMatch: null });
  step('the tag v1 is set', image.digest);
}

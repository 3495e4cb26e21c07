import { tagArtifact } from '@notarykit/artifact-graph';
import type { Descriptor, Digest } from '@notarykit/oci';
import { pinDockerfile, sign, signFile, type Trust, verifiedDigests, verifyBaseImages } from 'notarykit';
import { provenance, recordedSbom, simpleSbom } from './documents.js';
import { pushImage } from './images.js';
import type { Account } from './print.js';
import { netMonitor } from './rootfs.js';
import type { World } from './world.js';

/** The vendor publishes a signed base image. */
export async function publishBaseImage({ privateRegistry, signers, now }: World, { step }: Account): Promise<void> {
  const repository = privateRegistry.client.repository('base/alpine');
  const image = await pushImage(repository, [{ path: 'etc/motd', content: 'a small base\n' }]);
  await sign(repository, image, { signer: signers.baseImages, now: now() });
  await repository.tag(image, '3.20');
  step('Base Images Inc. publishes base/alpine:3.20, signed', image.digest);
}

/** Build: the base image of the Dockerfile is validated before anything is built on it, and the builder gets its digest. */
export async function validateBaseImage(
  { privateRegistry }: World,
  trust: Trust,
  { step, quote }: Account,
): Promise<readonly Digest[]> {
  const dockerfile = `ARG BASE=${privateRegistry.host}/base/alpine:3.20\nFROM \${BASE}\nCOPY net-monitor /\n`;
  const images = await verifyBaseImages(dockerfile, {
    open: ({ repository }) => privateRegistry.client.repository(repository),
    trust,
  });
  for (const { line, verdict } of images)
    step(`Dockerfile line ${line}: the base image is ${verdict.verdict}`, verdict.digest);
  step('the Dockerfile is pinned to what was verified');
  quote(pinDockerfile(dockerfile, images));
  return verifiedDigests(images);
}

/** Build: `net-monitor` is pushed by digest and signed; nobody can pull it by tag yet. */
export async function buildImage(
  { privateRegistry, signers, timestamps, now }: World,
  { step }: Account,
): Promise<Descriptor> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, netMonitor);
  step('net-monitor is pushed by digest, without a tag', image.digest);
  const { signature } = await sign(repository, image, {
    signer: signers.build,
    now: now(),
    ...timestamps,
    metadata: { 'io.wabbit-networks.buildId': '123' },
  });
  step('the image is signed with the build key, and the signature timestamped', signature.digest);
  return image;
}

/** Build: three SBOMs are packed, attached and signed, each in one call; two are what syft made of this image. */
export async function attachSboms(
  { privateRegistry, signers, timestamps, now }: World,
  image: Descriptor,
  { step }: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const sboms = [
    {
      artifactType: 'sbom/example',
      name: 'sbom.json',
      mediaType: 'application/json',
      content: simpleSbom(`${repository.name}@${image.digest}`),
    },
    {
      artifactType: 'application/spdx+json',
      name: 'net-monitor.spdx.json',
      mediaType: 'application/spdx+json',
      content: await recordedSbom('spdx'),
    },
    {
      artifactType: 'application/vnd.cyclonedx+json',
      name: 'net-monitor.cdx.json',
      mediaType: 'application/vnd.cyclonedx+json',
      content: await recordedSbom('cdx'),
    },
  ];
  for (const { artifactType, ...file } of sboms) {
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
  { privateRegistry, signers, timestamps, now }: World,
  image: Descriptor,
  base: readonly Digest[],
  { step }: Account,
): Promise<void> {
  const { artifact } = await signFile(privateRegistry.client.repository('net-monitor'), {
    files: [{ name: 'provenance.json', mediaType: 'application/vnd.in-toto+json', content: provenance(image, base) }],
    subject: image,
    artifactType: 'application/vnd.in-toto+json',
    signer: signers.build,
    now: now(),
    ...timestamps,
  });
  step('the provenance of the build is attached and signed', artifact.digest);
}

/** The scanner of another company attaches its report in the same way. */
export async function attachScan(
  { privateRegistry, signers, now }: World,
  image: Descriptor,
  report: Uint8Array,
  { step }: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const { artifact } = await signFile(repository, {
    files: [{ name: 'scan.grype.json', mediaType: 'application/json', content: report }],
    subject: image,
    artifactType: 'application/vnd.anchore.grype.report+json',
    signer: signers.scanner,
    now: now(),
  });
  step('the scan report is attached and signed by the scan company', artifact.digest);
}

/** Build: the tag comes last, when the graph is complete. */
export async function tagImage({ privateRegistry }: World, image: Descriptor, { step }: Account): Promise<void> {
  await tagArtifact(privateRegistry.client.repository('net-monitor'), image, 'v1', { ifMatch: null });
  step('the tag v1 is set', image.digest);
}

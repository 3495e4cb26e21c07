import { attachReferrer, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { type Descriptor, type MemoryRepository, mediaTypes, memoryRepository } from '@notarykit/oci';
import { index } from './content.js';

const octets = mediaTypes.octetStream;

export async function image(repository: MemoryRepository, name: string, size = 10): Promise<Descriptor> {
  const content = new Uint8Array(size).fill(name.length);
  const layers = [
    { mediaType: octets, content: utf8(name) },
    { mediaType: octets, content: () => streamOf(content) },
  ];
  return (await packArtifact(repository, { artifactType: 'application/vnd.test.image', layers })).descriptor;
}

export async function signed(
  repository: MemoryRepository,
  subject: Descriptor,
  type = 'application/vnd.test.signature',
): Promise<Descriptor> {
  const layers = [{ mediaType: octets, content: utf8(`${type} of ${subject.digest}`) }];
  return (await attachReferrer(repository, subject, { artifactType: type, layers })).descriptor;
}

/** An index of two platforms, tagged v1: everything signed, an SBOM on one image and a signature on the SBOM. */
export async function release(repository: MemoryRepository) {
  const amd = await image(repository, 'amd64');
  const arm = await image(repository, 'arm64', 2 * 1024 * 1024);
  const root = await index(repository, [
    { ...amd, platform: { os: 'linux', architecture: 'amd64' } },
    { ...arm, platform: { os: 'linux', architecture: 'arm64' } },
  ]);
  const sbom = await signed(repository, amd, 'application/vnd.test.sbom');
  const signatures = [root, amd, arm, sbom];
  for (const subject of signatures) await signed(repository, subject);
  await repository.tag(root, 'v1');
  return { root, amd, arm, sbom };
}

export const repositories = () => [memoryRepository('source.test/app'), memoryRepository('target.test/app')] as const;

export async function contents(repository: MemoryRepository): Promise<string[]> {
  const digests: string[] = [];
  for await (const { digest } of repository.contents()) digests.push(digest);
  return digests.sort();
}

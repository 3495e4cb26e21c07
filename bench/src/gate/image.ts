import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';
import type { Signer } from '@notarykit/signature-envelope';
import { sign } from 'notarykit';

/** Who signs what. */
export interface Signers {
  readonly build: Signer;
  readonly scanner: Signer;
  readonly security: Signer;
}

/** An index of two platforms, each with an SBOM, a scan and a VEX document, all of it signed. */
export async function pushImage(repository: Repository, { build, scanner, security }: Signers): Promise<Descriptor> {
  const platforms: Descriptor[] = [];
  for (const architecture of ['amd64', 'arm64']) {
    const platform = await pushPlatform(repository, architecture);
    await attach(repository, platform, 'application/vnd.cyclonedx+json', inventory(architecture), build);
    await attach(repository, platform, 'application/vnd.aquasec.trivy.report+json', scan(), scanner);
    await attach(repository, platform, 'application/vnd.openvex+json', vex(platform, architecture), security);
    platforms.push({ ...platform, platform: { os: 'linux', architecture } });
  }
  const members = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: platforms };
  const bytes = utf8(JSON.stringify(members));
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  await repository.tag(index, 'v1');
  await sign(repository, index, { signer: build });
  return index;
}

async function pushPlatform(repository: Repository, architecture: string): Promise<Descriptor> {
  const config = utf8(JSON.stringify({ os: 'linux', architecture, rootfs: { type: 'layers', diff_ids: [] } }));
  const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(`a layer for ${architecture}`) }];
  const packed = { config: { mediaType: mediaTypes.imageConfig, content: config }, layers };
  const { mediaType, digest, size } = (await packArtifact(repository, packed)).descriptor;
  return { mediaType, digest, size };
}

async function attach(
  repository: Repository,
  subject: Descriptor,
  artifactType: string,
  document: object,
  signer: Signer,
): Promise<void> {
  const layers = [{ mediaType: artifactType, content: utf8(JSON.stringify(document)) }];
  const { descriptor } = await packArtifact(repository, { artifactType, subject, layers });
  await sign(repository, descriptor, { signer });
}

const packages = 200;

function inventory(architecture: string): object {
  const components = Array.from({ length: packages }, (_, i) => ({
    type: 'library',
    name: `package-${i}`,
    version: `1.${i}.0`,
    purl: `pkg:npm/package-${i}@1.${i}.0`,
    licenses: [{ license: { id: 'MIT' } }],
  }));
  const component = { type: 'container', name: `app for ${architecture}` };
  return { bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component }, components };
}

function scan(): object {
  const Vulnerabilities = Array.from({ length: 40 }, (_, i) => ({
    VulnerabilityID: `CVE-2026-${i}`,
    PkgName: `package-${i}`,
    InstalledVersion: `1.${i}.0`,
    PkgIdentifier: { PURL: `pkg:npm/package-${i}@1.${i}.0` },
    Severity: i === 0 ? 'CRITICAL' : 'LOW',
  }));
  return {
    SchemaVersion: 2,
    ArtifactName: 'app',
    CreatedAt: new Date().toISOString(),
    Results: [{ Target: 'app', Class: 'lang-pkgs', Type: 'npm', Vulnerabilities }],
  };
}

function vex({ digest }: Descriptor, architecture: string): object {
  const products = [{ '@id': `pkg:oci/app@${digest.replace(':', '%3A')}` }];
  const statement = { vulnerability: { name: 'CVE-2026-0' }, products, status: 'not_affected' };
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://wabbit.test/vex/${architecture}`,
    author: 'Wabbit',
    timestamp: new Date().toISOString(),
    version: 1,
    statements: [{ ...statement, justification: 'vulnerable_code_not_in_execute_path' }],
  };
}

import { formatTime, utf8 } from '@notarykit/common';
import type { Digest } from '@notarykit/oci';

const packages = [
  { name: 'ca-certificates', version: '20230311' },
  { name: 'libssl3', version: '3.0.15-1~deb12u1' },
  { name: 'net-monitor', version: '1.0.0' },
];

const purlOf = ({ name, version }: { name: string; version: string }) =>
  `pkg:deb/debian/${name}@${version.replaceAll('~', '%7E')}`;

/** The simple SBOM of the Notary goals. */
export function simpleSbom(reference: string) {
  return utf8(JSON.stringify({ version: '0.0.0.0', artifact: reference, contents: 'good' }));
}

/** An inventory in SPDX 2.3. */
export function spdxSbom(repository: string, digest: Digest, created: Date) {
  const image = `SPDXRef-image`;
  const items = packages.map((item, i) => ({
    SPDXID: `SPDXRef-package-${i}`,
    name: item.name,
    versionInfo: item.version,
    downloadLocation: 'NOASSERTION',
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purlOf(item) }],
  }));
  const root = {
    SPDXID: image,
    name: repository,
    versionInfo: digest,
    downloadLocation: 'NOASSERTION',
    primaryPackagePurpose: 'CONTAINER',
    checksums: [{ algorithm: 'SHA256', checksumValue: digest.slice('sha256:'.length) }],
  };
  return utf8(
    JSON.stringify({
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: repository,
      documentNamespace: `https://wabbit-networks.test/sbom/${digest.slice(7, 19)}`,
      creationInfo: { created: formatTime(created), creators: ['Organization: Wabbit Networks'] },
      documentDescribes: [image],
      packages: [root, ...items],
      relationships: items.map(({ SPDXID }) => ({
        spdxElementId: image,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    }),
  );
}

/** The same inventory in CycloneDX 1.6. */
export function cyclonedxSbom(repository: string, digest: Digest, created: Date) {
  return utf8(
    JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: { timestamp: formatTime(created), component: { type: 'container', name: repository, version: digest } },
      components: packages.map((item) => ({
        type: 'library',
        name: item.name,
        version: item.version,
        purl: purlOf(item),
      })),
    }),
  );
}

/** A scan report in the format of Trivy. */
export function trivyReport(repository: string, digest: Digest, created: Date) {
  const finding = {
    VulnerabilityID: 'CVE-2024-0001',
    PkgName: 'libssl3',
    InstalledVersion: '3.0.15-1~deb12u1',
    Severity: 'MEDIUM',
    Status: 'affected',
  };
  return utf8(
    JSON.stringify({
      SchemaVersion: 2,
      CreatedAt: formatTime(created),
      ArtifactName: `${repository}@${digest}`,
      ArtifactType: 'container_image',
      Metadata: { OS: { Family: 'debian', Name: '12.8' }, RepoDigests: [`${repository}@${digest}`] },
      Results: [{ Target: 'net-monitor (debian 12.8)', Class: 'os-pkgs', Type: 'debian', Vulnerabilities: [finding] }],
    }),
  );
}

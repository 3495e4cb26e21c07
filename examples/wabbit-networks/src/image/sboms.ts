import { formatTime, utf8 } from '@notarykit/common';
import type { Inventory } from './inventory.js';

const tool = { name: 'wabbit-inventory', version: '1.0.0' };

/** The simple SBOM of the Notary goals. */
function simpleSbom({ name, digest }: Inventory): Uint8Array {
  return utf8(JSON.stringify({ version: '0.0.0.0', artifact: `${name}@${digest}`, contents: 'good' }));
}

/** An inventory as SPDX 2.3: a package for the image, which contains the others. */
function spdxSbom({ name, digest, packages }: Inventory, now: Date): Uint8Array {
  const image = {
    name,
    SPDXID: 'SPDXRef-image',
    versionInfo: digest,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    primaryPackagePurpose: 'CONTAINER',
    checksums: [{ algorithm: 'SHA256', checksumValue: digest.slice('sha256:'.length) }],
  };
  const listed = packages.map(({ name, version, purl }, i) => ({
    name,
    SPDXID: `SPDXRef-package-${i}`,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  }));
  const contained = listed.map(({ SPDXID }) => ({
    spdxElementId: image.SPDXID,
    relationshipType: 'CONTAINS',
    relatedSpdxElement: SPDXID,
  }));
  const described = {
    spdxElementId: 'SPDXRef-DOCUMENT',
    relationshipType: 'DESCRIBES',
    relatedSpdxElement: image.SPDXID,
  };
  return json({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://wabbit-networks.example/sboms/${digest.slice('sha256:'.length)}`,
    creationInfo: { created: formatTime(now), creators: [`Tool: ${tool.name}-${tool.version}`] },
    packages: [image, ...listed],
    relationships: [described, ...contained],
  });
}

/** The same inventory as CycloneDX 1.6, with the layer of each package. */
function cyclonedxSbom({ name, digest, packages }: Inventory, now: Date): Uint8Array {
  const components = packages.map(({ name, version, purl, layer }) => ({
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    properties: [{ name: 'wabbit-inventory:layer', value: layer }],
  }));
  return json({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: formatTime(now),
      tools: { components: [{ type: 'application', ...tool }] },
      component: { type: 'container', 'bom-ref': 'image', name, version: digest },
    },
    components,
  });
}

const json = (document: object): Uint8Array => utf8(JSON.stringify(document));

/** The SBOMs of an image, as files with the artifact types under which they are attached. */
export function sbomsOf(inventory: Inventory, now: Date) {
  const file = (artifactType: string, name: string, content: Uint8Array, mediaType = artifactType) => ({
    artifactType,
    name,
    mediaType,
    content,
  });
  return [
    file('sbom/example', 'sbom.json', simpleSbom(inventory), 'application/json'),
    file('application/spdx+json', 'net-monitor.spdx.json', spdxSbom(inventory, now)),
    file('application/vnd.cyclonedx+json', 'net-monitor.cdx.json', cyclonedxSbom(inventory, now)),
  ];
}

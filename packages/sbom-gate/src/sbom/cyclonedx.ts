import { isJsonArray, isJsonObject, type JsonObject } from '@notarykit/common/internal';
import { objectOf, objectsOf, textOf } from '../json/members.js';
import { readCyclonedxComponents } from './cyclonedx-component.js';
import type { Component, DocumentSubject, DocumentTool, SbomDocument } from './document.js';
import { checkLists, membersOf, memberText, type ParsedDocument, warningsOf } from './parsed.js';
import { hashDigest, platformIn, subjectOf } from './subject.js';

/** Reads CycloneDX 1.2 to 1.7 as an inventory. */
export function readCyclonedx(document: ParsedDocument): SbomDocument {
  checkLists(document, 'components');
  const metadata = objectOf(membersOf(document), 'metadata');
  const created = textOf(metadata, 'timestamp');
  const root = objectOf(metadata, 'component');
  return {
    class: 'sbom',
    format: 'cyclonedx',
    formatVersion: memberText(document, 'specVersion') ?? '',
    tools: cyclonedxTools(metadata),
    ...(created === undefined ? {} : { created }),
    subject: cyclonedxSubject(root),
    components: [...document.inventory.components, ...underRoot(root)],
    complete: completeness(document),
    warnings: warningsOf(document),
  };
}

/** The root itself and what is assembled into it: the root is the image, or the application that the image is. */
function underRoot(root: JsonObject | undefined): readonly Component[] {
  if (root === undefined) return [];
  const components: Component[] = [];
  readCyclonedxComponents(root, '/metadata/component', components, { root: true });
  return components;
}

/** Whether a document is CycloneDX 1.x JSON. */
export function isCyclonedx(document: ParsedDocument): boolean {
  return (
    memberText(document, 'bomFormat') === 'CycloneDX' && /^1\.\d+$/.test(memberText(document, 'specVersion') ?? '')
  );
}

/** Tools in the list of the older form and in the object of 1.5. */
export function cyclonedxTools(metadata: JsonObject | undefined): readonly DocumentTool[] {
  const tools = metadata?.['tools'];
  const list = isJsonArray(tools)
    ? tools.filter(isJsonObject)
    : isJsonObject(tools)
      ? [...objectsOf(tools, 'components'), ...objectsOf(tools, 'services')]
      : [];
  return list.flatMap((tool) => {
    const [name, version] = [textOf(tool, 'name'), textOf(tool, 'version')];
    return name === undefined ? [] : [{ name, ...(version === undefined ? {} : { version }) }];
  });
}

/** What a document is about: producers put the digest into the version, the purl, a hash, or properties. */
export function cyclonedxSubject(root: JsonObject | undefined): DocumentSubject {
  const properties = objectsOf(root, 'properties');
  const values = (name: string): (string | undefined)[] =>
    properties.filter((property) => property['name'] === `aquasecurity:trivy:${name}`).map((p) => textOf(p, 'value'));
  const purl = textOf(root, 'purl');
  const image = textOf(root, 'type') === 'container' || purl?.startsWith('pkg:oci/') === true;
  const hashes = objectsOf(root, 'hashes').flatMap((hash) =>
    image ? (hashDigest(textOf(hash, 'alg'), textOf(hash, 'content')) ?? []) : [],
  );
  return subjectOf({
    references: [textOf(root, 'version'), purl, ...values('RepoDigest')],
    digests: hashes,
    imageIds: values('ImageID'),
    names: [textOf(root, 'name'), ...values('RepoTag')],
    platforms: [platformIn(purl)],
  });
}

function completeness(document: ParsedDocument): SbomDocument['complete'] {
  const aggregates = objectsOf(membersOf(document), 'compositions').map((item) => textOf(item, 'aggregate'));
  if (aggregates.some((aggregate) => aggregate?.startsWith('incomplete'))) return 'no';
  return aggregates.length > 0 && aggregates.every((aggregate) => aggregate === 'complete') ? 'yes' : 'unknown';
}

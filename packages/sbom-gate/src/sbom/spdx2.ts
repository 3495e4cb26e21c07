import { isJsonArray, isJsonObject, type JsonObject } from '@notarykit/common';
import {
  memberObject,
  memberText,
  type ParsedDocument,
  type Spdx2Package,
  type Spdx2Relationship,
} from '../evidence/parsed.js';
import { textOf, textsOf } from '../json/members.js';
import type { Component, ComponentScope, DocumentTool, SbomDocument } from './document.js';
import { platformIn, subjectOf } from './subject.js';

/** Reads SPDX 2.2 and 2.3 JSON. */
export function readSpdx2(document: ParsedDocument): SbomDocument {
  const creation = memberObject(document, 'creationInfo');
  const { packages, relationships, malformed } = document.inventory;
  return spdx2Document({
    version: (memberText(document, 'spdxVersion') ?? '').slice(5),
    created: textOf(creation, 'created'),
    creators: textsOf(creation, 'creators'),
    name: memberText(document, 'name'),
    described: textValues(document, 'documentDescribes'),
    external: elements(document, 'externalDocumentRefs') > 0,
    extracted: extractedLicenses(document),
    packages,
    relationships,
    malformed,
  });
}

function textValues(document: ParsedDocument, name: string): readonly string[] {
  const value = document.values.get(name);
  return isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function elements(document: ParsedDocument, name: string): number {
  const value = document.values.get(name);
  return isJsonArray(value) ? value.length : 0;
}

function extractedLicenses(document: ParsedDocument): ReadonlyMap<string, string> {
  const list = document.values.get('hasExtractedLicensingInfos');
  const found = new Map<string, string>();
  for (const item of isJsonArray(list) ? list : []) {
    if (!isJsonObject(item)) continue;
    const [id, name] = [textOf(item, 'licenseId'), textOf(item as JsonObject, 'name')];
    if (id !== undefined && name !== undefined) found.set(id, name);
  }
  return found;
}

/** What a document of SPDX 2 says, from JSON or tag-value. */
export interface Spdx2Parts {
  readonly version: string;
  readonly created?: string | undefined;
  readonly creators: readonly string[];
  readonly name?: string | undefined;
  readonly described: readonly string[];
  readonly external: boolean;
  readonly extracted: ReadonlyMap<string, string>;
  readonly packages: readonly Spdx2Package[];
  readonly relationships: readonly Spdx2Relationship[];
  readonly malformed: number;
}

/** Puts roots, scopes, licence names and subject together. */
export function spdx2Document(parts: Spdx2Parts): SbomDocument {
  const roots = rootsOf(parts);
  const scopes = scopesOf(parts.relationships);
  const described = parts.packages.filter((item) => roots.has(item.id));
  const external = parts.external || parts.relationships.some((relation) => relation.to.startsWith('DocumentRef-'));
  const warnings = parts.malformed > 0 ? [`${parts.malformed} entries are no objects and were left out`] : [];
  return {
    class: 'sbom',
    format: 'spdx-2',
    formatVersion: parts.version,
    tools: parts.creators.flatMap(toolOf),
    ...(parts.created === undefined ? {} : { created: parts.created }),
    subject: subjectOfRoots(described, parts.name),
    components: parts.packages.map((item) =>
      complete(item, isImage(item, roots), scopes.get(item.id), parts.extracted),
    ),
    complete: external ? 'no' : 'unknown',
    warnings,
  };
}

function isImage(item: Spdx2Package, roots: ReadonlySet<string>): boolean {
  return roots.has(item.id) && (item.purpose === 'CONTAINER' || item.component.purl?.startsWith('pkg:oci/') === true);
}

function rootsOf(parts: Spdx2Parts): ReadonlySet<string> {
  const roots = new Set(parts.described);
  for (const { from, type, to } of parts.relationships) {
    if (type === 'DESCRIBES' && from === 'SPDXRef-DOCUMENT') roots.add(to);
    if (type === 'DESCRIBED_BY' && to === 'SPDXRef-DOCUMENT') roots.add(from);
  }
  return roots;
}

function scopesOf(relationships: readonly Spdx2Relationship[]): ReadonlyMap<string, ComponentScope> {
  const scopes = new Map<string, ComponentScope>();
  for (const { from, type } of relationships) {
    if (type === 'OPTIONAL_DEPENDENCY_OF') scopes.set(from, 'optional');
    else if (type === 'PROVIDED_DEPENDENCY_OF') scopes.set(from, 'external');
    else if (/^(DEV|TEST)_DEPENDENCY_OF$|^BUILD_TOOL_OF$/.test(type)) scopes.set(from, 'excluded');
  }
  return scopes;
}

function complete(
  item: Spdx2Package,
  root: boolean,
  scope: ComponentScope | undefined,
  extracted: ReadonlyMap<string, string>,
): Component {
  const { component } = item;
  const names = [component.licenses?.concluded, component.licenses?.declared].flatMap((text) =>
    (text?.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []).flatMap((id) => extracted.get(id) ?? []),
  );
  if (!root && scope === undefined && names.length === 0) return component;
  return {
    ...component,
    ...(root ? { root } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(names.length === 0 ? {} : { licenses: { ...component.licenses, names: [...new Set(names)] } }),
  };
}

function subjectOfRoots(roots: readonly Spdx2Package[], name: string | undefined): SbomDocument['subject'] {
  const comments = roots.flatMap((root) => root.comments);
  const property = (key: string): string[] =>
    comments.flatMap((comment) => (comment.startsWith(`${key}: `) ? comment.slice(key.length + 2) : []));
  return subjectOf({
    references: [...roots.map((root) => root.component.purl), ...property('RepoDigest')],
    digests: roots.flatMap((root) => root.digests),
    imageIds: property('ImageID'),
    names: [name, ...property('RepoTag')],
    platforms: roots.map((root) => platformIn(root.component.purl)),
  });
}

/** `Tool: syft-1.2.0`; a version may be missing. */
function toolOf(creator: string): DocumentTool[] {
  const match = /^Tool: ?(.+?)(?:-(v?[0-9][^ ]*))?$/.exec(creator);
  if (match === null) return [];
  return [{ name: match[1] as string, ...(match[2] === undefined ? {} : { version: match[2] }) }];
}

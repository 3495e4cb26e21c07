import { isJsonArray, type JsonValue, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { listOf, objectsOf, textOf, textsOf } from '../json/members.js';
import type { Component, ComponentScope, DocumentTool, SbomDocument } from './document.js';
import {
  checkLists,
  memberObject,
  membersOf,
  memberText,
  type ParsedDocument,
  type Spdx2Package,
  type Spdx2Relationship,
  warningsOf,
} from './parsed.js';
import { platformIn, subjectOf } from './subject.js';

/** Whether a document is SPDX 2 JSON. */
export function isSpdx2(document: ParsedDocument): boolean {
  return memberText(document, 'spdxVersion')?.startsWith('SPDX-2.') === true;
}

/** Reads SPDX 2.2 and 2.3 JSON. */
export function readSpdx2(document: ParsedDocument): SbomDocument {
  const creation = memberObject(document, 'creationInfo');
  checkLists(document, 'packages', 'relationships');
  const { packages, relationships } = document.inventory;
  const members = membersOf(document);
  return spdx2Document({
    version: (memberText(document, 'spdxVersion') ?? '').slice(5),
    created: textOf(creation, 'created'),
    // Only told in reports, and written in other shapes too.
    creators: creatorsOf(creation?.['creators']),
    name: memberText(document, 'name'),
    described: textsOf(members, 'documentDescribes'),
    external: listOf(members, 'externalDocumentRefs').length > 0,
    extracted: extractedLicenses(document),
    packages,
    relationships,
    warnings: warningsOf(document),
  });
}

function creatorsOf(value: JsonValue | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Names of licences by their reference. */
function extractedLicenses(document: ParsedDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const item of objectsOf(membersOf(document), 'hasExtractedLicensingInfos')) {
    const [id, name] = [textOf(item, 'licenseId'), textOf(item, 'name')];
    if (id !== undefined && name !== undefined) nameLicense(found, id, name);
  }
  return found;
}

/** Names a licence of a document. @throws {GateError} `ERR_GATE_EVIDENCE` when it has another name already */
export function nameLicense(names: Map<string, string>, id: string, name: string): void {
  const before = names.get(id);
  if (before !== undefined && before !== name)
    throw new GateError('ERR_GATE_EVIDENCE', `SPDX: the licence ${quote(id)} has two names`);
  names.set(id, name);
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
  readonly warnings: readonly string[];
}

/** Puts roots, scopes, licence names and subject together. */
export function spdx2Document(parts: Spdx2Parts): SbomDocument {
  const roots = rootsOf(parts);
  checkRoots(parts.packages, roots);
  const scopes = scopesOf(parts.relationships);
  const described = parts.packages.filter((item) => roots.has(item.id));
  const external = parts.external || parts.relationships.some((relation) => relation.to.startsWith('DocumentRef-'));
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
    warnings: parts.warnings,
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

/** The root of a document is taken for the image itself, so that no other package may bear its name. */
function checkRoots(packages: readonly Spdx2Package[], roots: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const { id } of packages) {
    if (roots.has(id) && seen.has(id))
      throw new GateError('ERR_GATE_EVIDENCE', `SPDX: two packages are the root ${quote(id)}`);
    seen.add(id);
  }
}

/** Scopes that relationships give, the strongest of several: what one of them leaves out of the image is not in it. */
function scopesOf(relationships: readonly Spdx2Relationship[]): ReadonlyMap<string, ComponentScope> {
  const scopes = new Map<string, ComponentScope>();
  for (const { from, type } of relationships) {
    const scope = scopeOf(type);
    if (scope !== undefined && (scope !== 'optional' || !scopes.has(from))) scopes.set(from, scope);
  }
  return scopes;
}

function scopeOf(type: string): ComponentScope | undefined {
  if (type === 'OPTIONAL_DEPENDENCY_OF') return 'optional';
  if (type === 'PROVIDED_DEPENDENCY_OF') return 'external';
  return /^(DEV|TEST)_DEPENDENCY_OF$|^BUILD_TOOL_OF$/.test(type) ? 'excluded' : undefined;
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
  const text = /^Tool: ?(?=.)/.exec(creator);
  if (text === null) return [];
  const name = creator.slice(text[0].length);
  // The first hyphen before a digit, if the rest has no blank.
  const at = name.slice(name.lastIndexOf(' ') + 1).search(/-v?[0-9]/) + name.lastIndexOf(' ') + 1;
  const versioned = at > name.lastIndexOf(' ') && at > 0;
  return [versioned ? { name: name.slice(0, at), version: name.slice(at + 1) } : { name }];
}

import type { JsonObject } from '@notarykit/common/internal';
import { objectsOf, textOf } from '../json/members.js';
import { type Component, type ComponentLicenses, kindMember, purlMembers } from './document.js';
import type { Spdx2Package, Spdx2Relationship } from './parsed.js';
import { hashDigest } from './subject.js';

/** What a package of SPDX 2 says, from JSON or tag-value. */
export interface Spdx2Fields {
  readonly id: string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly purls: readonly string[];
  readonly declared?: string | undefined;
  readonly concluded?: string | undefined;
  readonly purpose?: string | undefined;
  readonly digests: readonly string[];
  readonly comments: readonly string[];
  readonly pointer: string;
}

/** Reads one package of SPDX 2.2 and 2.3 (chapter 7, "Package information"). */
export function readSpdx2Package(object: JsonObject, index: number): Spdx2Package {
  return spdx2Package({
    id: textOf(object, 'SPDXID') ?? '',
    name: textOf(object, 'name') ?? '',
    version: textOf(object, 'versionInfo'),
    purls: purlsOf(object),
    declared: textOf(object, 'licenseDeclared'),
    concluded: textOf(object, 'licenseConcluded'),
    purpose: textOf(object, 'primaryPackagePurpose'),
    digests: objectsOf(object, 'checksums').flatMap(
      (checksum) => hashDigest(textOf(checksum, 'algorithm'), textOf(checksum, 'checksumValue')) ?? [],
    ),
    comments: objectsOf(object, 'annotations').flatMap((annotation) => textOf(annotation, 'comment') ?? []),
    pointer: `/packages/${index}`,
  });
}

function purlsOf(object: JsonObject): readonly string[] {
  return objectsOf(object, 'externalRefs').flatMap((reference) => {
    const locator = textOf(reference, 'referenceLocator');
    return locator !== undefined && isPurlReference(textOf(reference, 'referenceType'), locator) ? locator : [];
  });
}

/**
 * Whether an external reference is a package URL. Category and type are spelled in many ways, and mixed up in real files: a type of
 * that name or address, and whatever looks like one.
 */
export function isPurlReference(type: string | undefined, locator: string): boolean {
  return (type !== undefined && /(^|\/)purl$/i.test(type)) || /^\s*pkg:/i.test(locator);
}

/** Builds a package out of its fields. */
export function spdx2Package(fields: Spdx2Fields): Spdx2Package {
  const licenses = licensesOf(fields);
  // A dependency graph may give a range in the place of a version: that is an unknown version.
  const version = fields.version !== undefined && /^[\^~=]|[<>|*,\s]/.test(fields.version) ? undefined : fields.version;
  const component: Component = {
    name: fields.name,
    ...(version === undefined ? {} : { version }),
    ...purlMembers(fields.purls),
    ...kindMember(fields.purpose, fields.purls, version === undefined && fields.comments.includes('Class: lang-pkgs')),
    ...(licenses === undefined ? {} : { licenses }),
    scope: 'required',
    ...upstreamOf(fields.comments),
    pointer: fields.pointer,
  };
  return {
    id: fields.id,
    component,
    ...(fields.purpose === undefined ? {} : { purpose: fields.purpose }),
    digests: fields.digests,
    comments: fields.comments,
  };
}

function licensesOf(fields: Spdx2Fields): ComponentLicenses | undefined {
  const { declared, concluded } = fields;
  if (declared === undefined && concluded === undefined) return undefined;
  return {
    ...(declared === undefined ? {} : { declared }),
    ...(concluded === undefined ? {} : { concluded }),
    names: [],
  };
}

/** Trivy keeps its properties in annotations: `SrcName: glibc`. */
function upstreamOf(comments: readonly string[]): Pick<Component, 'upstream'> {
  const names = comments.flatMap((comment) => (comment.startsWith('SrcName: ') ? [comment.slice(9)] : []));
  return names.length === 0 ? {} : { upstream: names.map((name) => ({ name })) };
}

const relevant = new Set([
  'DESCRIBES',
  'DESCRIBED_BY',
  'OPTIONAL_DEPENDENCY_OF',
  'DEV_DEPENDENCY_OF',
  'TEST_DEPENDENCY_OF',
  'BUILD_TOOL_OF',
  'PROVIDED_DEPENDENCY_OF',
]);

/** Keeps a relationship when it tells a root, a scope, or another document. */
export function readSpdx2Relationship(object: JsonObject, into: Spdx2Relationship[]): void {
  const from = textOf(object, 'spdxElementId') ?? '';
  const type = textOf(object, 'relationshipType') ?? '';
  const to = textOf(object, 'relatedSpdxElement') ?? '';
  if (relevant.has(type) || to.startsWith('DocumentRef-') || from.startsWith('DocumentRef-'))
    into.push({ from, type, to });
}

import { objectIf, objectOf, textOf, textsOf } from '../json/members.js';
import type { SbomDocument } from './document.js';
import { checkLists, memberObject, type ParsedDocument, warningsOf } from './parsed.js';
import { platformMembers, subjectOf } from './subject.js';

/** Whether a document is syft JSON: its schema says so, not some text inside it. */
export function isSyft(document: ParsedDocument): boolean {
  return (
    document.names.has('artifacts') &&
    textOf(memberObject(document, 'schema'), 'url')?.includes('anchore/syft') === true
  );
}

/** Reads syft JSON, which carries no time; before schema 9 the image is in `source.target`. */
export function readSyft(document: ParsedDocument): SbomDocument {
  const source = memberObject(document, 'source');
  // A directory or file that was scanned is there as text.
  const image = objectIf(source, 'metadata') ?? objectIf(source, 'target');
  const descriptor = memberObject(document, 'descriptor');
  const version = textOf(descriptor, 'version');
  checkLists(document, 'artifacts');
  return {
    class: 'sbom',
    format: 'syft',
    formatVersion: textOf(memberObject(document, 'schema'), 'version') ?? '',
    tools: [{ name: textOf(descriptor, 'name') ?? 'syft', ...(version === undefined ? {} : { version }) }],
    subject: subjectOf({
      references: textsOf(image, 'repoDigests'),
      digests: [textOf(image, 'manifestDigest')],
      imageIds: [textOf(image, 'imageID')],
      names: [textOf(image, 'userInput'), textOf(source, 'name')],
      platforms: [platformMembers(image)],
    }),
    components: document.inventory.artifacts,
    complete: 'unknown',
    warnings: warningsOf(document),
  };
}

/** Whether a document is the SBOM predicate of Docker Scout. */
export function isScoutSbom(document: ParsedDocument): boolean {
  const source = memberObject(document, 'source');
  return document.names.has('artifacts') && !document.names.has('schema') && objectOf(source, 'image') !== undefined;
}

/** Reads it: its artifacts have the shape of syft's. */
export function readScoutSbom(document: ParsedDocument): SbomDocument {
  const image = objectOf(memberObject(document, 'source'), 'image');
  const read = readSyft(document);
  return { ...read, tools: [{ name: 'docker-scout' }], subject: subjectOf({ digests: [textOf(image, 'digest')] }) };
}

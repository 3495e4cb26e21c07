import type { DocumentLimits } from '../sbom/build-document.js';
import type { ParsedDocument } from '../sbom/parsed.js';
import { isTagValue, readTagValue } from '../sbom/spdx2-tag-value.js';
import type { EvidenceContent } from './content.js';
import { readCyclonedxAs } from './cyclonedx-class.js';
import type { EvidenceClass } from './evidence.js';

/** Reads CycloneDX XML. It is given by the caller, so that a program that reads no XML does not load it. */
export type ReadXml = (text: string, limits: DocumentLimits & { readonly depth: number }) => ParsedDocument;

/** Formats that are recognised and not read. */
const unsupported: readonly (readonly [RegExp, string])[] = [
  [/^<[\s\S]*spdxVersion/i, 'SPDX XML'],
  [/^<[\s\S]*spdx\.org\/rdf/i, 'SPDX RDF'],
  [/^[ \t]*"?spdxVersion"?:[ \t]*["']?SPDX-/im, 'SPDX YAML'],
];

/** Whether text is XML whose root is a CycloneDX bom. */
function isCyclonedxXml(text: string): boolean {
  return (
    /^\s*</.test(text) && /<(?:[A-Za-z_][\w.-]*:)?bom\s[^>]*cyclonedx\.org\/schema\/bom\//.test(text.slice(0, 4000))
  );
}

interface TextOptions {
  readonly wanted?: EvidenceClass;
  readonly limits: DocumentLimits & { readonly depth: number };
  readonly readXml: ReadXml;
}

/**
 * Reads a document that is not JSON: its content, the name of a format that is recognised and not read, or nothing when it is
 * in no format at all.
 */
export function readTextDocument(
  text: string,
  { wanted, limits, readXml }: TextOptions,
): EvidenceContent | string | undefined {
  if (isCyclonedxXml(text)) return readCyclonedxAs(readXml(text, limits), wanted);
  if (isTagValue(text)) return readTagValue(text, limits);
  const start = text.slice(0, 64 * 1024).trimStart();
  return unsupported.find(([pattern]) => pattern.test(start))?.[1];
}

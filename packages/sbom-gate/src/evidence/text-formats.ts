import { isCyclonedxXml, parseCyclonedxXml } from '../sbom/cyclonedx-xml.js';
import { isTagValue, readTagValue } from '../sbom/spdx2-tag-value.js';
import type { DocumentLimits } from './build-document.js';
import { readCyclonedxAs } from './cyclonedx-class.js';
import type { EvidenceClass } from './evidence.js';
import type { EvidenceContent } from './formats.js';

/** Formats that are recognised and not read. */
const unsupported: readonly (readonly [RegExp, string])[] = [
  [/^<[\s\S]*spdxVersion/i, 'SPDX XML'],
  [/^<[\s\S]*spdx\.org\/rdf/i, 'SPDX RDF'],
  [/^[ \t]*"?spdxVersion"?:[ \t]*["']?SPDX-/im, 'SPDX YAML'],
];

/**
 * Reads a document that is not JSON: its content, the name of a format that is recognised and not read, or nothing when it is
 * in no format at all.
 */
export function readTextDocument(
  text: string,
  wanted: EvidenceClass | undefined,
  limits: DocumentLimits & { readonly depth: number },
): EvidenceContent | string | undefined {
  if (isCyclonedxXml(text)) return readCyclonedxAs(parseCyclonedxXml(text, limits), wanted);
  if (isTagValue(text)) return readTagValue(text, limits);
  const start = text.slice(0, 64 * 1024).trimStart();
  return unsupported.find(([pattern]) => pattern.test(start))?.[1];
}

import type { DocumentLimits } from './build-document.js';
import type { EvidenceClass } from './evidence.js';
import type { EvidenceContent } from './formats.js';

/**
 * Reads a document that is no JSON: its content, the name of a format that is recognised and not read, or nothing when it is
 * in no format at all.
 */
export function readTextDocument(
  text: string,
  wanted: EvidenceClass | undefined,
  limits: DocumentLimits,
): EvidenceContent | string | undefined {
  void wanted;
  void limits;
  if (/^\s*<\?xml[\s\S]{0,2000}spdx/i.test(text.slice(0, 4000))) return 'SPDX XML';
  return undefined;
}

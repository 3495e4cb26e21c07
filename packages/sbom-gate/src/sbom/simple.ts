import type { SbomDocument } from './document.js';
import { memberText, type ParsedDocument } from './parsed.js';
import { subjectOf } from './subject.js';

/** Whether a document is the simple SBOM of the Notary goals: exactly these three texts. */
export function isSimpleSbom(document: ParsedDocument): boolean {
  const members = ['version', 'artifact', 'contents'];
  return document.names.size === 3 && members.every((name) => memberText(document, name) !== undefined);
}

/** Reads the simple SBOM of the Notary goals, which names an image and says `good`, and has no inventory. */
export function readSimpleSbom(document: ParsedDocument): SbomDocument {
  const artifact = memberText(document, 'artifact');
  return {
    class: 'sbom',
    format: 'origin-simple',
    formatVersion: memberText(document, 'version') ?? '',
    tools: [],
    subject: subjectOf({ references: [artifact], names: [artifact] }),
    components: [],
    complete: 'unknown',
    contents: memberText(document, 'contents') ?? '',
    warnings: [],
  };
}

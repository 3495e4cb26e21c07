import { isJsonObject } from '@notarykit/common/internal';
import { objectOf } from '../json/members.js';
import { readCyclonedx } from '../sbom/cyclonedx.js';
import type { ParsedDocument } from '../sbom/parsed.js';
import { readCyclonedxScan } from '../scan/cyclonedx.js';
import { readCyclonedxVex } from '../vex/cyclonedx.js';
import type { EvidenceContent } from './content.js';
import type { EvidenceClass } from './evidence.js';

/**
 * Reads CycloneDX as what it was declared to be. Undeclared it is an inventory, unless it lists no component and has
 * assessed vulnerabilities; it is a scan report only when it was declared as one, since inventories may carry an empty list.
 */
export function readCyclonedxAs(document: ParsedDocument, wanted: EvidenceClass | undefined): EvidenceContent {
  if (wanted === 'scan') return readCyclonedxScan(document);
  if (wanted === 'vex') return readCyclonedxVex(document);
  const assessed = (document.lists.get('vulnerabilities') ?? []).some(
    (item) => isJsonObject(item) && objectOf(item, 'analysis') !== undefined,
  );
  if (wanted === undefined && assessed && document.inventory.components.length === 0) return readCyclonedxVex(document);
  return readCyclonedx(document);
}

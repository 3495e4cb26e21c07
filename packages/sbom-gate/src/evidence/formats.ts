import { readCyclonedx } from '../sbom/cyclonedx.js';
import type { SbomDocument } from '../sbom/document.js';
import { isSimpleSbom, readSimpleSbom } from '../sbom/simple.js';
import { readSpdx2 } from '../sbom/spdx2.js';
import { reportFormats } from '../scan/formats.js';
import type { ScanReport } from '../scan/report.js';
import { isVulnsPredicate, readVulnsDocument } from '../scan/vulns-predicate.js';
import type { VexDocument } from '../vex/document.js';
import type { EvidenceClass } from './evidence.js';
import { memberText, type ParsedDocument } from './parsed.js';

/** A document of any class. */
export type EvidenceContent = SbomDocument | ScanReport | VexDocument;

/** A format that is told by its top-level members, never by text somewhere inside. */
export interface DocumentFormat {
  readonly name: string;
  matches(document: ParsedDocument): boolean;
  /** Reads it as evidence of the wanted class, where it can be more than one. Absent: recognised and refused. */
  read?(document: ParsedDocument, wanted: EvidenceClass | undefined): EvidenceContent;
}

/** Every format of JSON documents; two that match make a document ambiguous. */
export const documentFormats: readonly DocumentFormat[] = [
  { name: 'origin-simple', matches: isSimpleSbom, read: readSimpleSbom },
  {
    name: 'spdx-2',
    matches: (document) => memberText(document, 'spdxVersion')?.startsWith('SPDX-2.') === true,
    read: readSpdx2,
  },
  {
    name: 'cyclonedx',
    matches: (document) =>
      memberText(document, 'bomFormat') === 'CycloneDX' && memberText(document, 'specVersion') !== undefined,
    read: readCyclonedx,
  },
  ...reportFormats,
  { name: 'vulns-predicate', matches: isVulnsPredicate, read: readVulnsDocument },
];

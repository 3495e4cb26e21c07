import { isCyclonedx } from '../sbom/cyclonedx.js';
import { memberText, type ParsedDocument } from '../sbom/parsed.js';
import { isSimpleSbom, readSimpleSbom } from '../sbom/simple.js';
import { readSpdx2 } from '../sbom/spdx2.js';
import { isSpdx3, readSpdx3 } from '../sbom/spdx3.js';
import { isScoutSbom, isSyft, readScoutSbom, readSyft } from '../sbom/syft.js';
import { reportFormats } from '../scan/formats.js';
import { isVulnsPredicate, readVulnsDocument } from '../scan/vulns-predicate.js';
import { isCsaf, readCsaf } from '../vex/csaf.js';
import { isOpenvex, readOpenvex } from '../vex/openvex.js';
import type { EvidenceContent } from './content.js';
import { readCyclonedxAs } from './cyclonedx-class.js';
import type { EvidenceClass } from './evidence.js';

/** A format that is recognised by its top-level members, never by text somewhere inside. */
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
  { name: 'spdx-3', matches: isSpdx3, read: readSpdx3 },
  { name: 'cyclonedx', matches: isCyclonedx, read: readCyclonedxAs },
  { name: 'syft', matches: isSyft, read: readSyft },
  { name: 'scout-sbom', matches: isScoutSbom, read: readScoutSbom },
  ...reportFormats,
  { name: 'vulns-predicate', matches: isVulnsPredicate, read: readVulnsDocument },
  { name: 'openvex', matches: isOpenvex, read: readOpenvex },
  { name: 'csaf', matches: isCsaf, read: readCsaf },
  { name: 'SPDX 2.2.0, wrapped in "Document"', matches: (document) => document.names.has('Document') },
  { name: 'CycloneDX 2', matches: (document) => memberText(document, 'specFormat') === 'CycloneDX' },
];

import { memberText, type ParsedDocument } from '../sbom/parsed.js';
import { sbomReaders } from '../sbom/readers.js';
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

/** CycloneDX can be a scan report or VEX too. */
const asWanted: Readonly<Record<string, DocumentFormat['read']>> = { cyclonedx: readCyclonedxAs };

/** Every format of JSON documents; two that match make a document ambiguous. */
export const documentFormats: readonly DocumentFormat[] = [
  ...Object.entries(sbomReaders).map(([name, { matches, read }]) => ({ name, matches, read: asWanted[name] ?? read })),
  ...reportFormats,
  { name: 'vulns-predicate', matches: isVulnsPredicate, read: readVulnsDocument },
  { name: 'openvex', matches: isOpenvex, read: readOpenvex },
  { name: 'csaf', matches: isCsaf, read: readCsaf },
  { name: 'SPDX 2.2.0, wrapped in "Document"', matches: (document) => document.names.has('Document') },
  { name: 'CycloneDX 2', matches: (document) => memberText(document, 'specFormat') === 'CycloneDX' },
];

import type { ProvenanceDocument } from '../provenance/document.js';
import type { SbomDocument } from '../sbom/document.js';
import type { ScanReport } from '../scan/report.js';
import type { VexDocument } from '../vex/document.js';

/** A document of any class. */
export type EvidenceContent = SbomDocument | ScanReport | VexDocument | ProvenanceDocument;

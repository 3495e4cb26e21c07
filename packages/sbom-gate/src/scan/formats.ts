import type { ParsedDocument } from '../sbom/parsed.js';
import { isGrype, readGrype } from './grype.js';
import type { ScanReport } from './report.js';
import { isSarif, readSarif } from './sarif.js';
import { isSnyk, readSnyk } from './snyk.js';
import { isTrivy, readTrivy } from './trivy.js';

/** Reports of scanners, each told by its top-level members. */
export const reportFormats: readonly {
  readonly name: string;
  matches(document: ParsedDocument): boolean;
  read(document: ParsedDocument): ScanReport;
}[] = [
  { name: 'trivy', matches: isTrivy, read: readTrivy },
  { name: 'grype', matches: isGrype, read: readGrype },
  { name: 'snyk', matches: isSnyk, read: readSnyk },
  { name: 'sarif', matches: isSarif, read: readSarif },
];

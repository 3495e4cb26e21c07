import type { ParsedDocument } from '../evidence/parsed.js';
import type { ScanReport } from './report.js';
import { isTrivy, readTrivy } from './trivy.js';

/** Reports of scanners, each told by its top-level members. */
export const reportFormats: readonly {
  readonly name: string;
  matches(document: ParsedDocument): boolean;
  read(document: ParsedDocument): ScanReport;
}[] = [{ name: 'trivy', matches: isTrivy, read: readTrivy }];

import type { DocumentSubject, DocumentTool, UpstreamPackage } from '../sbom/document.js';

/** Severities in order; `unknown` is beside them. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'none' | 'unknown';

/** The package that a finding is about. */
export interface FindingPackage {
  readonly name: string;
  readonly namespace?: string;
  readonly version?: string;
  readonly type?: string;
  readonly purl?: string;
  readonly upstream?: readonly UpstreamPackage[];
}

/** One vulnerability in one package. */
export interface Finding {
  readonly id: string;
  readonly aliases: readonly string[];
  /** The scanner's own choice. */
  readonly severity: Severity;
  /** Every severity that the report gives, from whatever source. */
  readonly ratings: readonly Severity[];
  /** Highest CVSS base score in the report. */
  readonly score?: number;
  readonly package?: FindingPackage;
  /** Versions that fix it. Absent: the report says that there is no fix. Empty: it names no version, or does not tell. */
  readonly fixedIn?: readonly string[];
  readonly knownExploited: boolean;
  /** The scanner left it out of its own count, and why. */
  readonly suppressed?: string;
  /** An assessment that is in the report itself; reported, never believed. */
  readonly assessed?: string;
  readonly pointer: string;
}

/** Format families of scan reports, as policies name them. */
export type ScanFormat = 'trivy' | 'grype' | 'snyk' | 'cyclonedx' | 'in-toto-vulns' | 'cosign-vuln' | 'scout' | 'sarif';

/** What a report shows of the ground it covered. */
export interface ScanCoverage {
  /** `yes`: the operating system was recognised and its packages were looked at. */
  readonly os: 'yes' | 'no' | 'unknown';
  /** `yes`: packages of programming languages were looked at. */
  readonly language: 'yes' | 'no' | 'unknown';
  readonly osName?: string;
  readonly endOfLife: boolean;
}

/** A time in a report and where it stands. */
export interface ReportTime {
  /** As written. */
  readonly text: string;
  readonly source: string;
}

/** A scan report of any format, in one shape. */
export interface ScanReport {
  readonly class: 'scan';
  readonly format: ScanFormat;
  readonly formatVersion: string;
  readonly scanner: DocumentTool;
  /** Every time that says when the scan was made or ended. */
  readonly times: readonly ReportTime[];
  /** When the vulnerability database was built. */
  readonly database?: ReportTime;
  readonly subject: DocumentSubject;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
  readonly coverage: ScanCoverage;
  /** Why the report is not a result: the tool failed, or looked at nothing. */
  readonly failed?: string;
  /** Code of `failed`, where the tool itself has not failed. */
  readonly failure?: 'SCAN_TOOL_UNSUPPORTED';
  /** Whether the report tells the filters that were in force. */
  readonly filtersKnown: boolean;
  readonly warnings: readonly string[];
}

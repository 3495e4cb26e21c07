import type { FindingCode } from '../codes.js';
import type { EvidenceDocument } from '../evidence/evidence.js';
import type { ScanPolicy } from '../policy/document.js';
import type { Finding, ScanReport, Severity } from '../scan/report.js';
import { rank, severityOfScore, worst } from '../scan/severity.js';
import { levelOf } from './context.js';
import type { FindingRules } from './finding-rules.js';

import { describePackage, identify, type PackageIdentity } from './identity.js';

import { settleEach } from './vulnerabilities.js';

/** Judges every finding of a report. */
export function checkFindings(rules: FindingRules, document: EvidenceDocument): void {
  const report = document.content as ScanReport;
  const { context, policy } = rules;
  context.counts.findings += report.findings.length;
  context.counts.suppressedByScanner += report.suppressed.length;
  for (const finding of report.findings) checkFinding(rules, document, finding);
  const level = levelOf(policy.suppressedByScanner);
  for (const finding of report.suppressed) {
    if (policy.suppressedByScanner === 'deny') checkFinding(rules, document, finding);
    else if (level !== undefined && blockReason(finding, policy) !== undefined)
      reportSuppressed(rules, document, finding);
  }
}

function reportSuppressed({ context, platform }: FindingRules, document: EvidenceDocument, finding: Finding): void {
  const named = finding.package === undefined ? undefined : describePackage(finding.package);
  const where = named === undefined ? '' : ` in ${named}`;
  const message = `${brief(finding.id)}${where} was left out by the scanner: ${brief(finding.suppressed ?? '')}`;
  context.add('scan.suppressedByScanner', 'warn', 'VULN_SUPPRESSED_BY_SCANNER', message, {
    platform: platform.platform,
    document,
    pointer: finding.pointer,
    finding: finding.id,
    package: named,
  });
}

interface BlockReason {
  readonly code: FindingCode;
  readonly message: string;
  readonly rule: string;
  readonly level: 'deny' | 'warn';
}

/** The severity that the policy compares. */
export function effectiveSeverity(finding: Finding, source: ScanPolicy['severitySource']): Severity {
  if (source === 'reported') return finding.severity;
  if (source === 'cvss') return severityOfScore(finding.score);
  return worst([finding.severity, ...finding.ratings, severityOfScore(finding.score)]);
}

/** Why a finding would deny, before VEX and exceptions are asked. */
function blockReason(finding: Finding, policy: ScanPolicy): BlockReason | undefined {
  const { block } = policy;
  const listed = block.ids.length === 0 ? undefined : listedId(finding, block.ids);
  if (listed !== undefined)
    return { code: 'VULN_LISTED', message: `is listed as ${listed}`, rule: 'scan.block.ids', level: 'deny' };
  // Silence about a fix is not a sign that there is none.
  if (block.onlyFixable && finding.fixedIn === undefined) return undefined;
  if (block.knownExploited && finding.knownExploited)
    return {
      code: 'VULN_KNOWN_EXPLOITED',
      message: 'is known to be exploited',
      rule: 'scan.block.knownExploited',
      level: 'deny',
    };
  if (block.severityAtOrAbove === undefined) return undefined;
  const severity = effectiveSeverity(finding, policy.severitySource);
  if (severity === 'unknown') {
    const level = levelOf(block.unknownSeverity);
    if (level !== 'deny' && level !== 'warn') return undefined;
    return {
      code: 'VULN_SEVERITY_UNKNOWN',
      message: 'has no severity that is known',
      rule: 'scan.block.unknownSeverity',
      level,
    };
  }
  if (rank(severity) < rank(block.severityAtOrAbove)) return undefined;
  return {
    code: 'VULN_SEVERITY',
    message: `is ${severity}, and ${block.severityAtOrAbove} or worse blocks`,
    rule: 'scan.block.severityAtOrAbove',
    level: 'deny',
  };
}

function listedId(finding: Finding, ids: readonly string[]): string | undefined {
  const names = new Set([finding.id, ...finding.aliases].map((id) => id.toLowerCase()));
  return ids.find((id) => names.has(id.toLowerCase()));
}

/** One text may appear in the message of every finding: the rest of a long one is in the report. */
function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function checkFinding(rules: FindingRules, document: EvidenceDocument, finding: Finding): void {
  const { context, policy, platform } = rules;
  const reason = blockReason(finding, policy);
  if (reason === undefined) return;
  const identity = finding.package === undefined ? undefined : identify(finding.package);
  const named =
    finding.package === undefined ? undefined : describePackage(finding.package, identity as PackageIdentity);
  const id = brief(finding.id);
  const what = named === undefined ? id : `${id} in ${named}`;
  const about = {
    platform: platform.platform,
    document,
    pointer: finding.pointer,
    finding: finding.id,
    package: named,
  };
  const settled = settleEach(rules, finding, identity, { what, ...about });
  if (settled.every(({ by }) => by !== undefined)) {
    context.counts[settled.every(({ by }) => by === 'vex') ? 'vexAccepted' : 'excepted']++;
    return;
  }
  const notes = settled.flatMap((one) => one.notes);
  if (reason.level === 'deny') context.counts.blocking++;
  const fix = fixText(finding);
  context.add(reason.rule, reason.level, reason.code, `${what} ${reason.message}; ${fix}`, { ...about, notes });
}

function fixText({ fixedIn }: Finding): string {
  if (fixedIn === undefined) return 'no fix is known';
  return fixedIn.length === 0
    ? 'the fixed version is not stated'
    : `fixed in ${brief(fixedIn.slice(0, 20).join(', '))}`;
}

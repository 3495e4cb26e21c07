import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { ScanPolicy } from '../policy/document.js';
import type { ScanReport } from '../scan/report.js';
import { reportUncovered, selectDocuments } from './binding.js';
import { type DecisionContext, levelOf } from './context.js';
import { checkFindings, type FindingRules } from './findings.js';
import { type Freshness, judgeFreshness } from './freshness.js';

interface JudgedScan {
  readonly document: EvidenceDocument;
  readonly report: ScanReport;
  readonly freshness: Freshness;
}

/** Rules about scan reports, for one platform. */
export function checkScans(rules: FindingRules): void {
  const { context, policy, platform } = rules;
  const { bound, uncovered, rejected } = selectDocuments(context, 'scan', platform);
  const judged = bound
    .filter((document) => isAccepted(context, policy, document, platform))
    .map((document) => ({
      document,
      report: document.content as ScanReport,
      freshness: judgeFreshness(document, policy, context.now),
    }));
  if (bound.length === 0) {
    reportUncovered(context, 'scan', platform, uncovered);
    // What was refused has said so: it is not missing as well.
    if (rejected + uncovered.length > 0 && policy.scanners === undefined) return;
  }
  if (policy.combine === 'any') checkAny(rules, judged);
  else if (policy.combine === 'newest') checkNewest(rules, judged, undefined);
  else checkPerScanner(rules, judged);
}

function isAccepted(
  context: DecisionContext,
  policy: ScanPolicy,
  document: EvidenceDocument,
  platform: PlatformEvidence,
): boolean {
  const { format, scanner } = document.content as ScanReport;
  const about = { platform: platform.platform, document };
  if (!policy.formats.includes(format)) {
    const message = `format ${format} is not in scan.formats (${policy.formats.join(', ')})`;
    context.add('scan.formats', 'warn', 'FORMAT_NOT_ACCEPTED', message, about);
    return false;
  }
  if (policy.scanners !== undefined && !policy.scanners.some((name) => sameName(name, scanner.name))) {
    const message = `scanner "${scanner.name}" is not in scan.scanners (${policy.scanners.join(', ')})`;
    context.add('scan.scanners', 'warn', 'SCANNER_NOT_ACCEPTED', message, about);
    return false;
  }
  return true;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function checkPerScanner(rules: FindingRules, judged: readonly JudgedScan[]): void {
  const { policy } = rules;
  const names = policy.scanners ?? [...new Set(judged.map(({ report }) => report.scanner.name.toLowerCase()))];
  if (names.length === 0) checkNewest(rules, [], undefined);
  for (const name of names) {
    const own = judged.filter(({ report }) => sameName(report.scanner.name, name));
    checkNewest(rules, own, policy.scanners === undefined ? undefined : name);
  }
}

/** Newest first: by the time that counts, then the authentic one, then by digest. */
function byTime(a: JudgedScan, b: JudgedScan): number {
  const time = ({ freshness }: JudgedScan): number => freshness.time?.getTime() ?? 0;
  const authentic = ({ freshness }: JudgedScan): number => freshness.authentic?.getTime() ?? 0;
  return time(b) - time(a) || authentic(b) - authentic(a) || (a.document.blob < b.document.blob ? -1 : 1);
}

function checkNewest(rules: FindingRules, judged: readonly JudgedScan[], scanner: string | undefined): void {
  const [first] = [...judged].sort(byTime);
  if (first === undefined) reportMissing(rules, scanner);
  else checkOne(rules, first);
}

function reportMissing({ context, policy, platform }: FindingRules, scanner: string | undefined): void {
  const who = scanner === undefined ? '' : ` by ${scanner}`;
  const message = `no scan report${who} that is signed by ${policy.signedBy.join(' or ')} is attached`;
  const level = policy.onMissing === 'rescan' ? 'rescan' : 'deny';
  context.add('scan', level, 'SCAN_MISSING', message, { platform: platform.platform });
}

/** One report that passes is enough; when none does, the newest is shown. */
function checkAny(rules: FindingRules, judged: readonly JudgedScan[]): void {
  const { context } = rules;
  for (const scan of [...judged].sort(byTime)) {
    const before = context.outcomes.length;
    const counts = { ...context.counts };
    checkOne(rules, scan);
    const own = context.outcomes.slice(before);
    if (!own.some(({ level }) => level === 'deny' || level === 'rescan')) return;
    context.outcomes.length = before;
    context.used.delete(scan.document);
    Object.assign(context.counts, counts);
  }
  checkNewest(rules, judged, undefined);
}

function checkOne(rules: FindingRules, { document, report, freshness }: JudgedScan): void {
  const { context, platform } = rules;
  context.used.add(document);
  for (const { level, code, message } of freshness.outcomes)
    context.add('scan.freshness', level, code, message, { platform: platform.platform, document });
  if (report.failed !== undefined) {
    context.add('scan', 'deny', 'SCAN_FAILED', report.failed, { platform: platform.platform, document });
    return;
  }
  checkCoverage(rules, document, report);
  if (!report.filtersKnown)
    context.add(
      'scan',
      'info',
      'SCAN_FILTERS_UNKNOWN',
      `a ${report.format} report does not tell which filters were in force; its signer is trusted to have scanned in full`,
      { platform: platform.platform, document },
    );
  checkFindings(rules, document);
}

function checkCoverage(
  { context, policy, platform }: FindingRules,
  document: EvidenceDocument,
  report: ScanReport,
): void {
  const about = { platform: platform.platform, document };
  for (const part of policy.requireCoverage) {
    const covered = report.coverage[part];
    if (covered === 'yes') continue;
    const what = part === 'os' ? 'packages of the operating system' : 'packages of programming languages';
    const message = `the report does not show that ${what} were looked at${covered === 'no' ? '' : ' (unknown)'}`;
    context.add('scan.requireCoverage', 'deny', 'SCAN_COVERAGE_UNKNOWN', message, about);
  }
  const level = levelOf(policy.endOfLifeOs);
  if (report.coverage.endOfLife && level !== undefined) {
    const message = `${report.coverage.osName ?? 'the operating system'} gets no security updates any more, so nothing is found in it`;
    context.add('scan.endOfLifeOs', level, 'SCAN_OS_END_OF_LIFE', message, about);
  }
}

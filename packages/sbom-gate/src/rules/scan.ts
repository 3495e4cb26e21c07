import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import { addTo } from '../multi-map.js';
import type { ScanPolicy } from '../policy/document.js';
import type { ScanReport } from '../scan/report.js';
import { selectDocuments } from './binding.js';
import { type DecisionContext, levelOf } from './context.js';
import type { FindingRules } from './finding-rules.js';
import { checkFindings } from './findings.js';
import { type Freshness, judgeFreshness } from './freshness.js';

interface JudgedScan {
  readonly document: EvidenceDocument;
  readonly report: ScanReport;
  readonly freshness: Freshness;
}

/** Rules about scan reports, for one platform. */
export function checkScans(rules: FindingRules): void {
  const { context, policy, platform } = rules;
  const judged = selectDocuments(context, 'scan', platform)
    .filter((document) => isAccepted(context, policy, document, platform))
    .map((document) => ({
      document,
      report: document.content as ScanReport,
      freshness: judgeFreshness(document, policy, context.now),
    }));
  if (policy.combine === 'any') checkAny(rules, judged);
  else if (policy.combine === 'newest') checkNewest(rules, judged);
  else checkPerScanner(rules, judged);
}

function isAccepted(
  context: DecisionContext,
  policy: ScanPolicy,
  document: EvidenceDocument,
  platform: PlatformEvidence,
): boolean {
  const { format, scanner } = document.content as ScanReport;
  if (!policy.formats.includes(format)) {
    const message = `format ${format} is not in scan.formats (${policy.formats.join(', ')})`;
    context.setAside(document, platform, 'scan.formats', 'FORMAT_NOT_ACCEPTED', message);
    return false;
  }
  if (policy.scanners !== undefined && !policy.scanners.some((name) => sameName(name, scanner.name))) {
    const message = `scanner "${scanner.name}" is not in scan.scanners (${policy.scanners.join(', ')})`;
    context.setAside(document, platform, 'scan.scanners', 'SCANNER_NOT_ACCEPTED', message);
    return false;
  }
  return true;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function checkPerScanner(rules: FindingRules, judged: readonly JudgedScan[]): void {
  const byScanner = new Map<string, JudgedScan[]>();
  for (const scan of judged) addTo(byScanner, scan.report.scanner.name.toLowerCase(), scan);
  for (const own of byScanner.values()) checkNewest(rules, own);
}

/** Newest first: by the time that counts, then the authentic one, then by digest. */
function byTime(a: JudgedScan, b: JudgedScan): number {
  return compareTime(a, b) || (a.document.blob < b.document.blob ? -1 : 1);
}

function compareTime(a: JudgedScan, b: JudgedScan): number {
  const time = ({ freshness }: JudgedScan): number => freshness.time?.getTime() ?? 0;
  const authentic = ({ freshness }: JudgedScan): number => freshness.authentic?.getTime() ?? 0;
  return time(b) - time(a) || authentic(b) - authentic(a);
}

/** A report whose time is not known may be the newest, and so may each of several reports with the same time: all of them are judged. */
function checkNewest(rules: FindingRules, judged: readonly JudgedScan[]): void {
  const timed = judged.filter(({ freshness }) => freshness.time !== undefined).sort(byTime);
  const timeless = judged.filter(({ freshness }) => freshness.time === undefined);
  for (const scan of [...newestOf(timed), ...timeless]) checkOne(rules, scan);
}

/** Of sorted reports those as new as the first, each content once: a report may be attached in two places. */
function newestOf(timed: readonly JudgedScan[]): Iterable<JudgedScan> {
  const [first] = timed;
  const equal = timed.filter((scan) => first !== undefined && compareTime(scan, first) === 0);
  return new Map(equal.map((scan) => [scan.document.blob, scan])).values();
}

/** One report that passes is enough; when none does, the newest is shown. */
function checkAny(rules: FindingRules, judged: readonly JudgedScan[]): void {
  const { context } = rules;
  for (const scan of [...judged].sort(byTime)) {
    const [before, uses, counts] = [context.outcomes.length, context.uses.length, { ...context.counts }];
    checkOne(rules, scan);
    const own = context.outcomes.slice(before);
    if (!own.some(({ level }) => level === 'deny' || level === 'rescan')) return;
    context.outcomes.length = before;
    context.uses.length = uses;
    Object.assign(context.counts, counts);
  }
  checkNewest(rules, judged);
}

function checkOne(rules: FindingRules, { document, report, freshness }: JudgedScan): void {
  const { context, platform } = rules;
  context.use(platform, 'scan', document, report.scanner.name);
  for (const { level, code, message } of freshness.outcomes)
    context.add('scan.freshness', level, code, message, { platform: platform.platform, document });
  if (report.failed !== undefined) {
    context.add('scan', 'deny', report.failure ?? 'SCAN_FAILED', report.failed, {
      platform: platform.platform,
      document,
    });
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

import { defined } from '@notarykit/common/internal';
import type { ScanCode } from '../codes.js';
import type { EvidenceDocument } from '../evidence/evidence.js';
import type { OutcomeLevel } from '../outcome.js';
import type { ScanPolicy } from '../policy/document.js';
import type { ReportTime, ScanReport } from '../scan/report.js';
import { timeOf } from './time.js';

/** What freshness says of one report. */
export interface Freshness {
  /** The oldest of all trusted times. */
  readonly time?: Date;
  /** Where that time stands. */
  readonly source?: string;
  /** Newest authentic signing time, for the choice among several reports. */
  readonly authentic?: Date;
  readonly outcomes: readonly { readonly level: OutcomeLevel; readonly code: ScanCode; readonly message: string }[];
}

const earliest = Date.UTC(2015, 0, 1);

/** A time of a report: with zone, and of this century; a leap second is the last moment of its minute. */
export function reportTime(text: string): Date | undefined {
  const time = timeOf(text.replace(/:60(?=[.Z+-])(?:\.\d+)?/, ':59.999'));
  // Go writes the year 1 for "no time".
  return time === undefined || time.getTime() < earliest ? undefined : time;
}

/**
 * Judges when a scan was made: the oldest of what the report says and of its authentic signing time, since converting or
 * signing an old report anew makes only the outer times newer.
 */
export function judgeFreshness(document: EvidenceDocument, policy: ScanPolicy, now: Date): Freshness {
  const report = document.content as ScanReport;
  const outcomes: { level: OutcomeLevel; code: ScanCode; message: string }[] = [];
  const stale: OutcomeLevel = policy.onStale === 'rescan' ? 'rescan' : 'deny';
  const missing: OutcomeLevel = policy.onMissing === 'rescan' ? 'rescan' : 'deny';
  const add = (level: OutcomeLevel, code: ScanCode, message: string): void =>
    void outcomes.push({ level, code, message });

  const stated = statedTimes(report.times);
  const authentic = authenticTime(document);
  if (stated.unreadable !== undefined)
    add(missing, 'SCAN_TIME_MISSING', `the scan time "${stated.unreadable}" has no zone or is not a time`);
  if (authentic === undefined && policy.timeEvidence === 'authentic')
    add(missing, 'SCAN_TIME_NOT_AUTHENTIC', 'no signature has a trusted timestamp, and the policy asks for one');
  const candidates = [...stated.times, ...(authentic === undefined ? [] : [{ time: authentic, source: 'signature' }])];
  const oldest = candidates.reduce<{ time: Date; source: string } | undefined>(
    (a, b) => (a === undefined || b.time < a.time ? b : a),
    undefined,
  );
  if (oldest === undefined) {
    if (stated.unreadable === undefined)
      add(missing, 'SCAN_TIME_MISSING', 'neither the report nor a signature tells when the scan was made');
    return { outcomes };
  }
  if (stated.times.length === 0 && stated.unreadable === undefined)
    add('info', 'SCAN_TIME_FROM_SIGNATURE', 'the report has no time; its authentic signing time stands in');
  judgeTimes(candidates, authentic, policy, now, add);
  const age = now.getTime() - oldest.time.getTime();
  if (age > policy.maxAge)
    add(stale, 'SCAN_STALE', `scan is ${formatDuration(age)} old, limit ${formatDuration(policy.maxAge)}`);
  judgeDatabase(report.database, policy, now, stale, add);
  return { ...oldest, ...defined({ authentic }), outcomes };
}

type Add = (level: OutcomeLevel, code: ScanCode, message: string) => void;
interface Timed {
  readonly time: Date;
  readonly source: string;
}

function statedTimes(times: readonly ReportTime[]): { times: readonly Timed[]; unreadable?: string } {
  const found: Timed[] = [];
  let unreadable: string | undefined;
  for (const { text, source } of times) {
    const time = reportTime(text);
    if (time !== undefined) found.push({ time, source });
    else if (!/^0001-/.test(text)) unreadable ??= text;
  }
  return { times: found, ...defined({ unreadable }) };
}

/** The newest signing time that somebody else vouches for. */
function authenticTime(document: EvidenceDocument): Date | undefined {
  return document.signatures
    .filter(({ timeKind }) => timeKind !== 'claimed')
    .map(({ time }) => time)
    .reduce<Date | undefined>((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}

function judgeTimes(
  candidates: readonly Timed[],
  authentic: Date | undefined,
  policy: ScanPolicy,
  now: Date,
  add: Add,
): void {
  const limit = now.getTime() + policy.clockSkew;
  for (const { time, source } of candidates) {
    if (time.getTime() > limit)
      add('deny', 'SCAN_TIME_IN_FUTURE', `${source} is ${time.toISOString()}, later than now`);
    else if (authentic !== undefined && time.getTime() > authentic.getTime() + policy.clockSkew)
      add('deny', 'SCAN_TIME_INCONSISTENT', `${source} is ${time.toISOString()}, later than the signature over it`);
  }
}

function judgeDatabase(
  database: ReportTime | undefined,
  policy: ScanPolicy,
  now: Date,
  level: OutcomeLevel,
  add: Add,
): void {
  if (policy.dbMaxAge === undefined) return;
  const time = database === undefined ? undefined : reportTime(database.text);
  if (time === undefined) {
    add(level, 'SCAN_DB_UNKNOWN', 'the report does not tell how old its vulnerability database was');
    return;
  }
  const age = now.getTime() - time.getTime();
  if (age > policy.dbMaxAge)
    add(level, 'SCAN_DB_STALE', `database is ${formatDuration(age)} old, limit ${formatDuration(policy.dbMaxAge)}`);
}

/** `9d 4h`, `3h 12m`, `45s`. */
export function formatDuration(milliseconds: number): string {
  const units: readonly [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ];
  const parts: string[] = [];
  let rest = Math.max(0, milliseconds);
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.slice(0, 2).join(' ') || '0s';
}

import { type Cache, isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import type { TrustReport } from './report/report.js';

/** What a remembered report must be about. */
export interface ExpectedReport {
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly policyDigest: string | undefined;
  readonly time: Date;
}

/** The report under a key, if it is of a trusted artifact, about the right one and still true. A cache that fails forgot. */
export async function recallReport(
  cache: Cache<string>,
  key: string,
  expected: ExpectedReport,
): Promise<TrustReport | undefined> {
  try {
    const text = await cache.get(key);
    return typeof text === 'string' ? readReport(text, expected) : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a report; nothing is lost but time when that fails. */
export async function rememberReport(
  cache: Cache<string>,
  key: string,
  report: TrustReport,
  ttlMs: number,
): Promise<void> {
  try {
    await cache.set(key, JSON.stringify(report), ttlMs);
  } catch {
    // Nothing is lost but time.
  }
}

/** A store may hold anything: what is no report of this artifact under this policy counts as absent. */
function readReport(text: string, expected: ExpectedReport): TrustReport | undefined {
  const report = asObject(parseJson(text, { maxDepth: 32 }));
  const { subject, policy, signatures, validUntil } = report;
  if (report['reportVersion'] !== '1.0' || report['verdict'] !== 'trusted') return undefined;
  if (!isAbout(asObject(subject), expected) || asObject(policy)['digest'] !== expected.policyDigest) return undefined;
  if (!isJsonArray(signatures) || !signatures.every(isSignature) || !signatures.some(isTrusted)) return undefined;
  if (validUntil !== undefined && !isAfter(asObject(validUntil)['time'], expected.time)) return undefined;
  return report as unknown as TrustReport;
}

function isAbout(
  subject: JsonObject,
  { repository, descriptor: { mediaType, digest, size } }: ExpectedReport,
): boolean {
  const { kind, ...found } = subject;
  return (
    kind === 'artifact' &&
    found['repository'] === repository &&
    found['mediaType'] === mediaType &&
    found['digest'] === digest &&
    found['size'] === size
  );
}

const isAfter = (text: JsonValue | undefined, time: Date): boolean => typeof text === 'string' && new Date(text) > time;
const isSignature = (value: JsonValue): boolean => isJsonArray(asObject(value)['validations']);
const isTrusted = (value: JsonValue): boolean => asObject(value)['verdict'] === 'trusted';

function asObject(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

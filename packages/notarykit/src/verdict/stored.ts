import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@notarykit/common';
import type { TrustReport } from '@notarykit/trust-policy';
import type { VerdictRequest } from './request.js';

/** What is remembered of a verdict. */
export interface KeptVerdict {
  /** `undecided` is never remembered. */
  readonly verdict: 'trusted' | 'skipped' | 'refused' | 'undecided';
  /** Of a refusal: code and message of the error. */
  readonly code?: string;
  readonly message?: string;
  /** When the verdict would change by itself. */
  readonly validUntil?: Date;
  /** On the artifact's signatures, where there is one. */
  readonly report?: TrustReport;
}

/** What a cache needs of a request. */
export type RememberedRequest = Pick<VerdictRequest, 'digest' | 'time'> & {
  readonly subject: Pick<VerdictRequest['subject'], 'repository' | 'descriptor'>;
};

/** An entry, as JSON text. It repeats what it is an answer to, and says when it was found. */
export function writeEntry(
  key: string,
  { subject }: RememberedRequest,
  kept: KeptVerdict,
  evaluatedAt: number,
): string {
  const { repository, descriptor } = subject;
  const { mediaType, digest, size } = descriptor;
  const about = { repository, mediaType, digest, size };
  return JSON.stringify({ entry: '1', key, about, evaluatedAt: new Date(evaluatedAt), ...kept });
}

/** By when an entry is read, and how old it may be, milliseconds. */
export interface EntryAge {
  readonly now: number;
  readonly trustedTtlMs: number;
  readonly refusedTtlMs: number;
}

/** A store may hold anything: what is no answer to this request, is of the future, or past its time counts as absent. */
export function readEntry(
  text: unknown,
  key: string,
  request: RememberedRequest,
  age: EntryAge,
): KeptVerdict | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const entry = asObject(parseJson(text, { maxDepth: 32 }));
    if (entry['entry'] !== '1' || entry['key'] !== key || !isAbout(asObject(entry['about']), request)) return undefined;
    const kept = keptOf(entry, request);
    return kept !== undefined && isInTime(entry, kept, age) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isAbout(found: JsonObject, { subject }: RememberedRequest): boolean {
  const { repository, descriptor } = subject;
  const { mediaType, digest, size } = descriptor;
  const expected: JsonObject = { repository, mediaType, digest, size };
  return Object.entries(expected).every(([name, value]) => found[name] === value);
}

function keptOf(entry: JsonObject, request: RememberedRequest): KeptVerdict | undefined {
  const { verdict, code, message, report, validUntil } = entry;
  const until = validUntil === undefined ? {} : { validUntil: new Date(textOf(validUntil)) };
  if (verdict === 'refused')
    return typeof code === 'string' && typeof message === 'string' ? { verdict, code, message, ...until } : undefined;
  if (verdict !== 'trusted' && verdict !== 'skipped') return undefined;
  if (report === undefined) return undefined;
  const told = asObject(report);
  if (!isReport(told, verdict, request)) return undefined;
  return { verdict, report: told as unknown as TrustReport, ...until };
}

/** A trusted artifact has a trusted signature, whatever an entry says besides. */
function isReport(report: JsonObject, verdict: 'trusted' | 'skipped', request: RememberedRequest): boolean {
  const { subject, signatures } = report;
  if (report['reportVersion'] !== '1.0' || report['verdict'] !== verdict) return false;
  if (!isAbout(asObject(subject), request) || !isJsonArray(signatures)) return false;
  if (!signatures.every((one) => isJsonArray(asObject(one)['validations']))) return false;
  return verdict === 'skipped' || signatures.some((one) => asObject(one)['verdict'] === 'trusted');
}

function isInTime(entry: JsonObject, { verdict, validUntil }: KeptVerdict, age: EntryAge): boolean {
  const evaluated = Date.parse(textOf(entry['evaluatedAt']));
  const ttl = verdict === 'refused' ? age.refusedTtlMs : age.trustedTtlMs;
  // A comparison with what is no time does not hold.
  const fresh = age.now >= evaluated && age.now - evaluated < ttl;
  return fresh && (validUntil === undefined || validUntil.getTime() > age.now);
}

/** What is no text is no time either. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function asObject(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

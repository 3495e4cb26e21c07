import {
  isJsonArray,
  isJsonObject,
  isVerdictName,
  type JsonObject,
  type JsonValue,
  memoized,
  parseJson,
  type VerdictName,
} from '@notarykit/common/internal';
import type { GateDecision } from '@notarykit/sbom-gate/internal/core';
import type { TrustReport } from '@notarykit/trust-policy/internal';
import { deepFreeze } from './frozen.js';
import type { VerdictRequest } from './verdict-request.js';

/** What is remembered of a verdict. */
export interface KeptVerdict {
  /** `undecided` is never remembered. */
  readonly verdict: VerdictName;
  /** Of a refusal: code and message of the error. */
  readonly code?: string;
  readonly message?: string;
  /** When the verdict would change by itself. */
  readonly validUntil?: Date;
  /** On the artifact's signatures, where there is one; of a refusal by signatures the report that refuses. */
  readonly report?: TrustReport;
  /** Of a gate, as long as the verdict is fresh: it is never remembered. */
  readonly decision?: GateDecision;
}

/** What a cache needs of a request. */
export type RememberedRequest = Pick<VerdictRequest, 'digest' | 'time'> &
  Partial<Pick<VerdictRequest, 'platforms'>> & {
    readonly subject: Pick<VerdictRequest['subject'], 'repository' | 'descriptor'>;
  };

/** Of entries, and of their keys: what another format says is never read, for the words of its verdicts may be others. */
export const entryFormat = '2';

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
  return JSON.stringify({
    entry: entryFormat,
    key,
    about,
    evaluatedAt: new Date(evaluatedAt),
    ...kept,
    decision: undefined,
  });
}

/** By when an entry is read, and how old it may be, milliseconds. */
export interface EntryAge {
  readonly now: number;
  readonly trustedTtlMs: number;
  readonly refusedTtlMs: number;
}

/** A store may hold anything: what is not an answer to this request, is of the future, or past its time counts as absent. */
export function readEntry(
  text: unknown,
  key: string,
  request: RememberedRequest,
  age: EntryAge,
): KeptVerdict | undefined {
  const entry = typeof text === 'string' ? entryOf(text) : undefined;
  if (entry === undefined || entry.key !== key || !isAnswer(entry, request)) return undefined;
  return isInTime(entry, age) ? keptOf(entry) : undefined;
}

/** What an entry says, whatever was asked. Frozen: it is handed out many times. */
interface Entry {
  readonly key: JsonValue | undefined;
  readonly about: JsonObject;
  /** What its report says that it is about. */
  readonly reported?: JsonObject;
  /** Milliseconds; `NaN` where it says no time. */
  readonly evaluatedAt: number;
  readonly validUntil?: number;
  readonly verdict: Omit<KeptVerdict, 'validUntil'>;
}

/** Remembered by its text, since the same verdict is read for every replica of an image. */
const entryOf = /* @__PURE__ */ memoized(parseEntry, 1_000, 16_384);

function parseEntry(text: string): Entry | undefined {
  try {
    const entry = asObject(parseJson(text, { maxDepth: 32 }));
    const verdict = verdictIn(entry);
    if (entry['entry'] !== entryFormat || verdict === undefined) return undefined;
    const { key, about, evaluatedAt, validUntil, report } = entry;
    return deepFreeze({
      key,
      about: asObject(about),
      ...(verdict.report === undefined ? {} : { reported: asObject(asObject(report)['subject']) }),
      evaluatedAt: Date.parse(textOf(evaluatedAt)),
      ...(validUntil === undefined ? {} : { validUntil: Date.parse(textOf(validUntil)) }),
      verdict,
    });
  } catch {
    return undefined;
  }
}

/** The report is on the artifact, or on a manifest in it where that is what refuses or nothing else is judged. */
function isAnswer({ about, reported, verdict: { verdict } }: Entry, request: RememberedRequest): boolean {
  if (!isAbout(about, request)) return false;
  if (reported === undefined || isAbout(reported, request)) return true;
  const within = request.platforms === 'children' || (request.platforms === 'both' && verdict === 'refused');
  return within && reported['repository'] === request.subject.repository;
}

function isAbout(found: JsonObject, { subject }: RememberedRequest): boolean {
  const { repository, descriptor } = subject;
  const { mediaType, digest, size } = descriptor;
  return (
    found['repository'] === repository &&
    found['mediaType'] === mediaType &&
    found['digest'] === digest &&
    found['size'] === size
  );
}

function verdictIn({ verdict, code, message, report }: JsonObject): Omit<KeptVerdict, 'validUntil'> | undefined {
  const told = report === undefined ? undefined : asObject(report);
  if (verdict === 'refused') return refusalIn(code, message, told);
  if ((verdict !== 'trusted' && verdict !== 'skipped') || told === undefined) return undefined;
  return isReport(told, verdict) ? { verdict, report: told as unknown as TrustReport } : undefined;
}

/** Signatures that are trusted may be refused by a gate: the report says what it says. */
function refusalIn(
  code: JsonValue | undefined,
  message: JsonValue | undefined,
  told: JsonObject | undefined,
): Omit<KeptVerdict, 'validUntil'> | undefined {
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  if (told === undefined) return { verdict: 'refused', code, message };
  if (!isVerdictName(told['verdict']) || !isReport(told, told['verdict'])) return undefined;
  return { verdict: 'refused', code, message, report: told as unknown as TrustReport };
}

/** A trusted artifact has a trusted signature, whatever an entry says besides. */
function isReport({ reportVersion, verdict, signatures }: JsonObject, expected: JsonValue | undefined): boolean {
  if (reportVersion !== '2.0' || verdict !== expected || !isJsonArray(signatures)) return false;
  if (!signatures.every((one) => isJsonArray(asObject(one)['validations']))) return false;
  return expected !== 'trusted' || signatures.some((one) => asObject(one)['verdict'] === 'trusted');
}

function isInTime({ verdict, evaluatedAt, validUntil }: Entry, age: EntryAge): boolean {
  const ttl = verdict.verdict === 'refused' ? age.refusedTtlMs : age.trustedTtlMs;
  // A comparison with what is not a time does not hold.
  const fresh = age.now >= evaluatedAt && age.now - evaluatedAt < ttl;
  return fresh && (validUntil === undefined || validUntil > age.now);
}

function keptOf({ verdict, validUntil }: Entry): KeptVerdict {
  return validUntil === undefined ? verdict : { ...verdict, validUntil: new Date(validUntil) };
}

/** Only a string can be a time. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function asObject(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

import { CodecError, quote } from './errors.js';

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** What {@link parseTime} does with a fraction of a second. */
export interface ParseTimeOptions {
  /** `drop` cuts to whole seconds (the default), `keep` keeps milliseconds. */
  readonly fraction?: 'drop' | 'keep';
}

/**
 * Parses a date and time of RFC 3339 strictly: upper-case `T` and `Z`, an existing calendar day, a zone within ±23:59.
 *
 * @throws {CodecError} `ERR_CODEC_TIME`
 */
export function parseTime(text: string, options: ParseTimeOptions = {}): Date {
  const parts = text.length <= 40 ? pattern.exec(text) : null;
  if (parts === null) throw invalid(text);
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5]), Number(parts[6])];
  const [zoneHour, zoneMinute] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) throw invalid(text);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw invalid(text);
  const offset = (parts[8] === '-' ? -1 : 1) * (zoneHour * 60 + zoneMinute);
  const milliseconds = options.fraction === 'keep' ? Math.trunc(Number(`0.${parts[7] ?? 0}`) * 1000) : 0;
  date.setUTCHours(hour, minute - offset, second, milliseconds);
  return date;
}

function invalid(text: string): CodecError {
  return new CodecError(
    'ERR_CODEC_TIME',
    `expected a time of RFC 3339 such as "2025-01-01T00:00:00Z", found ${quote(text)}`,
  );
}

/** RFC 3339 in UTC with whole seconds, as signatures and annotations write it. */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

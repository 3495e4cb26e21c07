import { type Bytes, decodeUtf8, quote, utf8 } from '@notarykit/common/internal';
import { malformed } from './header.js';

/** Reads pax records, `length key=value\n` each; a key that appears twice is refused, as readers differ on which counts. */
export function parsePaxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  let offset = 0;
  while (offset < bytes.length) {
    const space = bytes.indexOf(0x20, offset);
    const digits = space < 0 ? '' : decodeUtf8(bytes.subarray(offset, space));
    const end = offset + Number(/^[1-9][0-9]{0,8}$/.test(digits) ? digits : Number.NaN);
    if (!(end > space + 1 && end <= bytes.length) || bytes[end - 1] !== 0x0a) throw malformed('a broken pax record');
    const record = decodeUtf8(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    const key = record.slice(0, Math.max(equals, 0));
    if (key === '' || records.has(key)) throw malformed(`the pax record ${quote(key)}, empty or twice`);
    records.set(key, record.slice(equals + 1));
    offset = end;
  }
  return records;
}

/** A pax record; its length counts its own digits. */
export function buildPaxRecord(key: string, value: string): Bytes {
  const rest = utf8(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return utf8(`${length} ${key}=${value}\n`);
}

import { PkiError } from '../errors.js';
import { type DerElement, Tag } from './reader.js';

/** What {@link decodeTime} allows. */
export interface DecodeTimeOptions {
  /** `allow` reads a fraction of a GeneralizedTime down to milliseconds (RFC 3161, 2.4.2); RFC 5280 forbids it. */
  readonly fraction?: 'allow' | 'refuse';
}

const utcPattern = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const generalizedPattern = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/;

/**
 * A UTCTime or GeneralizedTime in the form of RFC 5280, 4.1.2.5: seconds and `Z`, no zone offset, a day that exists.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function decodeTime(element: DerElement, options: DecodeTimeOptions = {}): Date {
  const length = element.end - element.contentStart;
  const text = length > 40 ? '' : String.fromCharCode(...element.bytes.subarray(element.contentStart, element.end));
  const parts =
    element.tag === Tag.utcTime
      ? utcPattern.exec(text)
      : element.tag === Tag.generalizedTime
        ? generalizedPattern.exec(text)
        : null;
  if (parts === null || (parts[7] !== undefined && options.fraction !== 'allow')) return refuse(element);
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fullYear = element.tag === Tag.utcTime ? year + (year >= 50 ? 1900 : 2000) : year;
  if (fullYear === 0 || hour > 23 || minute > 59 || second > 59) refuse(element);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) refuse(element);
  date.setUTCHours(hour, minute, second, Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0')));
  return date;
}

function refuse(element: DerElement): never {
  throw new PkiError(
    'ERR_PKI_ASN1',
    `expected a time such as 250131235959Z or 20500131235959Z at byte ${element.start}, found another form`,
  );
}

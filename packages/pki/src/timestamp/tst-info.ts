import type { Bytes, HashAlgorithm } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerElement,
  type DerReader,
  decodeBoolean,
  decodeIntegerBytes,
  decodeOid,
  decodeTime,
  decodeUnsigned,
  readDerDocument,
  scanDer,
  Tag,
} from '../asn1/index.js';
import { readExtensionList } from '../x509/extensions.js';
import { readAlgorithm } from './cms.js';
import { refuse } from './refuse.js';

/** OIDs of the hashes that a timestamp may be over; no SHA-1, no MD5. */
export const hashOids: Readonly<Record<HashAlgorithm, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** The hash of an OID; `undefined` for any that is not allowed. */
export function hashOfOid(oid: string): HashAlgorithm | undefined {
  return (Object.keys(hashOids) as HashAlgorithm[]).find((name) => hashOids[name] === oid);
}

/** What a timestamp says (RFC 3161, 2.4.2). Nothing about it is verified. */
export interface TstInfo {
  /** OID. */
  readonly policy: string;
  readonly hash: HashAlgorithm;
  readonly hashedMessage: Bytes;
  /** Content of the INTEGER. */
  readonly serialNumber: Bytes;
  /** Cut to milliseconds. */
  readonly time: Date;
  /** The stamped time is not earlier than this: `time` less the accuracy, rounded down to milliseconds. */
  readonly earliest: Date;
  /** The stamped time is no later than this: `time` and the accuracy, rounded up to milliseconds. */
  readonly latest: Date;
  /** Content of the INTEGER. */
  readonly nonce?: Bytes;
}

/** ETSI's best practices policy for timestamps: without a stated accuracy, one second (EN 319 421). */
const baselinePolicy = '0.4.0.2023.1.1';
const mostAccuracyMicros = 86_400_000_000;

/**
 * Parses the content of a timestamp token.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_TIMESTAMP` for another version, hash, an absurd accuracy or a critical extension
 */
export function parseTstInfo(der: Bytes): TstInfo {
  scanDer(der);
  const reader = readDerDocument(der, Tag.sequence, 'a TSTInfo');
  const version = decodeUnsigned(reader.element(Tag.integer, 'a version'));
  if (version !== 1) refuse(`version 1 of a timestamp, found version ${version}`);
  const policy = decodeOid(reader.element(Tag.oid, 'a policy'));
  const imprint = readImprint(reader.enter(Tag.sequence, 'a message imprint'));
  const serialNumber = decodeIntegerBytes(reader.element(Tag.integer, 'a serial number'));
  const genTime = reader.element(Tag.generalizedTime, 'a time');
  const accuracy = readAccuracy(reader.enterOptional(Tag.sequence)) ?? (policy === baselinePolicy ? 1_000_000 : 0);
  // FALSE is the default, which DER leaves out, but authorities write it.
  const ordering = reader.optional(Tag.boolean);
  if (ordering !== undefined) decodeBoolean(ordering);
  const nonce = reader.optional(Tag.integer);
  reader.optional(contextTag(0));
  checkExtensions(reader.enterOptional(contextTag(1)));
  reader.finish('a TSTInfo');
  const nonceField = nonce === undefined ? {} : { nonce: decodeIntegerBytes(nonce) };
  return { policy, ...imprint, serialNumber, ...interval(genTime, accuracy), ...nonceField };
}

function readImprint(reader: DerReader): Pick<TstInfo, 'hash' | 'hashedMessage'> {
  const oid = readAlgorithm(reader.enter(Tag.sequence, 'a hash algorithm'));
  const hash = hashOfOid(oid) ?? refuse(`an imprint by SHA-256, SHA-384 or SHA-512, found hash ${oid}`);
  const hashedMessage = contentOf(reader.element(Tag.octetString, 'a hashed message'));
  reader.finish('a message imprint');
  return { hash, hashedMessage };
}

/** Microseconds; nothing when all parts are absent. */
function readAccuracy(reader: DerReader | undefined): number | undefined {
  if (reader === undefined) return undefined;
  const seconds = reader.optional(Tag.integer);
  const millis = reader.optional(contextTag(0, 'primitive'));
  const micros = reader.optional(contextTag(1, 'primitive'));
  reader.finish('an accuracy');
  const total =
    (seconds === undefined ? 0 : decodeUnsigned(seconds) * 1_000_000) + fraction(millis) * 1000 + fraction(micros);
  if (total > mostAccuracyMicros) refuse('an accuracy of at most a day, found a larger one');
  return total === 0 ? undefined : total;
}

function fraction(element: DerElement | undefined): number {
  if (element === undefined) return 0;
  const value = decodeUnsigned(element);
  // RFC 3161 begins at 1, but authorities write 0.
  if (value > 999) refuse(`at most 999 as a part of a second, found ${value}`);
  return value;
}

function checkExtensions(reader: DerReader | undefined): void {
  const critical = reader === undefined ? undefined : readExtensionList(reader).find((one) => one.critical);
  if (critical !== undefined) refuse(`no critical extension, found ${critical.oid}`);
}

function interval(genTime: DerElement, accuracyMicros: number): Pick<TstInfo, 'time' | 'earliest' | 'latest'> {
  const time = decodeTime(genTime, { fraction: 'allow' });
  // More digits than milliseconds were cut off: the time itself is up to a millisecond later.
  const isCut = genTime.end - genTime.contentStart > '20250101000000.000Z'.length;
  const spread = Math.ceil(accuracyMicros / 1000);
  return {
    time,
    earliest: new Date(time.getTime() - spread),
    latest: new Date(time.getTime() + spread + (isCut ? 1 : 0)),
  };
}

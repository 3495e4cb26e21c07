import { type Bytes, concatBytes } from '@notarykit/common';
import type { Issuer } from '../authority/certificate.js';
import { context, element, enumerated, generalizedTime, integer, sequence, time } from '../authority/der.js';
import { type ExtensionSpec, encodeExtensions } from '../authority/extensions.js';
import { type SigningOptions, signatureIdentifier, signed } from '../authority/sign.js';

/** Reasons of a revocation (RFC 5280, 5.3.1). */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** Name of a reason. */
export type RevocationReason = keyof typeof revocationReasons;

/** That a certificate is revoked. */
export interface Revocation {
  readonly serialNumber: bigint;
  /** Default 2024-01-01T00:00:00Z. */
  readonly at?: Date;
  readonly reason?: RevocationReason;
  readonly invalidityDate?: Date;
  /** Further extensions of the entry. */
  readonly extensions?: readonly ExtensionSpec[];
}

/** What a CRL says. */
export interface CrlOptions extends SigningOptions {
  /** Version 1 leaves the number out, and nothing else. Default 2. */
  readonly version?: 1 | 2;
  readonly revoked?: readonly Revocation[];
  /** DER of further entries, one after the other: for CRLs of hundreds of thousands. */
  readonly entriesDer?: Uint8Array;
  /** Default a day before `now`. */
  readonly thisUpdate?: Date;
  /** Default a day after `now`; `null` leaves it out. */
  readonly nextUpdate?: Date | null;
  /** CRL number; `null` leaves it out. Default 1. */
  readonly number?: number | null;
  /** Makes it a delta CRL against the base of that number; `null` leaves the indicator out. */
  readonly baseNumber?: number | null;
  /** Further extensions: issuing distribution point, freshest CRL … */
  readonly extensions?: readonly ExtensionSpec[];
  /** DER of the issuer's name, when it is to differ from the signer's. */
  readonly issuerDer?: Bytes;
  readonly now?: Date;
}

export const dayMs = 86_400_000;
export const defaultRevokedAt: Date = new Date('2024-01-01T00:00:00Z');

/** Builds a CRL, version 2, signed by its issuer (RFC 5280, 5.1). */
export function buildCrl(issuer: Issuer, options: CrlOptions = {}): Promise<Bytes> {
  return signed(issuer.keyPair, crlTbs(issuer, options), options);
}

function crlTbs(issuer: Issuer, options: CrlOptions): Bytes {
  const now = options.now ?? new Date();
  const next = options.nextUpdate === undefined ? new Date(now.getTime() + dayMs) : options.nextUpdate;
  const more = options.entriesDer === undefined ? [] : [options.entriesDer];
  const entries = [...(options.revoked ?? []).map(entryOf), ...more];
  const extensions = crlExtensions(options);
  return sequence(
    ...(options.version === 1 ? [] : [integer(1)]),
    signatureIdentifier(issuer.keyPair, options),
    options.issuerDer ?? issuer.subjectDer,
    time(options.thisUpdate ?? new Date(now.getTime() - dayMs)),
    ...(next === null ? [] : [time(next)]),
    ...(entries.length === 0 ? [] : [element(0x30, concatBytes(entries))]),
    ...(extensions.length === 0 ? [] : [context(0, encodeExtensions(extensions))]),
  );
}

function crlExtensions(options: CrlOptions): ExtensionSpec[] {
  const { number = 1, baseNumber = null } = options;
  return [
    ...(number === null ? [] : [{ oid: '2.5.29.20', critical: false, value: integer(number) }]),
    ...(baseNumber === null ? [] : [{ oid: '2.5.29.27', critical: true, value: integer(baseNumber) }]),
    ...(options.extensions ?? []),
  ];
}

function entryOf(revocation: Revocation): Bytes {
  const extensions = entryExtensions(revocation);
  return sequence(
    integer(revocation.serialNumber),
    time(revocation.at ?? defaultRevokedAt),
    ...(extensions.length === 0 ? [] : [encodeExtensions(extensions)]),
  );
}

/** Reason and invalidity date, as CRL entries and OCSP answers carry them. */
export function entryExtensions(revocation: Omit<Revocation, 'serialNumber'>): ExtensionSpec[] {
  const { reason, invalidityDate, extensions = [] } = revocation;
  return [
    ...(reason === undefined
      ? []
      : [{ oid: '2.5.29.21', critical: false, value: enumerated(revocationReasons[reason]) }]),
    ...(invalidityDate === undefined ? [] : [invalidity(invalidityDate)]),
    ...extensions,
  ];
}

/** The invalidity date extension (RFC 5280, 5.3.2). */
export const invalidity = (date: Date): ExtensionSpec => ({
  oid: '2.5.29.24',
  critical: false,
  value: generalizedTime(date),
});

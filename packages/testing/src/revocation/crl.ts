import type { Bytes } from '@notarykit/common/internal';
import { CertificateRevocationList, Extensions, RelativeDistinguishedNames, RevokedCertificate } from 'pkijs';
import type { Issuer } from '../authority/certificate.js';
import { derOf, encodedAs, enumerated, extensionsOf, generalizedTime, integer, time } from '../authority/der.js';
import type { ExtensionSpec } from '../authority/extension-spec.js';
import { signed } from '../authority/sign.js';
import type { SigningOptions } from '../authority/signing-options.js';

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
export async function buildCrl(issuer: Issuer, options: CrlOptions = {}): Promise<Bytes> {
  const now = options.now ?? new Date();
  const next = options.nextUpdate === undefined ? new Date(now.getTime() + dayMs) : options.nextUpdate;
  const entries = entriesOf(options);
  const list = new CertificateRevocationList({
    version: options.version === 1 ? 0 : 1,
    issuer: encodedAs(RelativeDistinguishedNames, options.issuerDer ?? issuer.subjectDer),
    thisUpdate: time(options.thisUpdate ?? new Date(now.getTime() - dayMs)),
    ...(next === null ? {} : { nextUpdate: time(next) }),
    ...(entries.length === 0 ? {} : { revokedCertificates: entries }),
    ...extensionsIf('crlExtensions', crlExtensions(options)),
  });
  return signed(list, issuer.keyPair, options);
}

function entriesOf({ revoked = [], entriesDer }: CrlOptions): RevokedCertificate[] {
  // Many entries at once take the place of one: pkijs needs seconds for as many objects.
  return [...revoked.map(entryOf), ...(entriesDer === undefined ? [] : [encodedAs(RevokedCertificate, entriesDer)])];
}

/** A list of extensions may be absent, but not empty (RFC 5280, 4.1). */
function extensionsIf<Name extends string>(name: Name, list: readonly ExtensionSpec[]): { [K in Name]?: Extensions } {
  return list.length === 0 ? {} : ({ [name]: new Extensions({ extensions: extensionsOf(list) }) } as object);
}

function crlExtensions(options: CrlOptions): ExtensionSpec[] {
  const { number = 1, baseNumber = null } = options;
  return [
    ...(number === null ? [] : [{ oid: '2.5.29.20', critical: false, value: derOf(integer(number)) }]),
    ...(baseNumber === null ? [] : [{ oid: '2.5.29.27', critical: true, value: derOf(integer(baseNumber)) }]),
    ...(options.extensions ?? []),
  ];
}

function entryOf(revocation: Revocation): RevokedCertificate {
  return new RevokedCertificate({
    userCertificate: integer(revocation.serialNumber),
    revocationDate: time(revocation.at ?? defaultRevokedAt),
    ...extensionsIf('crlEntryExtensions', entryExtensions(revocation)),
  });
}

/** Reason and invalidity date, as CRL entries carry them. */
function entryExtensions(revocation: Omit<Revocation, 'serialNumber'>): ExtensionSpec[] {
  const { reason, invalidityDate, extensions = [] } = revocation;
  return [
    ...(reason === undefined
      ? []
      : [{ oid: '2.5.29.21', critical: false, value: derOf(enumerated(revocationReasons[reason])) }]),
    ...(invalidityDate === undefined ? [] : [invalidity(invalidityDate)]),
    ...extensions,
  ];
}

/** The invalidity date extension (RFC 5280, 5.3.2). */
export const invalidity = (date: Date): ExtensionSpec => ({
  oid: '2.5.29.24',
  critical: false,
  value: derOf(generalizedTime(date)),
});

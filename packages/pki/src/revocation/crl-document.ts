import type { Bytes } from '@notarykit/common/internal';
import type { Extension, Name } from '../x509/certificate.js';
import type { IssuingDistributionPoint } from './issuing-distribution-point.js';

/** A CRL that was parsed strictly (RFC 5280, 5.1); nothing about it is verified yet. */
export interface Crl {
  /** The whole CRL, as received. */
  readonly der: Bytes;
  /** The signed part. */
  readonly tbs: Bytes;
  readonly version: 1 | 2;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly signatureAlgorithmDer: Bytes;
  readonly signature: Bytes;
  readonly extensions: readonly Extension[];
  /** CRL number, 2.5.29.20. */
  readonly number?: bigint;
  /** Set in a delta CRL: the number of the base that it is made for, 2.5.29.27. */
  readonly baseNumber?: bigint;
  /** The scope, 2.5.29.28. */
  readonly issuingDistributionPoint?: IssuingDistributionPoint;
  /** URLs of delta CRLs, 2.5.29.46. */
  readonly freshestUrls: readonly string[];
  /** How many certificates it lists. */
  readonly entryCount: number;
  /** An extension, of the CRL or of an entry, that is critical and not understood: such a CRL must not be used. */
  readonly unknownCritical?: string;
  /** Where the entries lie in `der`; they are never built into objects. */
  readonly entriesStart: number;
  readonly entriesEnd: number;
}

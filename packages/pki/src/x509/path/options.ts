import type { Certificate } from '../certificate.js';

/**
 * Which rules hold for a path. `notary`: signatures, name chaining, validity, basic constraints, path length, key usage, extended key
 * usage and allowed keys; every other extension is ignored, as the Notary Project specification says. `timestamping`: in
 * addition critical extensions must be understood, name constraints are evaluated, and an authority that demands policies is refused.
 * `rfc5280`: in addition critical extensions must be known, name constraints are evaluated, and the requirements of RFC 5280, 4, on serial numbers, key
 * identifiers and alternative names are checked. Certificate policies are not evaluated: a critical policy constraint is refused.
 */
export type PathProfile = 'notary' | 'timestamping' | 'rfc5280';

/** What a path must satisfy. */
export interface PathOptions {
  /** Trusted certificates. A path ends at one of them, the same bytes; whether it is self-signed does not matter. */
  readonly anchors: readonly Certificate[];
  /** The time at which every certificate must be valid, both ends inclusive. Default now. */
  readonly at?: Date;
  /** Default `notary`. */
  readonly profile?: PathProfile;
  /**
   * OID of the purpose. A certificate that has the extended key usage extension must list it; authorities may list
   * anyExtendedKeyUsage instead.
   */
  readonly extendedKeyUsage?: string;
  /** The most authorities between leaf and anchor, self-issued ones not counted. Default 8. */
  readonly maxIntermediates?: number;
  /** Authorities' basic constraints must be critical (the specification asks for it, some real roots are older). Default true. */
  readonly requireCriticalBasicConstraints?: boolean;
}

/** What {@link buildPath} may use and spend. */
export interface BuildPathOptions extends PathOptions {
  /** Certificates that may stand between leaf and anchor, in any order; what is of no use is ignored. */
  readonly intermediates?: readonly Certificate[];
  /** The most signatures that are checked. Default 64. */
  readonly maxSignatureChecks?: number;
  /** A further rule for a path that is otherwise valid, revocation for example: when it rejects, the next path is tried. */
  readonly check?: (path: readonly Certificate[]) => Promise<void>;
}

import type { Digest } from '@notarykit/oci/internal';
import type { ProvenanceFormat } from '../provenance/document.js';
import type { SbomFormat } from '../sbom/formats.js';
import type { ScanFormat, Severity } from '../scan/report.js';
import type { VersionRange } from '../versions/vers.js';
import type { VexFormat, VexStatus } from '../vex/document.js';

/** What a rule does when it meets something that it cannot judge. */
export type RuleAction = 'deny' | 'warn' | 'ignore';

/** A signer: a statement of the trust policy, under a name that evidence classes refer to. */
export interface GateSigner {
  /** Name of the statement in the trust policy document. */
  readonly trustPolicy: string;
  /** How many different signers must have signed: those that share a key or a certificate subject are one. */
  readonly minSignatures: number;
  /** Only signatures with a trusted RFC 3161 timestamp count. */
  readonly requireTimestamp: boolean;
}

/** A rule about packages: a package URL without version, or a name pattern, and a version range. */
export interface PackageRule {
  /** Name of the rule in reports; generated when the policy gives none. */
  readonly id: string;
  readonly purl?: string;
  /** Whole-name pattern; `*` and `?` are wildcards. */
  readonly name?: string;
  readonly type?: string;
  readonly versions?: VersionRange;
  /** Also match the source package that a package was built from. */
  readonly includeUpstream: boolean;
  readonly reason?: string;
  /** Where the rule is in the policy document. */
  readonly pointer: string;
}

/** Licence rules. */
export interface LicensePolicy {
  readonly field: 'concluded' | 'declared' | 'concluded-then-declared' | 'both';
  readonly allow?: readonly string[];
  readonly block: readonly string[];
  readonly unknown: RuleAction;
  readonly exceptPackages: readonly PackageRule[];
}

/** Rules about inventories. */
export interface SbomPolicy {
  readonly signedBy: readonly string[];
  readonly formats: readonly SbomFormat[];
  readonly binding: 'subject' | 'subject-and-document';
  readonly select: 'union' | 'newest';
  readonly allowEmpty: boolean;
  /** Milliseconds. */
  readonly maxAge?: number;
  readonly requirePackages: readonly PackageRule[];
  readonly blockPackages: readonly PackageRule[];
  readonly licenses?: LicensePolicy;
}

/** Which findings block. */
export interface BlockPolicy {
  readonly severityAtOrAbove?: Exclude<Severity, 'unknown' | 'none'>;
  readonly knownExploited: boolean;
  readonly onlyFixable: boolean;
  readonly ids: readonly string[];
  readonly unknownSeverity: RuleAction;
}

/** Rules about scan reports. Durations in milliseconds. */
export interface ScanPolicy {
  readonly signedBy: readonly string[];
  readonly formats: readonly ScanFormat[];
  /** Scanners whose reports count. With `newest-per-scanner` each of them must have reported. */
  readonly scanners?: readonly string[];
  readonly combine: 'newest-per-scanner' | 'newest' | 'any';
  readonly binding: 'subject' | 'subject-and-document';
  readonly maxAge: number;
  readonly dbMaxAge?: number;
  readonly clockSkew: number;
  readonly timeEvidence: 'authentic' | 'signed-content';
  readonly block: BlockPolicy;
  readonly severitySource: 'reported' | 'max' | 'cvss';
  readonly requireCoverage: readonly ('os' | 'language')[];
  readonly endOfLifeOs: RuleAction;
  readonly suppressedByScanner: RuleAction;
  readonly onMissing: 'deny' | 'rescan';
  readonly onStale: 'deny' | 'rescan';
}

/** Which VEX statements may take findings away. */
export interface VexPolicy {
  readonly signedBy: readonly string[];
  readonly formats: readonly VexFormat[];
  readonly acceptStatuses: readonly VexStatus[];
  readonly acceptJustifications?: readonly string[];
  /** Milliseconds. */
  readonly maxAge?: number;
}

/** A source repository from which images may be built. */
export interface SourceRule {
  /** URL without ref; `*` and `?` are wildcards. */
  readonly repository: string;
  readonly refs?: readonly string[];
  readonly revisions?: readonly string[];
}

/** Rules about what went into a build. */
export interface MaterialPolicy {
  readonly allow?: readonly string[];
  readonly block: readonly string[];
  readonly unpinned: RuleAction;
  readonly incomplete: RuleAction;
}

/** Rules about how images are built. */
export interface ProvenancePolicy {
  readonly signedBy: readonly string[];
  readonly formats: readonly ProvenanceFormat[];
  readonly binding: 'subject' | 'subject-and-document';
  readonly builders?: readonly string[];
  readonly buildTypes?: readonly string[];
  readonly sources?: readonly SourceRule[];
  readonly materials?: MaterialPolicy;
  readonly baseImages: 'any' | 'verified';
}

/** Whose verification summaries are accepted in place of the evidence; see `acceptVsa`. */
export interface SummaryPolicy {
  /** Who may sign a summary. */
  readonly signedBy: readonly string[];
  /** Verifiers, by the `verifier.id` that their summaries state. */
  readonly verifiers: readonly string[];
  /** How old a summary may be, milliseconds. */
  readonly maxAge: number;
}

/** A finding, package or licence that is let through until a day. */
export interface GateException {
  readonly id: string;
  readonly rule: 'vulnerability' | 'package' | 'license';
  readonly packages: readonly PackageRule[];
  /** Image references or digests; none means every image. */
  readonly images: readonly string[];
  readonly reason: string;
  readonly approvedBy?: string;
  readonly expires: Date;
}

/** Limits of evidence. */
export interface GateLimits {
  readonly documentBytes: number;
  readonly depth: number;
  readonly items: number;
  readonly referrers: number;
}

/** What the gate writes after a decision. */
export interface GateOutput {
  readonly attestation: 'none' | 'vsa';
  readonly verifierId?: string;
  /**
   * How `promote` goes on: `signWith` names the signer whose statement the production signatures must satisfy, `evidence` what travels
   * besides the image: what the decision rests on, or all that is trusted.
   */
  readonly promote?: { readonly signWith: string; readonly evidence: 'used' | 'all-trusted' };
}

/** A gate policy with all defaults filled in. */
export interface GatePolicy {
  readonly version: '1.0';
  readonly name: string;
  /** Digest of the exact bytes of the document. */
  readonly digest: Digest;
  readonly trustPolicy?: { readonly path: string; readonly digest?: Digest };
  readonly signers: ReadonlyMap<string, GateSigner>;
  readonly image: {
    readonly signedBy: readonly string[];
    /** `all`, or platforms such as `linux/amd64` that must be there; others are not looked at. */
    readonly platforms: 'all' | readonly string[];
  };
  readonly sbom?: SbomPolicy;
  readonly scan?: ScanPolicy;
  readonly vex?: VexPolicy;
  readonly provenance?: ProvenancePolicy;
  readonly summary?: SummaryPolicy;
  readonly exceptions: readonly GateException[];
  readonly limits: GateLimits;
  readonly output: GateOutput;
  /** What a careful reader of the policy would ask about; see {@link lintGatePolicy}. */
  readonly warnings: readonly GatePolicyWarning[];
}

/** A part of a policy that is valid and probably not meant. */
export interface GatePolicyWarning {
  /** JSON pointer into the policy document. */
  readonly pointer: string;
  readonly message: string;
}

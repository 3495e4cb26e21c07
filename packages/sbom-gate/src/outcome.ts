import { defined } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { DecisionCode } from './codes.js';
import type { EvidenceDocument } from './evidence/evidence.js';

/** How much an outcome weighs. `rescan`: denies unless a new scan helps. */
export type OutcomeLevel = 'deny' | 'rescan' | 'warn' | 'info';

/** Where an outcome has its facts from. */
export interface OutcomeEvidence {
  readonly manifest: Digest;
  readonly blob: Digest;
  readonly class: string;
  readonly format?: string;
  /** Aliases of the signers. */
  readonly signers: readonly string[];
  /** Place in the document. */
  readonly pointer?: string;
}

/** One finding of the gate. */
export interface GateOutcome {
  /** Member of the policy that led to it, such as `sbom.blockPackages`. */
  readonly rule: string;
  readonly level: OutcomeLevel;
  readonly code: DecisionCode;
  readonly platform?: string;
  /** What is the matter: names the package, finding or signer. */
  readonly message: string;
  /** Package URL, or name and version. */
  readonly package?: string;
  /** Identifier of the vulnerability. */
  readonly finding?: string;
  readonly evidence?: OutcomeEvidence;
  /** What else was looked at and changed nothing, such as VEX statements that did not apply, each with why. */
  readonly notes?: readonly string[];
}

/** The part of an outcome that names its document. */
export function evidenceOf(document: EvidenceDocument, pointer?: string): OutcomeEvidence {
  return {
    manifest: document.manifest,
    blob: document.blob,
    class: document.class,
    ...(document.content === undefined ? {} : { format: document.content.format }),
    signers: [...new Set(document.signatures.map(({ alias }) => alias))],
    ...defined({ pointer }),
  };
}

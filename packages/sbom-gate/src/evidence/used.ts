import { defined } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { EvidenceClass, EvidenceDocument, EvidenceSignature } from './evidence.js';

/** A document that a decision rests on. */
export interface UsedEvidence {
  readonly class: EvidenceClass;
  /** Manifest that the artifact is attached to. */
  readonly target: Digest;
  /** The artifact. */
  readonly manifest: Digest;
  readonly artifactType?: string;
  readonly blob: Digest;
  readonly format: string;
  readonly formatVersion: string;
  readonly signatures: readonly EvidenceSignature[];
}

/** A document as a decision names it. */
export function describeUsed(document: EvidenceDocument): UsedEvidence {
  return {
    class: document.class,
    target: document.target,
    manifest: document.manifest,
    ...defined({ artifactType: document.artifactType }),
    blob: document.blob,
    format: document.content?.format ?? '',
    formatVersion: document.content?.formatVersion ?? '',
    signatures: document.signatures,
  };
}

import type { Descriptor, Digest } from '@notarykit/oci/internal';
import type { AuditOpinion } from './judge.js';

/** What the policy, and the one it is held against, say of a manifest. */
export interface AuditVerdict extends AuditOpinion {
  /** `flips`: one lets the manifest pass and the other does not, or one skips what the other verifies. */
  readonly against?: AuditOpinion & { readonly flips: boolean };
}

/** A manifest of an index, with its platform. */
export interface AuditedManifest extends AuditVerdict {
  readonly descriptor: Descriptor;
}

/** One artifact: plain JSON. */
export interface AuditResult extends AuditVerdict {
  readonly repository: string;
  /** All tags that name it, in byte order. */
  readonly tags: readonly string[];
  /** Absent when its tag could not be resolved. */
  readonly descriptor?: Descriptor;
  /** Of an index: each manifest in it that can run on its own, for a signature of the index says nothing of its parts when they are pulled by digest. */
  readonly manifests: readonly AuditedManifest[];
  /** Of an index: BuildKit's attestation manifests in it, each with the manifest that it is about. Evidence, which needs no signature. */
  readonly attestations?: readonly { readonly descriptor: Descriptor; readonly target: Digest }[];
  /** To be given as `after`: the first tag, or the position in the list. */
  readonly cursor: string;
}

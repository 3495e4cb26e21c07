import { defined } from '@notarykit/common/internal';
import { artifactTypeOf, type Descriptor, type Manifest } from '@notarykit/oci/internal';
import type { EvidenceCode } from '../codes.js';
import type { GatePolicy } from '../policy/document.js';
import { type ClassHint, combineHints, hintOf, layerHint } from './classify.js';
import type { EvidenceClass } from './evidence.js';

/** A layer that is to be read, and as what; without a class it says itself what it is. */
export interface PlannedLayer {
  readonly layer: Descriptor;
  readonly wanted?: EvidenceClass;
}

/** What to do with an artifact that is attached: leave it, or verify it for some classes and then read its layers. */
export type ReferrerPlan =
  | { readonly kind: 'ignore'; readonly code: EvidenceCode; readonly reason: string; readonly artifactType?: string }
  | {
      readonly kind: 'read';
      /** Classes for which a signer may vouch for it; each has its own signers. */
      readonly classes: readonly EvidenceClass[];
      readonly layers: readonly PlannedLayer[];
      readonly artifactType?: string;
    };

const classes: readonly EvidenceClass[] = ['sbom', 'scan', 'vex', 'provenance'];

/** Plans what to do with an artifact, from its manifest and the policy alone: types are hints, never proofs. */
export function planReferrer(manifest: Manifest, policy: GatePolicy): ReferrerPlan {
  const layers = manifest.kind === 'image' ? manifest.layers : manifest.kind === 'artifact' ? manifest.blobs : [];
  const hints = layers.map((layer) => layerHint(layer.mediaType, predicateTypeOf(layer, manifest)));
  const artifactType = artifactTypeOf(manifest);
  const typed = defined({ artifactType });
  const hint = combineHints(hintOf(artifactType), hints);
  const ignore = (reason: string): ReferrerPlan => ({
    kind: 'ignore',
    code: 'EVIDENCE_UNRECOGNISED',
    reason,
    ...typed,
  });
  if (hint === 'none') return ignore('its type is not one of evidence');
  const wanted = classes.filter((name) => policy[name] !== undefined && (hint === 'any' || hint === name));
  if (wanted.length === 0) return ignore('the policy has no rules about its class');
  const planned = layers.flatMap((layer, i) => planLayer(layer, hints[i], hint, wanted));
  return { kind: 'read', classes: wanted, layers: planned, ...typed };
}

function planLayer(
  layer: Descriptor,
  own: ClassHint | undefined,
  whole: ClassHint,
  classes: readonly EvidenceClass[],
): readonly PlannedLayer[] {
  // BuildKit puts SBOM and provenance into one manifest: a class without rules must not deny the other.
  if (own === 'none' || (own === 'provenance' && !classes.includes(own))) return [];
  const told = own === undefined || own === 'any' ? whole : own;
  return [told === 'any' || told === 'none' ? { layer } : { layer, wanted: told }];
}

function predicateTypeOf(layer: Descriptor, manifest: Manifest): string | undefined {
  return layer.annotations?.['in-toto.io/predicate-type'] ?? manifest.annotations?.['in-toto.io/predicate-type'];
}

/** Whether a listed artifact type already says that there is no evidence: signatures need not even be fetched. */
export function isNoEvidence(artifactType: string | undefined): boolean {
  return hintOf(artifactType) === 'none';
}

import { factsOfSboms } from '../sbom/formats.js';
import type { EvidenceClass } from './evidence.js';
import { predicateClass } from './predicates.js';

/** What a declared type hints at: a class, any class, or no evidence at all. */
export type ClassHint = EvidenceClass | 'any' | 'none';

const hints: readonly (readonly [RegExp, ClassHint])[] = /* @__PURE__ */ (() => [
  [/^application\/vnd\.cncf\.notary\.signature|^application\/vnd\.dev\.cosign\.|^signature\//, 'none'],
  [/vex/, 'vex'],
  [/csaf/, 'vex'],
  [/sarif|vulnerab|(^|[/.+-])scan([/.+-]|$)|trivy|grype|snyk|vnd\.security\.vuln/, 'scan'],
  [new RegExp(['sbom', ...factsOfSboms('types')].join('|')), 'sbom'],
  [/provenance/, 'provenance'],
  [/in-toto|dsse|sigstore\.bundle|docker\.attestation\.manifest/, 'any'],
  [/^application\/json$|^text\/plain$|^application\/xml$|^text\/xml$/, 'any'],
])();

/** What a media type or artifact type hints at; nothing when it is not known. */
export function hintOf(type: string | undefined): ClassHint | undefined {
  if (type === undefined) return undefined;
  const lower = type.toLowerCase();
  return hints.find(([pattern]) => pattern.test(lower))?.[1];
}

/** What a layer hints at: its predicate type, else its media type. */
export function layerHint(mediaType: string, predicateType: string | undefined): ClassHint | undefined {
  if (predicateType !== undefined) return predicateClass(predicateType) ?? 'none';
  return hintOf(mediaType);
}

/** The hint of an artifact: its own type where that says something, else that of its layers. */
export function combineHints(artifact: ClassHint | undefined, layers: readonly (ClassHint | undefined)[]): ClassHint {
  if (artifact !== undefined && artifact !== 'any') return artifact;
  const told = new Set(layers.filter((hint) => hint !== undefined && hint !== 'any' && hint !== 'none'));
  const [only] = told;
  if (told.size === 1 && only !== undefined) return only;
  if (artifact === 'any' || told.size > 1 || layers.includes('any')) return 'any';
  return 'none';
}

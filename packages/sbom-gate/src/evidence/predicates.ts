import { decodeUtf8, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { readProvenance } from '../provenance/read.js';
import { factsOfSboms } from '../sbom/formats.js';
import { readScout } from '../scan/scout.js';
import { readVulnsPredicate } from '../scan/vulns-predicate.js';
import type { EvidenceContent } from './content.js';
import type { EvidenceClass } from './evidence.js';

/** Predicate types by prefix: producers add or leave out a version, and older ones have no scheme. */
const predicates: readonly (readonly [string, EvidenceClass])[] = /* @__PURE__ */ (() => [
  ...factsOfSboms('predicates').map((prefix) => [prefix, 'sbom'] as const),
  ['in-toto.io/attestation/vulns', 'scan'],
  ['cosign.sigstore.dev/attestation/vuln', 'scan'],
  ['scout.docker.com/vulnerabilities', 'scan'],
  ['openvex.dev/ns', 'vex'],
  ['slsa.dev/provenance/', 'provenance'],
])();

function bare(type: string): string {
  return type.replace(/^https:\/\//, '');
}

/** The class of a predicate type; nothing for types that are not evidence for the gate. */
export function predicateClass(type: string): EvidenceClass | undefined {
  return predicates.find(([prefix]) => bare(type).startsWith(prefix))?.[1];
}

/** Reads the predicates that are not documents of their own. */
export function readPredicate(
  type: string,
  bytes: Uint8Array,
  subjects: readonly string[],
): EvidenceContent | undefined {
  const evidenceClass = predicateClass(type);
  if (evidenceClass !== 'scan' && evidenceClass !== 'provenance') return undefined;
  const value = JSON.parse(decodeUtf8(bytes)) as JsonValue;
  if (evidenceClass === 'provenance') return readProvenance(type, predicateObject(value), subjects);
  if (bare(type).startsWith('scout.docker.com/')) return readScout(value, subjects);
  return isJsonObject(value) && isJsonObject(value['scanner'])
    ? readVulnsPredicate(value, subjects, formOf(type))
    : undefined;
}

function predicateObject(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  throw new GateError('ERR_GATE_EVIDENCE', 'member "predicate": expected an object');
}

function formOf(type: string): 'in-toto-vulns' | 'cosign-vuln' {
  return bare(type).startsWith('in-toto.io/') ? 'in-toto-vulns' : 'cosign-vuln';
}

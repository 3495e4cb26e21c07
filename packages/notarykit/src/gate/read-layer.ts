import type { GraphView } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, isCodedError } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import {
  type EvidenceClass,
  type EvidenceDocument,
  type EvidenceSignature,
  type GateLimits,
  type IgnoredEvidence,
  type ReadDocumentOutcome,
  readDocument,
  unreadableCode,
} from '@notarykit/sbom-gate/internal/core';

/** A document, or why a layer is not one. */
type ReadLayer =
  | Pick<EvidenceDocument, 'class' | 'signatures' | 'content' | 'problem' | 'warnings'>
  | Pick<IgnoredEvidence, 'code' | 'reason'>;

/** Reads a layer of an artifact that is signed for some classes. */
export async function readLayer(
  view: GraphView,
  layer: Descriptor,
  wanted: EvidenceClass | undefined,
  options: CallOptions & {
    readonly limits: GateLimits;
    readonly trusted: ReadonlyMap<EvidenceClass, readonly EvidenceSignature[]>;
  },
): Promise<ReadLayer> {
  const { trusted } = options;
  const outcome = await read(view, layer, wanted, options);
  // What is broken and might be of several classes counts for the first that its signer may vouch for.
  const [first] = trusted.keys();
  const name = 'content' in outcome ? outcome.content.class : (wanted ?? first);
  const signatures = name === undefined ? undefined : trusted.get(name);
  if (name === undefined || signatures === undefined)
    return { code: 'EVIDENCE_UNTRUSTED', reason: `its signer is not accepted for documents of class ${name}` };
  if ('content' in outcome) return { class: name, signatures, content: outcome.content, warnings: outcome.warnings };
  const { problem } = outcome;
  if (problem.code === 'EVIDENCE_UNRECOGNISED') return { code: problem.code, reason: problem.message };
  return { class: name, signatures, problem, warnings: [] };
}

async function read(
  view: GraphView,
  layer: Descriptor,
  wanted: EvidenceClass | undefined,
  { limits, signal }: CallOptions & { readonly limits: GateLimits },
): Promise<ReadDocumentOutcome> {
  const call = defined({ signal });
  if (layer.size > limits.documentBytes) {
    const message = `a document has at most ${limits.documentBytes} bytes, this one has ${layer.size}`;
    return { problem: { code: 'LIMIT_EXCEEDED', message } };
  }
  try {
    const stream = await view.stream(layer, call);
    return await readDocument(stream, { ...call, limits, ...defined({ wanted }) });
  } catch (error) {
    signal?.throwIfAborted();
    if (!isCodedError(error)) throw error;
    const code = wanted === undefined ? 'EVIDENCE_UNAVAILABLE' : unreadableCode(wanted);
    return { problem: { code, message: `${error.code}: ${error.message}` } };
  }
}

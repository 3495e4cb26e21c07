import { type GraphView, openGraph, packArtifact, type Referrer } from '@notarykit/artifact-graph/internal';
import { type CallOptions, decodeUtf8, defined, isCodedError, utf8 } from '@notarykit/common/internal';
import { canonicalRepository, type Descriptor, memoryRepository, type Repository } from '@notarykit/oci/internal';
import {
  buildVsa,
  type GateDecision,
  type GatePolicy,
  predicateTypeAnnotation,
  readSummary,
  type SummaryGrounds,
  statementMediaType,
  vsaPredicateType,
} from '@notarykit/sbom-gate/internal/core';
import { NotaryKitError } from '../errors.js';
import { createdAnnotation } from '../summary/attachments.js';
import { resourceOf } from '../verdict/summary-key.js';

const largestSummary = 1024 * 1024;

/**
 * The verification summary of a decision about what consumers will pull from the target.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` when the policy does not name its verifier
 */
export function summaryOf(
  decision: GateDecision,
  target: Repository,
  { output, name }: GatePolicy,
  grounds?: SummaryGrounds,
): string {
  if (output.verifierId === undefined)
    throw new NotaryKitError(
      'ERR_NOTARYKIT_ARGUMENT',
      `the gate policy ${name} asks for a summary: give it "output.verifierId"`,
    );
  return buildVsa(decision, {
    verifierId: output.verifierId,
    resourceUri: resourceOf(canonicalRepository(target.name), decision.image.digest),
    ...defined({ grounds }),
  });
}

/** A summary that is ready to be written, in its own repository. */
export interface BuiltSummary {
  readonly descriptor: Descriptor;
  readonly content: Repository;
  /** The manifest and what it names, blobs first. */
  readonly parts: readonly Descriptor[];
}

/** The artifact of a summary: the same decision at the same time gives the same bytes, config and annotations included. */
export async function buildSummary(
  target: Repository,
  artifact: Descriptor,
  decision: GateDecision,
  policy: GatePolicy,
  grounds?: SummaryGrounds,
): Promise<BuiltSummary> {
  return packSummary(target, artifact, summaryOf(decision, target, policy, grounds), decision.evaluatedAt);
}

/** The artifact of a summary's text. Its manifest states type and time, so that a gate can skip one that is too old. */
export async function packSummary(
  target: Repository,
  artifact: Descriptor,
  text: string,
  time: Date,
): Promise<BuiltSummary> {
  const content = memoryRepository(target.name);
  const { descriptor, config, layers } = await packArtifact(content, {
    artifactType: statementMediaType,
    subject: artifact,
    annotations: { [createdAnnotation]: time.toISOString() },
    layers: [
      {
        mediaType: statementMediaType,
        content: utf8(text),
        annotations: { [predicateTypeAnnotation]: vsaPredicateType },
      },
    ],
  });
  return { descriptor, content, parts: [config, ...layers, descriptor] };
}

/** Writes a summary, its manifest last: what is listed is whole. */
export async function writeSummary(target: Repository, summary: BuiltSummary, call: CallOptions): Promise<void> {
  const content = openGraph(summary.content);
  for (const part of summary.parts) await target.push(part, await content.bytes(part, call), call);
}

/**
 * Summaries of earlier runs at the target: artifacts that are, byte for byte, what this run would have built at their time. Anyone who
 * may push can attach the text of a summary in their own manifest; that is another artifact.
 */
export async function* earlierSummaries(
  target: Repository,
  artifact: Descriptor,
  decision: GateDecision,
  policy: GatePolicy,
  call: CallOptions,
  grounds?: SummaryGrounds,
): AsyncGenerator<Descriptor, void, void> {
  const view = openGraph(target, { maxBlobBytes: largestSummary });
  for await (const referrer of view.referrers(artifact, { ...call, artifactTypes: [statementMediaType] })) {
    const found = timesOf(await readEarlier(view, referrer, call));
    if (found === undefined || !isUseful(found, decision.evaluatedAt, policy)) continue;
    const { time, validUntil } = found;
    const own = grounds === undefined || validUntil === undefined ? undefined : { ...grounds, validUntil };
    const { descriptor } = await buildSummary(target, artifact, { ...decision, evaluatedAt: time }, policy, own);
    if (descriptor.digest === referrer.descriptor?.digest) yield descriptor;
  }
}

/** What cannot be read is not a summary of ours; only a failure of the connection passes through. */
async function readEarlier(view: GraphView, referrer: Referrer, call: CallOptions): Promise<string | undefined> {
  if (referrer.kind === 'setAside') {
    if (referrer.reason === 'unavailable') throw referrer.cause;
    return undefined;
  }
  const { manifest } = referrer.fetched;
  const [layer, ...more] = manifest.kind === 'image' ? manifest.layers : [];
  if (layer === undefined || more.length > 0 || layer.size > largestSummary) return undefined;
  try {
    return decodeUtf8(await view.bytes(layer, call));
  } catch (error) {
    if (isCodedError(error) && /^ERR_(OCI|CODEC)_/.test(error.code)) return undefined;
    throw error;
  }
}

interface Times {
  readonly time: Date;
  readonly validUntil?: Date;
}

/** A summary that is older than half of its greatest age is made anew. */
function isUseful({ time, validUntil }: Times, now: Date, { summary }: GatePolicy): boolean {
  if (time > now) return false;
  if (summary === undefined) return true;
  return now.getTime() - time.getTime() <= summary.maxAge / 2 && (validUntil === undefined || validUntil > now);
}

function timesOf(text: string | undefined): Times | undefined {
  if (text === undefined) return undefined;
  try {
    const { timeVerified: time, grounds } = readSummary(utf8(text));
    return time === undefined ? undefined : { time, ...(grounds && { validUntil: grounds.validUntil }) };
  } catch (error) {
    if (isCodedError(error)) return undefined;
    throw error;
  }
}

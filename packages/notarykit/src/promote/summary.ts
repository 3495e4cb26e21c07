import { packArtifact } from '@notarykit/artifact-graph';
import { type CallOptions, decodeUtf8, isCodedError, isJsonObject, parseJson, utf8 } from '@notarykit/common';
import { type Descriptor, fetchBytes, fetchManifest, type Repository } from '@notarykit/oci';
import { buildVsa, type GateDecision, type GatePolicy, statementMediaType } from '@notarykit/sbom-gate';
import { NotaryKitError } from '../errors.js';
import type { PromoteOptions } from '../promote.js';
import { callOptions } from '../reference.js';

const largestSummary = 1024 * 1024;

/**
 * The verification summary of a decision about what consumers will pull from the target.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` when the policy does not name its verifier
 */
export function summaryOf(decision: GateDecision, target: Repository, { output, name }: GatePolicy): string {
  if (output.verifierId === undefined)
    throw new NotaryKitError(
      'ERR_NOTARYKIT_ARGUMENT',
      `the gate policy ${name} asks for a summary: give it "output.verifierId"`,
    );
  return buildVsa(decision, {
    verifierId: output.verifierId,
    resourceUri: `${target.name}@${decision.image.digest}`,
  });
}

/** Attaches the summary at the target, unless an earlier run did: the same statement but for its time is the same summary. */
export async function attachSummary(
  target: Repository,
  artifact: Descriptor,
  decision: GateDecision,
  options: PromoteOptions,
): Promise<Descriptor> {
  const call = callOptions(options);
  for await (const referrer of target.referrers(artifact, { ...call, artifactType: statementMediaType })) {
    const text = await readSummary(target, referrer, call);
    const time = timeOf(text);
    if (time === undefined || time > decision.evaluatedAt) continue;
    if (text === summaryOf({ ...decision, evaluatedAt: time }, target, options.policy)) return referrer;
  }
  const content = utf8(summaryOf(decision, target, options.policy));
  const { descriptor } = await packArtifact(target, {
    ...call,
    artifactType: statementMediaType,
    subject: artifact,
    layers: [{ mediaType: statementMediaType, content }],
  });
  return descriptor;
}

/** What cannot be read is no summary of ours. */
async function readSummary(target: Repository, referrer: Descriptor, call: CallOptions): Promise<string | undefined> {
  try {
    const { manifest } = await fetchManifest(target, referrer, call);
    const [layer, ...more] = manifest.kind === 'image' ? manifest.layers : [];
    if (layer === undefined || more.length > 0 || layer.size > largestSummary) return undefined;
    return decodeUtf8(await fetchBytes(target, layer, { ...call, limit: largestSummary }));
  } catch (error) {
    if (isCodedError(error) && /^ERR_(OCI|CODEC)_/.test(error.code)) return undefined;
    throw error;
  }
}

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  try {
    const statement = parseJson(text);
    const predicate = isJsonObject(statement) ? statement['predicate'] : undefined;
    const time = isJsonObject(predicate) ? predicate['timeVerified'] : undefined;
    if (typeof time !== 'string') return undefined;
    // The statement has milliseconds, and its bytes are compared: only a time that is written back alike counts.
    const date = new Date(time);
    return Number.isNaN(date.getTime()) || date.toISOString() !== time ? undefined : date;
  } catch (error) {
    if (isCodedError(error)) return undefined;
    throw error;
  }
}

import type { GraphView, Referrer } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor, Digest } from '@notarykit/oci/internal';
import { isNoEvidence, statementMediaType, summaryLayer } from '@notarykit/sbom-gate/internal/core';

/** What is attached to a manifest. */
export interface Attachments {
  /** Artifacts that may be evidence. */
  readonly others: readonly Digest[];
  readonly summaries: readonly FoundSummary[];
  /** An entry that could not be read. */
  readonly problem?: string;
}

/** An artifact whose manifest says that it is a summary. */
export interface FoundSummary {
  readonly descriptor: Descriptor;
  readonly layer: Descriptor;
  /** When it was made, as its manifest states. */
  readonly created?: Date;
}

/** Annotation of the manifest that states when the summary was made. */
export const createdAnnotation = 'org.opencontainers.image.created';

/** Lists what is attached to a manifest. Reads only what may be a summary and is not `known`. */
export async function attachmentsOf(
  view: GraphView,
  subject: Descriptor,
  known: ReadonlySet<Digest>,
  limit: number,
  call: CallOptions,
): Promise<Attachments> {
  const others: Digest[] = [];
  const summaries: FoundSummary[] = [];
  const unread = (type: string | undefined, { digest }: Descriptor): boolean => {
    if (isNoEvidence(type)) return true;
    const read = !known.has(digest) && (type === undefined || type === statementMediaType);
    if (!read) others.push(digest);
    return !read;
  };
  for await (const referrer of view.referrers(subject, { ...call, unread })) {
    if (referrer.kind === 'setAside') return { others, summaries, problem: referrer.cause.message };
    const found = summaryIn(referrer);
    if (found === undefined) others.push(referrer.descriptor.digest);
    else summaries.push(found);
    if (others.length + summaries.length > limit) break;
  }
  if (others.length + summaries.length <= limit) return { others, summaries };
  return { others, summaries, problem: `more than ${limit} artifacts are attached to ${subject.digest}` };
}

function summaryIn({ descriptor, fetched: { manifest } }: Extract<Referrer, { kind: 'referrer' }>) {
  const layer = summaryLayer(manifest);
  if (layer === undefined) return undefined;
  const created = new Date(manifest.annotations?.[createdAnnotation] ?? '');
  return { descriptor, layer, ...(Number.isNaN(created.getTime()) ? {} : { created }) };
}

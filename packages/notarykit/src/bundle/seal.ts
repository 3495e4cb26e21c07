import type { SetAsideReferrer } from '@notarykit/artifact-graph/internal';
import { concatBytes, iterate, utf8 } from '@notarykit/common/internal';
import { type Descriptor, type Digest, describe, layoutTar, mediaTypes } from '@notarykit/oci/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import { buildDocument } from './build-document.js';
import {
  type BundleDocument,
  type BundledArtifact,
  bundleArtifactType,
  bundleDocumentType,
  bundleTag,
} from './document.js';
import type { EvidenceItem } from './evidence.js';
import type { Parts } from './parts.js';

/** A bundle that was made. */
export interface Bundle extends Omit<BundleDocument, 'evidence'> {
  readonly evidence: readonly RecordedAnswer[];
  /** What the repositories listed as referrers and does not count, each with its reason: not in the bundle. */
  readonly setAside: readonly SetAsideReferrer[];
  /** The archive. Each call reads the layers anew. */
  stream(): ReadableStream<Uint8Array>;
  /** The archive, whole. */
  bytes(): Promise<Uint8Array>;
}

const emptyConfig = utf8('{}');

/** Puts document and evidence under one manifest, and gives the archive. */
export function sealBundle(
  made: Omit<BundleDocument, 'evidence'> & Pick<Bundle, 'setAside'>,
  evidence: readonly EvidenceItem[],
  parts: Parts,
): Bundle {
  const artifacts = sortArtifacts(made.artifacts);
  const document = buildDocument({
    policy: made.policy,
    content: made.content,
    artifacts,
    evidence: evidence.map(({ entry }) => entry),
  });
  const layers = [describe(bundleDocumentType, document), ...evidence.map(({ descriptor }) => descriptor)];
  const config = describe(mediaTypes.empty, emptyConfig);
  const manifest = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      artifactType: bundleArtifactType,
      config,
      layers: distinct(layers),
    }),
  );
  parts.add(config, emptyConfig);
  parts.add(describe(bundleDocumentType, document), document);
  for (const { descriptor, recorded } of evidence) parts.add(descriptor, recorded.answer);
  parts.add(describe(mediaTypes.imageManifest, manifest), manifest);
  parts.list(describe(mediaTypes.imageManifest, manifest), bundleTag);
  const stream = (): ReadableStream<Uint8Array> => layoutTar(parts, parts.entries);
  return {
    ...made,
    artifacts,
    evidence: evidence.map(({ recorded }) => recorded),
    stream,
    bytes: () => collect(stream()),
  };
}

/** Of several with one digest the first. */
function distinct(layers: readonly Descriptor[]): readonly Descriptor[] {
  const seen = new Map<Digest, Descriptor>();
  for (const layer of layers) if (!seen.has(layer.digest)) seen.set(layer.digest, layer);
  return [...seen.values()];
}

/** The order in which artifacts were named changes nothing. */
function sortArtifacts(artifacts: readonly BundledArtifact[]): readonly BundledArtifact[] {
  const key = ({ repository, tag = '', descriptor }: BundledArtifact): string =>
    JSON.stringify([repository, tag, descriptor.digest]);
  const byKey = new Map(artifacts.map((artifact) => [key(artifact), sortReferrers(artifact)]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, artifact]) => artifact);
}

/** Registries list referrers in their own order. */
function sortReferrers(artifact: BundledArtifact): BundledArtifact {
  const byDigest = (a: Descriptor, b: Descriptor): number => (a.digest < b.digest ? -1 : 1);
  return { ...artifact, referrers: [...artifact.referrers].sort(byDigest) };
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of iterate(stream)) chunks.push(chunk);
  return concatBytes(chunks);
}

import { type GraphView, openGraph } from '@notarykit/artifact-graph/internal';
import { type CallOptions, chunkReaderOf, defined, streamFrom } from '@notarykit/common/internal';
import {
  createDigester,
  type Descriptor,
  type Digester,
  digestOf,
  type ImageManifest,
  isNotFound,
  type Repository,
  readLayoutTar,
} from '@notarykit/oci/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import { type BundleDocument, bundleArtifactType, bundleDocumentType, bundleTag } from './document.js';
import { fetchPart, largestAnswer, readEvidence } from './evidence.js';
import { type BundleContent, namedRepositories } from './named.js';
import { parseDocument } from './parse-document.js';
import { bundleProblem } from './problem.js';

/**
 * A bundle as bytes, as a stream, or as a layout that was opened (`openLayoutTar` of `@notarykit/registry-client/node`), which may be
 * of any size.
 */
export type BundleSource = Uint8Array | ReadableStream<Uint8Array> | Repository;

/** Options of {@link readBundle}. */
export interface ReadBundleOptions extends CallOptions {
  /** Most bytes that are taken into memory. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** What is in a bundle. Nothing of it is verified: all of it is what its maker says. */
export interface UnverifiedBundle extends Omit<BundleDocument, 'evidence'> {
  readonly evidence: readonly RecordedAnswer[];
  /**
   * The content under the name of a repository: what the document names, and signatures. `source` is the digest of the archive. It
   * cannot be written to.
   */
  repository(name: string): Repository;
}

/**
 * Reads a bundle without verifying it: to look at it, to renew its evidence, or to copy out of it what was verified.
 *
 * @throws {OciError} for an archive that is hostile or broken
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`, `MALFORMED`, `PART_MISSING`
 */
export async function readBundle(source: BundleSource, options: ReadBundleOptions = {}): Promise<UnverifiedBundle> {
  const { maxBytes = 256 * 1024 * 1024, ...call } = options;
  const opened = await openSource(source, { ...call, maxBytes });
  const view = openGraph(opened.layout, { maxBlobBytes: largestAnswer });
  const { layers } = await readBundleManifest(view, call);
  const [first] = layers;
  if (first?.mediaType !== bundleDocumentType)
    throw bundleProblem('MALFORMED', `expected a document of type ${bundleDocumentType} as the first layer`);
  checkSizes(layers, maxBytes);
  const document = parseDocument(await fetchPart(view, first, call));
  const parts = new Map(layers.map((layer) => [layer.digest, layer]));
  const named = namedRepositories(opened, document.artifacts);
  return {
    ...document,
    evidence: await readEvidence(view, document.evidence, parts, call),
    repository: named,
  };
}

type Opened = Pick<BundleContent, 'layout' | 'source'>;

async function openSource(source: BundleSource, options: CallOptions & { maxBytes: number }): Promise<Opened> {
  if ('resolve' in source) return { layout: source, ...defined({ source: source.source }) };
  const name = 'bundle.invalid/bundle';
  if (source instanceof Uint8Array)
    return { layout: await readLayoutTar(source, { ...options, name }), source: digestOf(source) };
  const { stream, digester } = digested(source);
  return { layout: await readLayoutTar(stream, { ...options, name }), source: digester.digest() };
}

/** A stream, and the digest of what was read of it. */
function digested(source: ReadableStream<Uint8Array>): { stream: ReadableStream<Uint8Array>; digester: Digester } {
  const digester = createDigester();
  const reader = chunkReaderOf(source);
  const stream = streamFrom({
    async read(reuse) {
      const chunk = await reader.read(reuse);
      if (chunk !== undefined) digester.update(chunk);
      return chunk;
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { stream, digester };
}

async function readBundleManifest(view: GraphView, call: CallOptions): Promise<ImageManifest> {
  const { manifest } = await view.manifest(await resolveBundle(view, call), call);
  if (manifest.kind === 'image' && manifest.artifactType === bundleArtifactType) return manifest;
  throw bundleProblem(
    'MALFORMED',
    `expected a manifest of artifact type ${bundleArtifactType} at the tag ${bundleTag}`,
  );
}

async function resolveBundle(view: GraphView, call: CallOptions): Promise<Descriptor> {
  try {
    return (await view.resolve(bundleTag, call)).descriptor;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw bundleProblem('MALFORMED', `expected a bundle, found a layout without the tag ${bundleTag}`, error);
  }
}

/** Of a layout on disk nothing is in memory yet. */
function checkSizes(layers: readonly Descriptor[], maxBytes: number): void {
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes)
    throw bundleProblem('MALFORMED', `expected at most ${maxBytes} bytes of evidence, the bundle names ${total}`);
}

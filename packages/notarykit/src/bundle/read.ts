import type { CallOptions } from '@notarykit/common';
import {
  type Descriptor,
  fetchManifest,
  type ImageManifest,
  isNotFound,
  type Repository,
  readLayoutTar,
} from '@notarykit/oci';
import type { RecordedAnswer } from '@notarykit/pki';
import { type BundleDocument, bundleArtifactType, bundleDocumentType, bundleTag } from './document.js';
import { fetchPart, readEvidence } from './evidence.js';
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
  /** The content under the name of a repository; it cannot be written to. */
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
  const layout =
    'resolve' in source ? source : await readLayoutTar(source, { ...call, maxBytes, name: 'bundle.invalid/bundle' });
  const { layers } = await fetchBundleManifest(layout, call);
  const [first] = layers;
  if (first?.mediaType !== bundleDocumentType)
    throw bundleProblem('MALFORMED', `expected a document of type ${bundleDocumentType} as the first layer`);
  checkSize(layers, maxBytes);
  const document = parseDocument(await fetchPart(layout, first, call));
  const parts = new Map(layers.map((layer) => [layer.digest, layer]));
  return {
    ...document,
    evidence: await readEvidence(layout, document.evidence, parts, call),
    repository: (name) => named(layout, name),
  };
}

async function fetchBundleManifest(layout: Repository, call: CallOptions): Promise<ImageManifest> {
  const descriptor = await resolveBundle(layout, call);
  const { manifest } = await fetchManifest(layout, descriptor, call);
  if (manifest.kind === 'image' && manifest.artifactType === bundleArtifactType) return manifest;
  throw bundleProblem(
    'MALFORMED',
    `expected a manifest of artifact type ${bundleArtifactType} at the tag ${bundleTag}`,
  );
}

async function resolveBundle(layout: Repository, call: CallOptions): Promise<Descriptor> {
  try {
    return await layout.resolve(bundleTag, call);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw bundleProblem('MALFORMED', `expected a bundle, found a layout without the tag ${bundleTag}`, error);
  }
}

/** Of a layout on disk nothing is in memory yet. */
function checkSize(layers: readonly Descriptor[], maxBytes: number): void {
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes)
    throw bundleProblem('MALFORMED', `expected at most ${maxBytes} bytes of evidence, the bundle names ${total}`);
}

function named(layout: Repository, name: string): Repository {
  const refuse = async (): Promise<never> => {
    throw bundleProblem('MALFORMED', 'a bundle cannot be written to: make a new one');
  };
  return {
    name,
    exists: layout.exists.bind(layout),
    fetch: layout.fetch.bind(layout),
    resolve: layout.resolve.bind(layout),
    referrers: layout.referrers.bind(layout),
    push: refuse,
    tag: refuse,
  };
}

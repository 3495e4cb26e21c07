import { streamOf } from '@notarykit/common';
import { checkContent, type Descriptor, type Repository } from '@notarykit/oci';
import { GraphError } from '../errors.js';
import { isManifest, type ManifestReader } from '../manifest-reader.js';
import { callOptions } from '../referrers.js';
import type { CopyOptions } from './options.js';

/** Asks the caller's verifier; whatever it throws is a refusal. */
export async function verifyRoot(
  source: Repository,
  reader: ManifestReader,
  root: Descriptor,
  options: CopyOptions,
): Promise<void> {
  try {
    await options.verify?.(root, withManifests(source, reader), callOptions(options));
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new GraphError('ERR_GRAPH_REFUSED', `${source.name}: ${root.digest} was refused, nothing was written`, {
      cause,
      detail: { repository: source.name, descriptor: root, written: [] },
    });
  }
}

/** The source, with manifests taken from what was read and hashed already. */
function withManifests(source: Repository, reader: ManifestReader): Repository {
  return {
    name: source.name,
    exists: (descriptor, options) => source.exists(descriptor, options),
    push: (descriptor, content, options) => source.push(descriptor, content, options),
    resolve: (reference, options) => source.resolve(reference, options),
    tag: (descriptor, tag, options) => source.tag(descriptor, tag, options),
    referrers: (subject, options) => source.referrers(subject, options),
    async fetch(descriptor, options) {
      if (!isManifest(descriptor)) return await source.fetch(descriptor, options);
      const { bytes } = await reader.read(descriptor, options);
      checkContent(descriptor, bytes);
      return streamOf(bytes);
    },
  };
}

import type { CallOptions } from '@notarykit/common/internal';
import type { ContentDeleter, ContentLister, Descriptor, Repository, TagLister } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { GraphError } from '../errors.js';
import { findGarbage } from './garbage.js';
import type { CollectableRepository, CollectOptions, CollectOutcome, Garbage } from './options.js';
import { readStore } from './store.js';

/**
 * Finds what no tag leads to: untagged manifests, referrers whose subject is gone, blobs that nothing names. Referrers of kept
 * manifests are kept, tagged or not. Nothing is removed unless `dryRun` is false. No other process may write meanwhile.
 *
 * @throws {GraphError} `ERR_GRAPH_UNSUPPORTED` if the repository cannot list its content; `ERR_GRAPH_LIMIT`
 *
 * @example
 * ```ts
 * const plan = await collect(layout);
 * for (const { descriptor, reason } of plan.garbage) console.log(reason, descriptor.digest);
 * await collect(layout, { dryRun: false });
 * ```
 */
export async function collect(
  repository: Repository & Partial<ContentDeleter & ContentLister & TagLister>,
  options: CollectOptions = {},
): Promise<CollectOutcome> {
  const { dryRun = true } = options;
  const collectable = checkAbilities(repository);
  const store = await readStore(collectable, options);
  const garbage = findGarbage(store, options);
  if (!dryRun) await remove(collectable, garbage, callOptions(options));
  return {
    garbage,
    kept: store.contents.size - garbage.length,
    bytes: garbage.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    dryRun,
  };
}

function checkAbilities(
  repository: Repository & Partial<ContentDeleter & ContentLister & TagLister>,
): CollectableRepository {
  const { contents, tags, delete: remove, untag } = repository;
  if (contents === undefined || tags === undefined || remove === undefined || untag === undefined)
    throw new GraphError(
      'ERR_GRAPH_UNSUPPORTED',
      `${repository.name} cannot list or remove its content; collect a layout, and leave a registry to its own collector`,
    );
  return repository as CollectableRepository;
}

async function remove(
  repository: CollectableRepository,
  garbage: readonly Garbage[],
  options: CallOptions,
): Promise<void> {
  const removed: Descriptor[] = [];
  for (const { descriptor } of garbage) {
    options.signal?.throwIfAborted();
    await repository.delete(descriptor, options);
    removed.push(descriptor);
  }
}

import { checkTag, type Descriptor, isDigest, type Repository } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { checkTags, setTag, setTags } from '../tag.js';
import type { TagOutcome } from '../tag-outcome.js';
import { openGraph, sessionOf } from '../view/view.js';
import { assertGraph, assertReferrers } from './assert.js';
import { createListing } from './listing.js';
import type { CopyGraphOptions, CopyOutcome } from './options.js';
import { type CopyPlan, notCopiedOf, planCopy } from './plan.js';
import { type CopyLedger, createLedger } from './progress.js';
import { runInOrder } from './schedule.js';
import { at, copyError } from './side.js';
import { transferNode } from './transfer.js';
import { verifyRoot } from './verify.js';

/**
 * Copies an artifact with everything that belongs to it from one repository to another: children before parents, referrers
 * after their subject, tags last. What is at the target is not sent again, so that a second run finishes a broken one.
 *
 * Memory stays within `concurrency` × 1 MiB plus the manifests, whatever the size of the layers.
 *
 * @throws {GraphError} `ERR_GRAPH_COPY` with the side and what was written; `ERR_GRAPH_REFUSED` if `verify` threw;
 * `ERR_GRAPH_LIMIT`; `ERR_GRAPH_INVALID` for a platform that is not there; `ERR_GRAPH_TAG` if `ifMatch` does not hold. Nothing
 * is tagged then.
 *
 * @example
 * ```ts
 * const outcome = await copyGraph(staging, production, {
 *   reference: 'v1',
 *   onProgress: ({ bytes }) => console.log(`${bytes.done} of ${bytes.total}`),
 * });
 * console.log(outcome.root.digest, outcome.copied.bytes);
 * ```
 */
export async function copyGraph(
  source: Repository,
  target: Repository,
  options: CopyGraphOptions,
): Promise<CopyOutcome> {
  const tags = tagsOf(options);
  for (const tag of tags) checkTag(tag);
  let ledger: CopyLedger | undefined;
  try {
    const session = sessionOf(source, options.view ?? openGraph(source, options));
    const { descriptor: resolved } = await at('source', undefined, () =>
      session.view.resolve(options.reference, callOptions(options)),
    );
    const plan = await at('source', resolved, () => planCopy(source, session, resolved, options));
    ledger = createLedger(plan.graph, options.onProgress);
    ledger.phase('verify');
    if (options.verify !== undefined) await verifyRoot(session.view, plan.graph.root, options);
    return await execute(source, target, { options, tags, resolved, plan, ledger });
  } catch (error) {
    throw copyError(error, { source, target }, ledger?.written() ?? [], options.signal);
  }
}

interface Run {
  readonly options: CopyGraphOptions;
  readonly tags: readonly string[];
  readonly resolved: Descriptor;
  readonly plan: CopyPlan;
  readonly ledger: CopyLedger;
}

async function execute(source: Repository, target: Repository, run: Run): Promise<CopyOutcome> {
  const { plan, ledger } = run;
  ledger.phase('copy');
  await transferAll(source, target, run);
  ledger.phase('assert');
  await at('target', plan.graph.root, () => assertTarget(target, run));
  ledger.phase('tag');
  const tags = await at('target', plan.graph.root, () => tagTarget(target, run));
  ledger.phase('done');
  return {
    source: run.resolved,
    root: plan.graph.root,
    tags,
    nodes: ledger.nodes,
    copied: ledger.amount('copied'),
    mounted: ledger.amount('mounted'),
    skipped: ledger.amount('skipped'),
    setAside: plan.graph.setAside,
    missing: plan.graph.missing,
    notCopied: notCopiedOf(plan),
  };
}

async function transferAll(source: Repository, target: Repository, { options, plan, ledger }: Run): Promise<void> {
  const { graph, session } = plan;
  const listing = createListing(target);
  const transfer = { source, target, graph, session, ledger, mount: options.mount !== false, listing };
  await runInOrder(
    graph,
    {
      async isDone({ descriptor, manifest }, signal) {
        if (options.existing !== 'trust' || manifest === undefined) return false;
        if (!(await at('target', descriptor, () => target.exists(descriptor, { signal })))) return false;
        ledger.done(descriptor, 'skipped');
        return true;
      },
      run: (node, signal) => transferNode(transfer, node, signal),
    },
    { ...callOptions(options), concurrency: options.concurrency ?? 3, roots: plan.digestTags.map(([, root]) => root) },
  );
  await at('target', graph.root, async () => listing?.flush(callOptions(options)));
}

async function assertTarget(target: Repository, { options, plan }: Run): Promise<void> {
  const { graph, query, session } = plan;
  if (options.assert === 'none') return;
  const expected = { graph, query, target, view: openGraph(target, options) };
  await assertReferrers(
    expected,
    async (descriptor) => (await session.cache.load(descriptor, { reading: 'tolerant' })).bytes,
  );
  if (options.assert === 'graph') await assertGraph(expected);
}

async function tagTarget(target: Repository, { options, tags, plan }: Run): Promise<readonly TagOutcome[]> {
  await checkTags(target, tags, options);
  const outcomes: TagOutcome[] = [];
  for (const [tag, descriptor] of plan.digestTags)
    outcomes.push(await setTag(target, descriptor, tag, callOptions(options)));
  return [...outcomes, ...(await setTags(target, plan.graph.root, tags, options))];
}

function tagsOf({ tag, reference }: CopyGraphOptions): readonly string[] {
  if (tag === false) return [];
  if (tag !== undefined) return typeof tag === 'string' ? [tag] : tag;
  return typeof reference === 'string' && !isDigest(reference) ? [reference] : [];
}

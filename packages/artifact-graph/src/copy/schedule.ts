import { createLimiter } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { type Graph, type GraphNode, nodeKey } from '../view/graph.js';

/** What is done with each node. */
export interface Steps {
  /** Whether the node and all below it need no visit. */
  readonly isDone: (node: GraphNode, signal: AbortSignal) => Promise<boolean>;
  readonly run: (node: GraphNode, signal: AbortSignal) => Promise<void>;
}

/** How a graph is worked through. */
export interface ScheduleOptions {
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** Where to begin, beside the root and the referrers. */
  readonly roots: readonly Descriptor[];
}

/**
 * Runs a step for each node of a graph once, after the steps of its successors; a referrer has its subject among them. After the
 * first failure nothing new begins and what is under way is aborted; it rejects with that failure when all has ended.
 */
export async function runInOrder(graph: Graph, steps: Steps, options: ScheduleOptions): Promise<void> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const limit = createLimiter(options.concurrency);
  const started = new Map<string, Promise<void>>();
  const failures: unknown[] = [];

  const task = async (node: GraphNode): Promise<void> => {
    if (await limit(() => (signal.aborted ? Promise.resolve(true) : steps.isDone(node, signal)))) return;
    await Promise.all(node.successors.map(start));
    await limit(async () => (signal.aborted ? undefined : await steps.run(node, signal)));
  };
  const guarded = async (node: GraphNode): Promise<void> => {
    try {
      await task(node);
    } catch (error) {
      failures.push(error);
      stop.abort(error);
    }
  };
  const start = (descriptor: Descriptor): Promise<void> => {
    const key = nodeKey(descriptor);
    const node = graph.nodes.get(key);
    if (node === undefined) return Promise.resolve();
    const running = started.get(key) ?? guarded(node);
    started.set(key, running);
    return running;
  };

  const referrers = [...graph.nodes.values()].flatMap((node) => node.referrers);
  await Promise.all([graph.root, ...referrers, ...options.roots].map(start));
  options.signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

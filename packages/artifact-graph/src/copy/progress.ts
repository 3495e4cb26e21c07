import type { Descriptor } from '@notarykit/oci/internal';
import type { Graph } from '../view/graph.js';
import type { Amount, CopiedHow, CopiedNode, CopyGraphOptions, CopyProgress } from './options.js';

/** Counts what a copy did and reports it. */
export interface CopyLedger {
  readonly nodes: CopiedNode[];
  phase(phase: CopyProgress['phase']): void;
  /** Bytes of a node that are under way. A node that starts again starts from nothing. */
  bytes(descriptor: Descriptor, count: number): void;
  restart(descriptor: Descriptor): void;
  done(descriptor: Descriptor, how: CopiedHow): void;
  written(): readonly Descriptor[];
  amount(how: CopiedHow): Amount;
}

const tellEvery = 100;

export function createLedger(graph: Graph, onProgress: CopyGraphOptions['onProgress']): CopyLedger {
  const total = { nodes: graph.nodes.size, bytes: sum([...graph.nodes.values()].map((node) => node.descriptor)) };
  const underWay = new Map<string, number>();
  const nodes: CopiedNode[] = [];
  let finished = 0;
  let told = Number.NEGATIVE_INFINITY;
  let current: CopyProgress['phase'] = 'verify';
  const tell = (about: Pick<CopyProgress, 'node' | 'how'> = {}): void => {
    if (onProgress === undefined) return;
    const bytes = [...underWay.values()].reduce((all, count) => all + count, finished);
    onProgress({
      phase: current,
      nodes: { done: nodes.length, total: total.nodes },
      bytes: { done: bytes, total: total.bytes },
      ...about,
    });
  };
  return {
    nodes,
    phase(phase) {
      current = phase;
      tell();
    },
    bytes(descriptor, count) {
      underWay.set(descriptor.digest, (underWay.get(descriptor.digest) ?? 0) + count);
      if (onProgress === undefined || performance.now() - told < tellEvery) return;
      told = performance.now();
      tell({ node: descriptor });
    },
    restart: (descriptor) => void underWay.delete(descriptor.digest),
    done(descriptor, how) {
      underWay.delete(descriptor.digest);
      finished += descriptor.size;
      nodes.push({ descriptor, how });
      tell({ node: descriptor, how });
    },
    written: () => nodes.filter((node) => node.how !== 'skipped').map((node) => node.descriptor),
    amount(how) {
      const some = nodes.filter((node) => node.how === how);
      return { nodes: some.length, bytes: sum(some.map((node) => node.descriptor)) };
    },
  };
}

function sum(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((bytes, { size }) => bytes + size, 0);
}

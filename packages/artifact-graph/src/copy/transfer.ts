import { isCodedError, readBytes } from '@notarykit/common/internal';
import type { Descriptor, Mounter, Repository } from '@notarykit/oci/internal';
import { type Graph, type GraphNode, nodeKey } from '../view/graph.js';
import type { Session } from '../view/view.js';
import type { Listing } from './listing.js';
import type { CopiedHow } from './options.js';
import type { CopyLedger } from './progress.js';
import { at } from './side.js';
import { lazyStream } from './stream.js';

/** The two ends of a copy. */
export interface Transfer {
  readonly source: Repository;
  readonly target: Repository & Partial<Mounter>;
  readonly graph: Graph;
  readonly session: Session;
  readonly ledger: CopyLedger;
  readonly mount: boolean;
  /** Where referrers are listed many at a time. */
  readonly listing: Listing | undefined;
}

/** Up to here a blob is held in memory: one request, and no stream to set up. */
const smallBlob = 1024 * 1024;

/** Brings one node to the target, its successors being there. */
export async function transferNode(transfer: Transfer, node: GraphNode, signal: AbortSignal): Promise<void> {
  const { descriptor } = node;
  const { target, ledger } = transfer;
  if (await at('target', descriptor, () => target.exists(descriptor, { signal })))
    return ledger.done(descriptor, 'skipped');
  ledger.done(
    descriptor,
    node.manifest === undefined
      ? await pushBlob(transfer, descriptor, signal)
      : await pushManifest(transfer, node, signal),
  );
}

async function pushBlob(transfer: Transfer, descriptor: Descriptor, signal: AbortSignal): Promise<CopiedHow> {
  const { source, target, session, mount } = transfer;
  if (mount && target.mount !== undefined) {
    const mounted = await at('target', descriptor, async () => await target.mount?.(descriptor, source, { signal }));
    if (mounted === true) return 'mounted';
  }
  if (descriptor.size > smallBlob) await streamBlob(transfer, descriptor, signal);
  else {
    const bytes = await at('source', descriptor, async () =>
      readBytes(await session.view.stream(descriptor, { signal }), { signal, limit: smallBlob }),
    );
    await at('target', descriptor, () => target.push(descriptor, bytes, { signal, absent: true }));
  }
  return 'copied';
}

async function streamBlob(
  { session, target, ledger }: Transfer,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const open = (): ReadableStream<Uint8Array> => {
    failure = undefined;
    ledger.restart(descriptor);
    return lazyStream(descriptor, () => session.view.stream(descriptor, { signal }), {
      bytes: (count) => ledger.bytes(descriptor, count),
      failed: (error) => {
        failure = { error };
      },
    });
  };
  try {
    await target.push(descriptor, open, { signal, absent: true });
  } catch (error) {
    // The target saw its content break off; the source knows why.
    const broken = failure as { readonly error: unknown } | undefined;
    await at(broken === undefined ? 'target' : 'source', descriptor, () =>
      Promise.reject(broken === undefined ? error : broken.error),
    );
  }
}

async function pushManifest(transfer: Transfer, node: GraphNode, signal: AbortSignal): Promise<CopiedHow> {
  const { descriptor } = node;
  const { bytes } = await at('source', descriptor, () =>
    transfer.session.cache.load(descriptor, { signal, reading: 'tolerant' }),
  );
  const { listing } = transfer;
  const push = async (): Promise<void> => {
    await transfer.target.push(descriptor, bytes, { signal, ...(listing === undefined ? {} : { unlisted: true }) });
    if (node.manifest !== undefined) await listing?.add(descriptor, node.manifest, { signal });
  };
  try {
    await push();
  } catch (error) {
    if (!saysContentIsMissing(error)) await at('target', descriptor, () => Promise.reject(error));
    await repair(transfer, node, signal);
    await at('target', descriptor, push);
  }
  return 'copied';
}

/** A registry may say that it has a blob and deny it when the manifest comes; then what it names is written again. */
async function repair(transfer: Transfer, node: GraphNode, signal: AbortSignal): Promise<void> {
  for (const child of node.successors) {
    const missed = transfer.graph.nodes.get(nodeKey(child));
    if (missed === undefined) continue;
    if (missed.manifest === undefined) await pushBlob(transfer, child, signal);
    else await pushManifest(transfer, missed, signal);
  }
}

function saysContentIsMissing(error: unknown): boolean {
  if (!isCodedError(error)) return false;
  const text = JSON.stringify([error.code, error.message, error.detail ?? null]);
  return ['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN', 'MANIFEST_UNKNOWN'].some((code) => text.includes(code));
}

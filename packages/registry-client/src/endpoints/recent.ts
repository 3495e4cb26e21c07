import type { Bytes } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import type { RepositoryContext } from './context.js';

/** Manifests that were just read or written, so that the next step of the same work need not ask for them again. */
interface Recent {
  /** Hashed while a tag was resolved; given out once, to the fetch that follows. */
  readonly resolved: Map<string, Bytes>;
  /** Written by this client; what a tag is set with. */
  readonly pushed: Map<string, Bytes>;
}

const most = 16;
const recents = new WeakMap<RepositoryContext['state'], Recent>();

function recentOf({ state }: RepositoryContext): Recent {
  const found = recents.get(state) ?? { resolved: new Map(), pushed: new Map() };
  recents.set(state, found);
  return found;
}

const keyOf = ({ mediaType, digest }: Descriptor): string => `${mediaType} ${digest}`;

/** Keeps a manifest for a moment. */
export function remember(context: RepositoryContext, kind: keyof Recent, descriptor: Descriptor, bytes: Bytes): void {
  const kept = recentOf(context)[kind];
  kept.set(keyOf(descriptor), bytes);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}

/** A manifest that was kept; from then on it has to be asked for. */
export function recall(context: RepositoryContext, kind: keyof Recent, descriptor: Descriptor): Bytes | undefined {
  const kept = recentOf(context)[kind];
  const bytes = kept.get(keyOf(descriptor));
  kept.delete(keyOf(descriptor));
  return bytes;
}

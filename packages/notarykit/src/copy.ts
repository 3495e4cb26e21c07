import { type CopyGraphOptions, type CopyOutcome, copyGraph, openGraph } from '@notarykit/artifact-graph/internal';
import type { Repository } from '@notarykit/oci/internal';
import { type ArtifactReference, callOptions } from './reference.js';
import type { Trust } from './trust.js';
import { checkNotSkipped } from './verdict/trusted.js';
import { type Skipped, type Verified, type VerifyOptions, verifyIn } from './verify.js';

/** Options of {@link copy}. */
export interface CopyOptions extends Omit<CopyGraphOptions, 'verify' | 'reference'> {
  readonly reference: ArtifactReference;
  /**
   * Copy only a trusted artifact: it is verified at the source, before anything is written. Its referrers travel along as they are,
   * since each is judged where it is used; `referrers` says which of them are copied. Its `platforms` are those of {@link VerifyOptions}: of
   * the whole index at the source, whichever platforms of it are copied.
   */
  readonly verify?: Trust & Pick<VerifyOptions, 'platforms' | 'scope'>;
  /** With `verify`, copy also what the policy says to look away from (level `skip`). Default: it is refused. */
  readonly allowSkipped?: boolean;
}

/** What {@link copy} did. */
export interface CopiedArtifact extends CopyOutcome {
  /** The verdict at the source, when `verify` was given. */
  readonly verdict?: Verified | Skipped;
}

/**
 * Copies an artifact with everything that refers to it; its tag is set last. Source and target may be any two repositories:
 * registries under two accounts, an OCI layout, a tar.
 *
 * @throws {TrustError} when `verify` is given and the artifact is not trusted; nothing was written
 * @throws {GraphError} `ERR_GRAPH_COPY` with the side that failed and what was written; running it again completes it
 *
 * @example
 * ```ts
 * await copy(registry, await openLayoutTar('net-monitor.tar'), { reference: 'v1' });
 * ```
 */
export async function copy(source: Repository, target: Repository, options: CopyOptions): Promise<CopiedArtifact> {
  const call = callOptions(options);
  const { verify: trust, reference, allowSkipped, view = openGraph(source, options), ...rest } = options;
  const artifact = await view.resolve(reference, call);
  const { descriptor, tag } = artifact;
  const verdict = trust === undefined ? undefined : await verifyIn(view, artifact, { ...trust, ...call });
  if (verdict !== undefined) checkNotSkipped(verdict, allowSkipped);
  const outcome = await copyGraph(source, target, {
    ...rest,
    view,
    reference: descriptor,
    tag: rest.tag ?? tag ?? false,
  });
  return verdict === undefined ? outcome : { ...outcome, verdict };
}

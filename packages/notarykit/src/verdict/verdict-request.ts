import type { GraphLimits } from '@notarykit/artifact-graph/internal';
import type { Descriptor, RepositoryName } from '@notarykit/oci/internal';
import type { RequestTime, TrustRequest } from '@notarykit/trust-policy/internal';
import type { GatePart } from './gate-part.js';

/** What a verdict is about. */
export interface VerdictSubject {
  /** The canonical name. */
  readonly repository: RepositoryName;
  /** What stands behind the name; without it nothing is remembered. */
  readonly source?: string;
  readonly descriptor: Descriptor;
  /** What the caller called it: exceptions of a gate name images. */
  readonly reference?: string;
}

/** Everything that a verdict depends on, but for what is in the repository. Frozen. */
export interface VerdictRequest {
  readonly subject: VerdictSubject;
  /** Absent where only a gate is asked. */
  readonly trust?: TrustRequest;
  readonly platforms: 'index' | 'children' | 'both';
  readonly gate?: GatePart;
  readonly time: RequestTime;
  readonly limits: GraphLimits;
  /** Whose credentials are used: nothing is shared between tenants. */
  readonly tenant: string;
  /** The only key of this verdict, in every cache and single flight. Absent where `uncacheable` says why. */
  readonly digest?: string;
  /** What has no name that could be compared, such as `trust.revocation`. */
  readonly uncacheable: readonly string[];
}

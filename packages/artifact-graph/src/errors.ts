import { CodedError } from '@notarykit/common/internal';
import type { Descriptor, Digest } from '@notarykit/oci/internal';
import type { TagOutcome } from './tag-outcome.js';

/** Codes of {@link GraphError}. */
export type GraphErrorCode =
  | 'ERR_GRAPH_COPY'
  | 'ERR_GRAPH_INCOMPLETE'
  | 'ERR_GRAPH_INVALID'
  | 'ERR_GRAPH_LIMIT'
  | 'ERR_GRAPH_REFERENCE'
  | 'ERR_GRAPH_REFERRER'
  | 'ERR_GRAPH_REFUSED'
  | 'ERR_GRAPH_TAG'
  | 'ERR_GRAPH_UNAVAILABLE'
  | 'ERR_GRAPH_UNSUPPORTED';

/** Which end of a copy failed. */
export type CopySide = 'source' | 'target';

/** Facts about a failure; which of them are there depends on the code. */
export interface GraphErrorDetail {
  /** `ERR_GRAPH_COPY`: the end that failed. */
  readonly side?: CopySide;
  /** `ERR_GRAPH_COPY`: name of the repository at that end. */
  readonly repository?: string;
  /** The node in question. */
  readonly descriptor?: Descriptor;
  /** `ERR_GRAPH_COPY`, `ERR_GRAPH_REFUSED`: what this call had already written to the target; a second run skips it. */
  readonly written?: readonly Descriptor[];
  /** `ERR_GRAPH_INCOMPLETE`: what is not there. */
  readonly missing?: readonly Descriptor[];
  /** `ERR_GRAPH_TAG`: tags that this call had set before; none of them is set back. */
  readonly changed?: readonly TagOutcome[];
  /** `ERR_GRAPH_TAG`: the tag, and where it was found to point. */
  readonly tag?: string;
  readonly found?: Digest | null;
}

/** A walk, a copy, a tag update or a collection did not do what was asked. */
export class GraphError extends CodedError<GraphErrorCode, GraphErrorDetail> {}

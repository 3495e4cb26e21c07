import type { CopyGraphOptions } from '@notarykit/artifact-graph';
import type { Repository } from '@notarykit/oci';
import type { EmbeddedRegistryOptions, Rule } from '@notarykit/testing';
import type { CopyLab, Side } from '../../../support/copy/lab.js';

/** T token, M manifest get and head, B blob get, R referrers, U blob upload, P manifest put and tag. */
export type Operation = 'T' | 'M' | 'B' | 'R' | 'U' | 'P';

/** How a copy under a fault ends: well, or with one of these codes as the cause. */
export type Ending = 'success' | readonly string[];

/** One fault at one operation. */
export interface Cell {
  readonly operation: Operation | 'L';
  readonly fault: string;
  readonly ends: Ending;
}

/** A cell that is played by rules of a registry. */
export interface RegistryCell extends Cell {
  readonly operation: Operation;
  readonly arrange: (lab: CopyLab) => void | Promise<void>;
  readonly source?: EmbeddedRegistryOptions;
  readonly target?: EmbeddedRegistryOptions;
  readonly options?: Partial<CopyGraphOptions>;
  /** Changes the ends of the copy: chunked uploads, one registry for both. */
  readonly ends2?: (lab: CopyLab) => { readonly source: Repository; readonly target: Repository };
}

/** The registry and the requests that an operation is about. */
export function about(
  lab: CopyLab,
  operation: Operation,
): { readonly side: Side; readonly match: Omit<Rule, 'action'> } {
  switch (operation) {
    case 'T':
      return { side: lab.source, match: { route: 'token' } };
    case 'M':
      return { side: lab.source, match: { route: 'manifest', method: ['GET', 'HEAD'] } };
    case 'B':
      return { side: lab.source, match: { route: 'blob', method: 'GET' } };
    case 'R':
      return { side: lab.source, match: { route: 'referrers', method: 'GET' } };
    case 'U':
      return { side: lab.target, match: { route: ['uploads', 'upload'], method: ['POST', 'PUT', 'PATCH'] } };
    case 'P':
      return { side: lab.target, match: { route: 'manifest', method: 'PUT' } };
  }
}

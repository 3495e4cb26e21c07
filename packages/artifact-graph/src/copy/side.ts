import { CodedError, defined } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { type CopySide, GraphError } from '../errors.js';

/** An error together with the end of the copy that it came from. */
class SideError extends Error {
  readonly side: CopySide;
  readonly descriptor: Descriptor | undefined;

  constructor(side: CopySide, descriptor: Descriptor | undefined, cause: unknown) {
    super(side, { cause });
    this.side = side;
    this.descriptor = descriptor;
  }
}

/** Runs a call at one end, so that its failure says which. */
export async function at<T>(side: CopySide, descriptor: Descriptor | undefined, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof SideError ? error : new SideError(side, descriptor, error);
  }
}

interface Ends {
  readonly source: { readonly name: string };
  readonly target: { readonly name: string };
}

/** What is wrong with one end; other errors of the graph say it all by themselves. */
const ofOneSide: readonly string[] = ['ERR_GRAPH_INCOMPLETE', 'ERR_GRAPH_UNAVAILABLE'];

/** The error that a copy ends with. An abort stays what the caller made it; limits and refusals keep their code. */
export function copyError(error: unknown, ends: Ends, written: readonly Descriptor[], signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  const { side, descriptor, cause } =
    error instanceof SideError ? error : { side: undefined, descriptor: undefined, cause: error };
  if (cause instanceof GraphError && !ofOneSide.includes(cause.code)) return cause;
  if (side === undefined) return cause;
  const repository = ends[side].name;
  const node = descriptor === undefined ? '' : ` at ${descriptor.digest}`;
  const why = cause instanceof CodedError ? `${cause.code}: ${cause.message}` : String(cause);
  const message = `copy failed at the ${side}, ${repository}${node}; ${written.length} written, nothing tagged; run it again to go on: ${why}`;
  return new GraphError('ERR_GRAPH_COPY', message, {
    cause,
    detail: { side, repository, written, ...defined({ descriptor }) },
  });
}

import type { Descriptor } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { GraphError } from '../errors.js';
import type { GraphView } from '../view/view.js';
import type { CopyGraphOptions } from './options.js';

/** Asks the caller's verifier; whatever it throws is a refusal. */
export async function verifyRoot(view: GraphView, root: Descriptor, options: CopyGraphOptions): Promise<void> {
  try {
    await options.verify?.(root, view, callOptions(options));
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new GraphError('ERR_GRAPH_REFUSED', `${view.repository}: ${root.digest} was refused, nothing was written`, {
      cause,
      detail: { repository: view.repository, descriptor: root, written: [] },
    });
  }
}

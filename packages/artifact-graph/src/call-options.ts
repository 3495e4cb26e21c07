import { type CallOptions, defined, describeKind } from '@notarykit/common/internal';
import { GraphError } from './errors.js';

/**
 * Only the options that every call takes.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID` where a caller without types gives none
 */
export function callOptions(options: CallOptions): CallOptions {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new GraphError('ERR_GRAPH_INVALID', `options: expected an object, found ${describeKind(options)}`);
  const { signal } = options;
  return defined({ signal });
}

import type { CallOptions } from '@notarykit/common';

/** Only the options that every call takes. */
export function callOptions({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}

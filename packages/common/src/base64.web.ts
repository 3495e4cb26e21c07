import type { Base64Kind } from './base64.node.js';
import type { Bytes } from './bytes.js';

/** No faster way here. */
export function platformEncode(_bytes: Uint8Array, _kind: Base64Kind): string | undefined {
  return undefined;
}

/** No faster way here. */
export function platformDecode(_text: string, _kind: Base64Kind): Bytes | undefined {
  return undefined;
}

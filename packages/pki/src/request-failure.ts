import { isCodedError, shorten } from '@notarykit/common/internal';

/**
 * Why a request got no answer, for messages: the codes that platforms give (`ECONNREFUSED`), the message of an error of ours, else what
 * the error says. The caller names the address; what a library says of one may hold more than should be shown.
 */
export function failureOf(error: unknown): string {
  for (let next: unknown = error, depth = 0; next instanceof Error && depth < 5; next = next.cause, depth++) {
    if (isCodedError(next)) return shorten(next.message);
    const { code } = next as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  }
  return error instanceof Error ? shorten(withoutAddresses(error.message)) : 'a failure without a reason';
}

function withoutAddresses(message: string): string {
  return message.replace(/\bhttps?:\/\/\S+/gi, 'its address');
}

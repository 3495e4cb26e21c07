import { describeKind } from '@notarykit/common/internal';
import { PkiError, type PkiErrorCode } from './errors.js';

/** Without it every request would fail as if the network were down. @throws {PkiError} with the code */
export function requireFetch(options: unknown, code: PkiErrorCode, maker: string): void {
  const { fetch } = (options ?? {}) as { readonly fetch?: unknown };
  if (typeof fetch === 'function') return;
  throw new PkiError(code, `fetch: expected a function, such as ${maker} makes, found ${describeKind(fetch)}`);
}

import { describeKind, isCodedError } from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';

/**
 * Looks at a client or a function that the caller brought, before it is called: the `TypeError` of a wrong one would look like an
 * answer that could not be read, and be tried again.
 *
 * @throws {SignerError} reason `invalid-request` for what has none of the methods
 */
export function requireMethods(brought: unknown, what: string, ...methods: readonly string[]): void {
  const members = (brought ?? {}) as Readonly<Record<string, unknown>>;
  const missing = methods.find((method) => typeof members[method] !== 'function');
  if (missing === undefined) return;
  throw new SignerError(
    `${what}: expected an object with the method ${missing}, found ${describeKind(brought)} without it`,
    {
      reason: 'invalid-request',
    },
  );
}

/** As {@link requireMethods}, for a function. */
export function requireFunction(brought: unknown, what: string): void {
  if (typeof brought === 'function') return;
  throw new SignerError(`${what}: expected a function, found ${describeKind(brought)}`, { reason: 'invalid-request' });
}

/**
 * Work with what the caller brought. What it throws and no other code has translated becomes an error of ours; ours, and the reason of an
 * abort, stay what they are.
 *
 * @throws {SignerError} reason `unknown`, with the cause
 */
export async function coded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCodedError(error) || (signal?.aborted === true && error === signal.reason)) throw error;
    const said = error instanceof Error ? error.message : describeKind(error);
    throw new SignerError(`the key cannot be used: ${said}`, { reason: 'unknown' }, { cause: error });
  }
}

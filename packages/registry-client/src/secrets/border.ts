import { type ChunkReader, CodecError, CodedError, type Logger } from '@notarykit/common/internal';
import type { RegistryResponse, Send } from '../http/message.js';
import type { KnownSecrets } from './known.js';

/** Where errors and events leave an endpoint: they leave without its secrets. */
export interface Border {
  /** A pipeline, and the bodies that it hands over. */
  send(send: Send): Send;
  /** An object whose functions give promises or lists; streams come from the pipeline. */
  verbs<T extends object>(target: T): T;
  logger(logger: Logger | undefined): Logger | undefined;
  text(text: string): string;
}

/** The border of one endpoint. */
export function createBorder(secrets: KnownSecrets): Border {
  const shown = (error: unknown, signal?: AbortSignal): unknown =>
    // The reason of the caller's own signal is the caller's.
    signal?.aborted === true && signal.reason === error ? error : secrets.redactor().value(withoutExcerpts(error));
  return {
    send: (send) => async (request) => {
      try {
        return withBody(await send(request), (error) => shown(error, request.signal));
      } catch (error) {
        throw shown(error, request.signal);
      }
    },
    verbs: (target) => mapFunctions(target, shown),
    logger: (logger) => logger && mapLogger(logger, (fields) => secrets.redactor().value(fields)),
    text: (text) => secrets.redactor().text(text),
  };
}

/** A parser quotes the beginning of what it cannot read: a truncated secret would not be found any more. */
function withoutExcerpts(error: unknown): unknown {
  if (error instanceof CodecError) return new CodecError(error.code, error.message.replace(/, found .*/s, ''));
  if (error instanceof CodedError && error.cause !== undefined) error.cause = withoutExcerpts(error.cause);
  return error;
}

function withBody(response: RegistryResponse, shown: (error: unknown) => unknown): RegistryResponse {
  const { body } = response;
  if (body === undefined) return response;
  const read: ChunkReader['read'] = async (reuse) => {
    try {
      return await body.read(reuse);
    } catch (error) {
      throw shown(error);
    }
  };
  return { ...response, body: { read, cancel: (reason) => body.cancel(reason) } };
}

type Shown = (error: unknown, signal?: AbortSignal) => unknown;

function mapFunctions<T extends object>(target: T, shown: Shown): T {
  const members = Object.entries(target).map(([name, member]) => [
    name,
    typeof member === 'function' ? guarded(member as (...given: unknown[]) => unknown, shown) : member,
  ]);
  return Object.fromEntries(members) as T;
}

function guarded(work: (...given: unknown[]) => unknown, shown: Shown): (...given: unknown[]) => unknown {
  return (...given) => {
    const { signal } = (given.at(-1) ?? {}) as { readonly signal?: AbortSignal };
    const rethrow = (error: unknown): never => {
      throw shown(error, signal);
    };
    let result: unknown;
    try {
      result = work(...given);
    } catch (error) {
      return rethrow(error);
    }
    if (result instanceof Promise) return result.catch(rethrow);
    return isIterable(result) ? iterated(result, rethrow) : result;
  };
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function* iterated<T>(list: AsyncIterable<T>, rethrow: (error: unknown) => never): AsyncGenerator<T, void, void> {
  try {
    yield* list;
  } catch (error) {
    rethrow(error);
  }
}

function mapLogger(logger: Logger, clean: <T>(value: T) => T): Logger {
  const levels = (['debug', 'info', 'warn', 'error'] as const).flatMap((level) => {
    const write = logger[level];
    return write === undefined
      ? []
      : [[level, (text: string, fields?: Record<string, unknown>) => write.call(logger, clean(text), clean(fields))]];
  });
  return Object.fromEntries(levels) as Logger;
}

import { channel } from 'node:diagnostics_channel';
import type { CallFacts } from '../observe/call-facts.js';
import type { CallObserver } from '../observe.js';

/** What is published on `notarykit:call:start` and `notarykit:call:end`: plain facts, no error and no option among them. */
export interface CallMessage extends CallFacts {
  readonly verb: string;
  /** The same for the start and the end of one call. */
  readonly id: number;
  /** Of the end. */
  readonly durationMs?: number;
}

/**
 * Publishes every call on `node:diagnostics_channel`: `notarykit:call:start`, then `notarykit:call:end`.
 *
 * @example
 * ```ts
 * subscribe('notarykit:call:end', (message) => console.log(message));
 * const { verify } = observe({ observers: [diagnosticsObserver()] });
 * ```
 */
export function diagnosticsObserver(): CallObserver {
  const [started, ended] = [channel('notarykit:call:start'), channel('notarykit:call:end')];
  let calls = 0;
  return {
    start(verb, facts) {
      const id = ++calls;
      started.publish({ id, verb, ...facts } satisfies CallMessage);
      return { end: (found, durationMs) => ended.publish({ id, verb, ...found, durationMs } satisfies CallMessage) };
    },
  };
}

/** The part of an OpenTelemetry tracer that is used. */
export interface TracerLike {
  startSpan(name: string, options: { attributes: Record<string, string | string[]> }): SpanLike;
}

/** The part of an OpenTelemetry span that is used. */
export interface SpanLike {
  setAttributes(attributes: Record<string, string | string[]>): unknown;
  /** Code 1 is OK, 2 is ERROR, as in OpenTelemetry. */
  setStatus(status: { code: 1 | 2; message?: string }): unknown;
  end(): void;
}

/**
 * A span `notarykit.<verb>` for every call, with attributes `notarykit.repository`, `.reference`, `.digest`, `.verdict` and
 * `error.type`; the tracer is OpenTelemetry's or anything of its shape.
 *
 * @example
 * ```ts
 * const { promote } = observe({ observers: [spanObserver(trace.getTracer('release'))] });
 * ```
 */
export function spanObserver(tracer: TracerLike): CallObserver {
  return {
    start(verb, facts) {
      const span = tracer.startSpan(`notarykit.${verb}`, { attributes: attributesOf(facts) });
      return {
        end(found) {
          span.setAttributes(attributesOf(found));
          span.setStatus(found.code === undefined ? { code: 1 } : { code: 2, message: found.code });
          span.end();
        },
      };
    },
  };
}

function attributesOf({ repositories, reference, digest, verdict, code }: CallFacts) {
  const attributes: Record<string, string | string[]> = { 'notarykit.repository': [...repositories] };
  if (reference !== undefined) attributes['notarykit.reference'] = reference;
  if (digest !== undefined) attributes['notarykit.digest'] = digest;
  if (verdict !== undefined) attributes['notarykit.verdict'] = verdict;
  if (code !== undefined) attributes['error.type'] = code;
  return attributes;
}

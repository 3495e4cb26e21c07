import { discover } from '@notarykit/artifact-graph/internal';
import { isCodedError, type Logger } from '@notarykit/common/internal';
import { checkArgument } from './argument.js';
import { attach } from './attach.js';
import { audit } from './audit.js';
import { verifyBaseImages } from './base-images.js';
import { signBlob, verifyBlob } from './blob.js';
import { copy } from './copy.js';
import { gate } from './gate.js';
import { inspect } from './inspect.js';
import type { CallFacts } from './observe/call-facts.js';
import { factsOf, subjectsOf } from './observe/facts.js';
import { planPromotion, promote } from './promote.js';
import { publish } from './publish.js';
import { sign } from './sign.js';
import { signFile } from './sign-file.js';
import { verify } from './verify.js';

/** Told of every call of a verb. */
export interface CallObserver {
  /** A verb begins; `end` of what it returns is called when the verb ends. */
  start(verb: string, facts: CallFacts): { end(facts: CallFacts, durationMs: number): void };
}

/** Options of {@link observe}. */
export interface ObserveOptions {
  /** `debug` when a verb begins, `info` when it is done, `error` with the code when it failed. */
  readonly logger?: Logger;
  /** Spans, channels, metrics: see `notarykit/node`. */
  readonly observers?: readonly CallObserver[];
}

/** The verbs that can be watched, by name. */
export interface ObservedVerbs {
  readonly sign: typeof sign;
  readonly signFile: typeof signFile;
  readonly verify: typeof verify;
  readonly verifyBaseImages: typeof verifyBaseImages;
  readonly signBlob: typeof signBlob;
  readonly verifyBlob: typeof verifyBlob;
  readonly discover: typeof discover;
  readonly attach: typeof attach;
  readonly copy: typeof copy;
  readonly publish: typeof publish;
  readonly inspect: typeof inspect;
  readonly gate: typeof gate;
  readonly planPromotion: typeof planPromotion;
  readonly promote: typeof promote;
  readonly audit: typeof audit;
}

const verbs: Omit<ObservedVerbs, 'audit'> = {
  sign,
  signFile,
  verify,
  verifyBaseImages,
  signBlob,
  verifyBlob,
  discover,
  attach,
  copy,
  publish,
  inspect,
  gate,
  planPromotion,
  promote,
};

/**
 * The verbs with one logger and any number of observers in all of them: what they do and throw is the same. Told are the name of
 * the verb, repositories, reference, digest, verdict, error code and duration; never options, messages, headers or content. An observer
 * that throws is left alone.
 *
 * @example
 * ```ts
 * const { sign, verify } = observe({ logger: console });
 * await verify(repository, 'v1', { policy, trustStore, revocation });
 * ```
 */
export function observe(options: ObserveOptions): ObservedVerbs {
  checkArgument('options', options);
  const observers = [...(options.logger ? [logObserver(options.logger)] : []), ...(options.observers ?? [])];
  const entries = Object.entries(verbs).map(([name, verb]) => [name, observed(name, verb as Verb, observers)]);
  return { ...(Object.fromEntries(entries) as typeof verbs), audit: observedAudit(observers) };
}

type Verb = (...args: readonly unknown[]) => Promise<unknown>;

function observed(name: string, verb: Verb, observers: readonly CallObserver[]): Verb {
  return async (...args) => {
    const end = begin(name, args, observers);
    try {
      const result = await verb(...args);
      end(factsOf(result));
      return result;
    } catch (error) {
      end({ code: codeOf(error) });
      throw error;
    }
  };
}

/** An audit ends with its loop, also with one that is left early. */
function observedAudit(observers: readonly CallObserver[]): typeof audit {
  return async function* (...args) {
    const end = begin('audit', args, observers);
    let facts: Partial<CallFacts> = {};
    try {
      yield* audit(...args);
    } catch (error) {
      facts = { code: codeOf(error) };
      throw error;
    } finally {
      end(facts);
    }
  };
}

function begin(verb: string, args: readonly unknown[], observers: readonly CallObserver[]) {
  const facts = subjectsOf(args);
  const began = performance.now();
  const told = observers.map((observer) => quietly(() => observer.start(verb, facts)));
  return (found: Partial<CallFacts>): void => {
    for (const each of told) quietly(() => each?.end({ ...facts, ...found }, performance.now() - began));
  };
}

/** Codes are reported, messages are not: what an adapter of others says may hold anything. */
function codeOf(error: unknown): string {
  if (isCodedError(error)) return error.code;
  return error instanceof Error && error.name === 'AbortError' ? 'ABORT_ERR' : 'ERR_UNKNOWN';
}

/** What watches must not break what is watched. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function logObserver(logger: Logger): CallObserver {
  return {
    start(verb, facts) {
      logger.debug?.(`${verb} begins`, { verb, ...facts });
      return {
        end(found, durationMs) {
          const fields = { verb, ...found, durationMs: Math.round(durationMs) };
          if (found.code === undefined) logger.info?.(`${verb} done`, fields);
          else logger.error?.(`${verb} failed: ${found.code}`, fields);
        },
      };
    },
  };
}

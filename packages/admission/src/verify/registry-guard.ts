import {
  addressKind,
  CodedError,
  createLimiter,
  isJsonObject,
  type JsonValue,
  quote,
} from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';

/** How registries are spared. */
export interface RegistryGuardOptions {
  /** Verifications under way at one registry. Default 8. */
  readonly perRegistry?: number;
  /** How long a registry that failed is left alone when it names no time itself, milliseconds. Default 1,000. */
  readonly pauseMs?: number;
  /**
   * Which addresses may stand in place of a registry's name: `any` (the default), or only `public` ones. Image names come from
   * users: with `public` none of them makes this service ask this machine, a private network or a metadata service by its address,
   * in whatever form it is written. What names resolve to is checked by the client (`publicLookup` under Node).
   */
  readonly literals?: 'any' | 'public';
  /** The clock, in milliseconds. Default `performance.now`: a step of the date neither opens nor closes a registry. */
  readonly now?: () => number;
}

/** Runs work at a registry. */
export type RegistryGuard = <T>(registry: string, work: () => Promise<T>) => Promise<T>;

const troubles: readonly string[] = ['ERR_REGISTRY_RATE_LIMITED', 'ERR_REGISTRY_UNAVAILABLE', 'ERR_REGISTRY_TIMEOUT'];
const maxPauseMs = 60_000;
const maxRegistries = 1_000;

interface State {
  readonly limit: ReturnType<typeof createLimiter>;
  closedUntil: number;
}

/**
 * Bounds the work at each registry, and leaves one alone that asked for it (429, `Retry-After`) or is down: until then its
 * images are refused at once, and requests do not pile up behind it.
 */
export function createRegistryGuard(options: RegistryGuardOptions = {}): RegistryGuard {
  const { perRegistry = 8, pauseMs = 1_000, now = () => performance.now(), literals = 'any' } = options;
  const states = new Map<string, State>();
  const check = (registry: string, state: State): void => {
    const left = state.closedUntil - now();
    if (left > 0)
      throw new AdmissionError(
        'ERR_ADMISSION_REGISTRY',
        `${registry} failed a moment ago and is asked again in ${Math.ceil(left / 1000)} s`,
      );
  };
  return async (registry, work) => {
    if (literals === 'public') checkLiteral(registry);
    const state = states.get(registry) ?? { limit: createLimiter(perRegistry), closedUntil: 0 };
    // Names come from users: the table stays bounded, the oldest goes.
    if (!states.has(registry) && states.size >= maxRegistries) states.delete(states.keys().next().value ?? '');
    states.set(registry, state);
    check(registry, state);
    return state.limit(async () => {
      check(registry, state);
      try {
        return await work();
      } catch (error) {
        if (error instanceof CodedError && troubles.includes(error.code))
          state.closedUntil = now() + Math.min(maxPauseMs, retryAfterOf(error.detail) ?? pauseMs);
        throw error;
      }
    });
  };
}

/** Before anything is asked, and before the table knows the name. */
function checkLiteral(registry: string): void {
  const host = registry.replace(/:\d*$/, '');
  const kind = addressKind(host) ?? (host.startsWith('[') ? 'reserved' : 'public');
  if (kind !== 'public')
    throw new AdmissionError(
      'ERR_ADMISSION_REGISTRY',
      `expected a registry by its name or public address, found ${quote(registry)} (${kind})`,
    );
}

function retryAfterOf(detail: unknown): number | undefined {
  const after = isJsonObject(detail as JsonValue) ? (detail as Record<string, unknown>)['retryAfterMs'] : undefined;
  return typeof after === 'number' ? after : undefined;
}

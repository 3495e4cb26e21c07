import type { RegistryAbilities } from './abilities.js';
import type { RegistryAuth } from './auth/accounts.js';
import type { Personality, QuirkName } from './like/quirk.js';
import type { UploadLimits } from './store/upload-sessions.js';

/** Options of `createEmbeddedRegistry`. */
export interface EmbeddedRegistryOptions extends Partial<RegistryAbilities> {
  /**
   * A registry of the field whose quirks this one has: see `registryQuirks` for each of them, with its public source. Other options
   * hold over them. Default: none, a registry as the specification has it.
   *
   * @throws {TypeError} for one that is not in `personalities`
   */
  readonly like?: Personality;
  /** Quirks of `like` that are switched off. Default: none. */
  readonly without?: readonly QuirkName[];
  /** Who may do what. Default: everyone may do everything. */
  readonly auth?: RegistryAuth;
  /**
   * A directory with one OCI image layout per repository; made when it is not there. One registry uses it at a time. Default: in memory.
   */
  readonly directory?: string;
  /** Whether `requests` is kept. Default true; a registry that runs for days says false. */
  readonly remember?: boolean;
  /** Bounds of uploads that were begun and not finished. */
  readonly uploads?: UploadLimits;
  /** The clock, in milliseconds: life of tokens and of upload sessions. Default: the system's, for sessions the monotonic one. */
  readonly now?: () => number;
}

import type { CallOptions } from '@notarykit/common/internal';
import type { VerifiedEnvelope } from '@notarykit/signature-envelope/internal';

/** What a verification plugin judges in place of the verifier (plugin-extensibility.md, "Verification"). */
export type PluginCapability = 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY' | 'SIGNATURE_VERIFIER.REVOCATION_CHECK';

/** What a plugin says of itself. */
export interface PluginDescription {
  /** SemVer 2.0, without "v". */
  readonly version: string;
  readonly capabilities: readonly PluginCapability[];
  /**
   * Critical attributes that the plugin consumes even in signatures that do not name it. A plugin of notation has none: it
   * is only asked when a signature names it.
   */
  readonly criticalAttributes?: readonly string[];
}

/** What a plugin is asked. */
export interface PluginRequest extends CallOptions {
  /** Integrity holds. */
  readonly envelope: VerifiedEnvelope;
  /** The capabilities that are wanted, a part of those it has. */
  readonly capabilities: readonly PluginCapability[];
  /** The extended attributes that it is to process, critical or not. */
  readonly unprocessedAttributes: readonly string[];
  /** The trusted identities of the statement, as they are there. */
  readonly trustedIdentities: readonly string[];
  /** What the caller configured for plugins. */
  readonly config: Readonly<Record<string, string>>;
}

/** What a plugin answers. */
export interface PluginResponse {
  readonly results: Readonly<
    Partial<Record<PluginCapability, { readonly success: boolean; readonly reason?: string }>>
  >;
  /** The attributes that it understood and found fine. */
  readonly processedAttributes: readonly string[];
}

/**
 * Judges signatures that name it, or that carry critical attributes which it declares. A signature can only ever reach a
 * plugin that the caller registered under exactly that name.
 */
export interface VerificationPlugin {
  readonly name: string;
  /**
   * What this plugin is, version and configuration included: two with one name and one identity judge alike. Verdicts that a plugin
   * without one had a part in are never remembered.
   */
  readonly identity?: string;
  describe(options?: CallOptions): Promise<PluginDescription>;
  verify(request: PluginRequest): Promise<PluginResponse>;
}

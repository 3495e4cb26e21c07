import { CodedError } from '../../errors.js';

/** Codes of {@link PluginError}. */
export type PluginErrorCode =
  /** That is not a name of a plugin. */
  | 'ERR_PLUGIN_NAME'
  /** Its executable is not there, or must not be started. */
  | 'ERR_PLUGIN_PROGRAM'
  /** It took too long, or wrote too much. */
  | 'ERR_PLUGIN_LIMIT'
  /** Its answer is not one of the contract. */
  | 'ERR_PLUGIN_ANSWER'
  /** It said that it failed, or ended without a word. */
  | 'ERR_PLUGIN_FAILED';

/** Facts of a {@link PluginError}. */
export interface PluginErrorDetail {
  readonly plugin: string;
  readonly command?: string;
  /** Of the plugin's error object; nothing when it gave none. */
  readonly errorCode?: string;
  /** Of the plugin's error object. */
  readonly errorMetadata?: Readonly<Record<string, string>>;
}

/** A plugin could not be used. */
export class PluginError extends CodedError<PluginErrorCode, PluginErrorDetail> {}

/** The codes that a plugin's error object may have (plugin-extensibility.md, "Plugin contract"). */
export const pluginErrorCodes = [
  'VALIDATION_ERROR',
  'UNSUPPORTED_CONTRACT_VERSION',
  'ACCESS_DENIED',
  'TIMEOUT',
  'THROTTLED',
  'ERROR',
] as const;

/** One of {@link pluginErrorCodes}. */
export type PluginFailureCode = (typeof pluginErrorCodes)[number];

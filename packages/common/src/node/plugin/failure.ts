import { isJsonObject, parseJson } from '../../json.js';
import type { JsonObject } from '../../json-value.js';
import { PluginError, type PluginErrorDetail } from './plugin-error.js';
import { redact } from './redact.js';

/** The error of a command that failed: the plugin's own words, at most 1 KiB of them and without the secrets it was given. */
export function pluginFailure(
  program: { readonly plugin: string; readonly command: string; readonly exitCode: number | null },
  errors: Uint8Array,
  secrets: readonly string[],
): PluginError {
  const { plugin, command, exitCode } = program;
  const ended = exitCode === null ? 'a signal ended it' : `exit code ${exitCode}`;
  const said = readError(errors);
  // The whole text is searched: a truncated secret would not be found.
  const words = redact(said?.message ?? new TextDecoder().decode(errors), secrets);
  const code = said === undefined ? '' : `${redact(said.code, secrets)}: `;
  return new PluginError(
    'ERR_PLUGIN_FAILED',
    `plugin "${plugin}": ${command} failed (${ended}): ${code}${words === '' ? 'it gave no message' : words}`,
    { detail: { plugin, command, ...detailOf(said, secrets) } },
  );
}

interface SaidError {
  readonly code: string;
  readonly message: string;
  readonly metadata: JsonObject;
}

function readError(errors: Uint8Array): SaidError | undefined {
  try {
    const error = parseJson(errors, { maxDepth: 8 });
    if (!isJsonObject(error)) return undefined;
    const { errorCode: code, errorMessage: message = '', errorMetadata: metadata } = error;
    if (typeof code !== 'string' || typeof message !== 'string') return undefined;
    return { code, message, metadata: isJsonObject(metadata) ? metadata : {} };
  } catch {
    // Not the error object of the contract.
    return undefined;
  }
}

function detailOf(
  said: SaidError | undefined,
  secrets: readonly string[],
): Pick<PluginErrorDetail, 'errorCode' | 'errorMetadata'> {
  if (said === undefined) return {};
  const errorMetadata = Object.entries(said.metadata)
    .slice(0, 20)
    .flatMap(([key, value]) => (typeof value === 'string' ? [[redact(key, secrets), redact(value, secrets)]] : []));
  return { errorCode: redact(said.code, secrets), errorMetadata: Object.fromEntries(errorMetadata) };
}

import {
  type CallOptions,
  decodeBase64,
  defined,
  describeKind,
  isJsonObject,
  type JsonObject,
  quote,
} from '@notarykit/common/internal';
import { type InstalledPlugin, openPlugin, type PluginMetadata, pluginSecrets } from '@notarykit/common/internal/node';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import type { Secrets } from '../remote/redacted.js';
import { signerErrorOf } from './failure.js';
import type { PluginSignerOptions } from './options.js';

/** What a plugin can sign (plugin-extensibility.md, "Signing"). */
export type SigningCapability = 'SIGNATURE_GENERATOR.RAW' | 'SIGNATURE_GENERATOR.ENVELOPE';

/** A plugin and one of its keys. */
export interface PluginSession {
  /** `notation-{name}`. */
  readonly provider: string;
  metadata(call: CallOptions): Promise<PluginMetadata>;
  /** Asks what the plugin can do, each time anew, and refuses one that cannot do this. */
  require(capability: SigningCapability, call: CallOptions): Promise<void>;
  /** Runs a command about the key. */
  ask(command: string, request: object, call: CallOptions): Promise<JsonObject>;
  error(message: string, reason?: SignerErrorReason, cause?: unknown): SignerError;
  /** What the plugin was configured with. */
  readonly secrets: Secrets;
  /** Bytes of a member in base64. */
  bytes(answer: JsonObject, member: string): Uint8Array;
}

/** @throws {SignerError} reason `plugin` for an invalid name */
export function openSession(options: PluginSignerOptions): PluginSession {
  const { keyId, pluginConfig: config = {} } = options;
  const plugin = open(options);
  const provider = `notation-${plugin.name}`;
  const error: PluginSession['error'] = (message, reason = 'plugin', cause) =>
    new SignerError(`plugin "${plugin.name}": ${message}`, { reason, provider, keyId }, defined({ cause }));
  checkTexts({ keyId, ...asObject(config) }, error);
  const translate = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw signerErrorOf(cause, provider, keyId);
    }
  };
  const metadata = (call: CallOptions): Promise<PluginMetadata> => translate(plugin.metadata({ ...call, config }));
  return {
    provider,
    secrets: () => pluginSecrets(options, config),
    error,
    metadata,
    async require(capability, call) {
      const { capabilities } = await metadata(call);
      if (!capabilities.includes(capability))
        throw error(
          `it has no capability ${capability}, but ${quote(capabilities.join(', '))}${hint(capability, capabilities)}`,
        );
    },
    ask: (command, request, call) => translate(plugin.run(command, { keyId, ...request }, { ...call, config })),
    bytes(answer, member) {
      try {
        const bytes = decodeBase64(answer[member] as string);
        if (bytes.length > 0) return bytes;
      } catch (cause) {
        throw error(`expected ${member} in base64, found ${quote(answer[member])}`, 'plugin', cause);
      }
      throw error(`expected ${member} in base64, found nothing`);
    },
  };
}

/** Members that a plugin gets as texts, before it is started with anything else. */
function checkTexts(members: Readonly<Record<string, unknown>>, error: PluginSession['error']): void {
  const wrong = Object.entries(members).find(([, value]) => typeof value !== 'string');
  if (wrong === undefined) return;
  throw error(`${quote(wrong[0])}: expected a string, found ${describeKind(wrong[1])}`, 'invalid-request');
}

const asObject = (config: unknown): object =>
  isJsonObject(config as JsonObject) ? (config as object) : { pluginConfig: config };

function open(options: PluginSignerOptions): InstalledPlugin {
  try {
    return openPlugin(options, options);
  } catch (cause) {
    throw signerErrorOf(cause, 'notation', options.keyId);
  }
}

function hint(wanted: SigningCapability, found: readonly string[]): string {
  if (wanted === 'SIGNATURE_GENERATOR.RAW' && found.includes('SIGNATURE_GENERATOR.ENVELOPE'))
    return ': it makes whole envelopes, use pluginEnvelopeSigner';
  if (wanted === 'SIGNATURE_GENERATOR.ENVELOPE' && found.includes('SIGNATURE_GENERATOR.RAW'))
    return ': it makes raw signatures, use pluginSigner';
  return '';
}

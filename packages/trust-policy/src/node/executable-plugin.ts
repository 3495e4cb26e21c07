import {
  type CallOptions,
  createRedactor,
  defined,
  encodeBase64,
  formatTime,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type Redactor,
} from '@notarykit/common/internal';
import { openPlugin, PluginError, type PluginProcessOptions, pluginSecrets } from '@notarykit/common/internal/node';
import { TrustError } from '../errors.js';
import type { PluginCapability, PluginRequest, PluginResponse, VerificationPlugin } from '../plugins/plugin.js';

/** How the executables of plugins are run. */
export interface ExecutablePluginOptions extends PluginProcessOptions {
  /** Passed to every command. */
  readonly config?: Readonly<Record<string, string>>;
}

const verifierCapabilities: readonly string[] = [
  'SIGNATURE_VERIFIER.TRUSTED_IDENTITY',
  'SIGNATURE_VERIFIER.REVOCATION_CHECK',
];

/**
 * An installed plugin of `notation` as a verification plugin: `{directory}/{name}/notation-{name}`, a regular file that only
 * its owner can write (plugin-extensibility.md, contract version 1.0).
 *
 * @throws {TrustError} `ERR_TRUST_NOT_VERIFIED` for an invalid name; `describe` and `verify` reject with it
 */
export function executablePlugin(
  directory: string,
  name: string,
  options: ExecutablePluginOptions = {},
): VerificationPlugin {
  const plugin = translated(() => openPlugin({ directory, name }, options));
  const { config = {} } = options;
  return {
    name,
    async describe(call = {}) {
      const { version, capabilities } = await translating(plugin.metadata({ config, ...call }));
      return { version, capabilities: capabilities.filter(isVerifierCapability) };
    },
    async verify(request) {
      const call: CallOptions = defined({ signal: request.signal });
      const asked = { ...call, config: { ...config, ...request.config } };
      const answer = await translating(plugin.run('verify-signature', verifyRequest(request), asked));
      return readResponse(name, answer, createRedactor(pluginSecrets(options, asked.config)));
    },
  };
}

function isVerifierCapability(name: string): name is PluginCapability {
  return verifierCapabilities.includes(name);
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(error);
  }
}

async function translating<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translate(error);
  }
}

/** An abort stays what it is. */
function translate(error: unknown): unknown {
  if (!(error instanceof PluginError)) return error;
  return new TrustError('ERR_TRUST_NOT_VERIFIED', `verification ${error.message}`, { cause: error });
}

/** The request in the shape of notation-go, which plugins are built against. */
function verifyRequest(request: PluginRequest): object {
  const { signedAttributes, certificateChain } = request.envelope;
  const { contentType, signingScheme, expiry, authenticSigningTime, extended } = signedAttributes;
  const sent = new Set(request.unprocessedAttributes);
  const attributes = extended.filter(({ key }) => typeof key === 'string' && sent.has(key));
  return {
    signature: {
      criticalAttributes: {
        contentType,
        signingScheme,
        expiry: expiry === undefined ? '0001-01-01T00:00:00Z' : formatTime(expiry),
        ...(authenticSigningTime === undefined ? {} : { authenticSigningTime: formatTime(authenticSigningTime) }),
        extendedAttributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
      },
      unprocessedAttributes: request.unprocessedAttributes,
      certificateChain: certificateChain.map(({ der }) => encodeBase64(der)),
    },
    trustPolicy: { trustedIdentities: request.trustedIdentities, signatureVerification: request.capabilities },
  };
}

function readResponse(
  name: string,
  { verificationResults, processedAttributes }: JsonObject,
  { text }: Redactor,
): PluginResponse {
  const processed = processedAttributes ?? [];
  if (!isJsonObject(verificationResults) || !isJsonArray(processed))
    throw new TrustError('ERR_TRUST_NOT_VERIFIED', `verification plugin "${name}": its answer is not complete`);
  const results = Object.entries(verificationResults).flatMap(([capability, result]) => {
    if (!isJsonObject(result)) return [];
    const { success, reason } = result;
    const why = typeof reason === 'string' ? { reason: text(reason) } : {};
    return [[capability, { success: success === true, ...why }] as const];
  });
  return {
    results: Object.fromEntries(results),
    processedAttributes: processed.filter((attribute) => typeof attribute === 'string'),
  };
}

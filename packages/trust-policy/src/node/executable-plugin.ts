import { join } from 'node:path';
import {
  type CallOptions,
  encodeBase64,
  formatTime,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  parseJson,
  quote,
  utf8,
} from '@notarykit/common';
import { checkExecutable, runProcess } from '@notarykit/common/node';
import { TrustError } from '../errors.js';
import type {
  PluginCapability,
  PluginDescription,
  PluginRequest,
  PluginResponse,
  VerificationPlugin,
} from '../plugins/plugin.js';
import { isTrustStoreName } from '../trust-store.js';

/** How the executables of plugins are run. */
export interface ExecutablePluginOptions {
  /** Their whole environment. Default: paths, language and proxies of this process, no secrets. */
  readonly env?: Readonly<Record<string, string>>;
  /** For one command. Default 60,000. */
  readonly timeoutMs?: number;
  /** Passed to every command. */
  readonly config?: Readonly<Record<string, string>>;
}

const contractVersion = '1.0';
const verifierCapabilities: readonly string[] = [
  'SIGNATURE_VERIFIER.TRUSTED_IDENTITY',
  'SIGNATURE_VERIFIER.REVOCATION_CHECK',
];

/**
 * An installed plugin of `notation` as a verification plugin: `{directory}/{name}/notation-{name}`, a regular file that only
 * its owner can write (plugin-extensibility.md, contract version 1.0).
 */
export function executablePlugin(
  directory: string,
  name: string,
  options: ExecutablePluginOptions = {},
): VerificationPlugin {
  if (!isTrustStoreName(name)) throw refuse(name, 'that is no name of a plugin');
  const file = `notation-${name}${process.platform === 'win32' ? '.exe' : ''}`;
  const run = (command: string, request: object, call: CallOptions): Promise<JsonObject> =>
    runCommand(join(directory, name, file), name, command, request, { ...options, ...call });
  return {
    name,
    async describe(call = {}) {
      const pluginConfig = options.config === undefined ? {} : { pluginConfig: options.config };
      return readMetadata(name, await run('get-plugin-metadata', pluginConfig, call));
    },
    async verify(request) {
      const call = request.signal === undefined ? {} : { signal: request.signal };
      return readResponse(name, await run('verify-signature', verifyRequest(request, options.config ?? {}), call));
    },
  };
}

async function runCommand(
  path: string,
  name: string,
  command: string,
  request: object,
  options: ExecutablePluginOptions & CallOptions,
): Promise<JsonObject> {
  await checkExecutable(path);
  const { env, timeoutMs, signal } = options;
  const { exitCode, output, errors } = await runProcess(path, {
    args: [command],
    input: utf8(JSON.stringify(request)),
    ...(env === undefined ? {} : { env }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (exitCode !== 0) throw refuse(name, `${command} failed: ${failureOf(errors)}`);
  try {
    const answer = parseJson(output, { maxDepth: 32 });
    if (isJsonObject(answer)) return answer;
  } catch (cause) {
    throw refuse(name, `${command} did not answer in JSON`, cause);
  }
  throw refuse(name, `${command} did not answer with an object`);
}

/** The plugin's own words, at most 1 KiB of them. */
function failureOf(errors: Uint8Array): string {
  if (errors.length === 0) return 'it says nothing';
  try {
    const error = parseJson(errors, { maxDepth: 8 });
    if (isJsonObject(error)) return `${quote(error['errorCode'])} ${quote(error['errorMessage'])}`;
  } catch {
    // Not the error object of the contract.
  }
  return quote(new TextDecoder().decode(errors.subarray(0, 1024)));
}

function readMetadata(name: string, metadata: JsonObject): PluginDescription {
  const { version, capabilities, supportedContractVersions: contracts } = metadata;
  if (metadata['name'] !== name) throw refuse(name, `it calls itself ${quote(metadata['name'])}`);
  if (!isJsonArray(contracts) || !contracts.includes(contractVersion))
    throw refuse(name, `it does not know version ${contractVersion} of the contract`);
  if (typeof version !== 'string' || !isJsonArray(capabilities)) throw refuse(name, 'its metadata is not complete');
  return {
    version,
    capabilities: capabilities.filter((one): one is PluginCapability => verifierCapabilities.includes(one as string)),
  };
}

/** The request in the shape of notation-go, which plugins are built against. */
function verifyRequest(request: PluginRequest, config: Readonly<Record<string, string>>): object {
  const { signedAttributes, certificateChain } = request.envelope;
  const { contentType, signingScheme, expiry, authenticSigningTime, extended } = signedAttributes;
  const sent = new Set(request.unprocessedAttributes);
  const attributes = extended.filter(({ key }) => typeof key === 'string' && sent.has(key));
  return {
    contractVersion,
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
    pluginConfig: { ...config, ...request.config },
  };
}

function readResponse(name: string, { verificationResults, processedAttributes }: JsonObject): PluginResponse {
  const processed = processedAttributes ?? [];
  if (!isJsonObject(verificationResults) || !isJsonArray(processed)) throw refuse(name, 'its answer is not complete');
  const results = Object.entries(verificationResults).flatMap(([capability, result]) => {
    if (!isJsonObject(result)) return [];
    const { success, reason } = result;
    return [[capability, { success: success === true, ...(typeof reason === 'string' ? { reason } : {}) }] as const];
  });
  return {
    results: Object.fromEntries(results),
    processedAttributes: processed.filter((attribute) => typeof attribute === 'string'),
  };
}

function refuse(name: string, message: string, cause?: unknown): TrustError {
  const options = cause === undefined ? {} : { cause };
  return new TrustError('ERR_TRUST_NOT_VERIFIED', `verification plugin ${quote(name)}: ${message}`, options);
}

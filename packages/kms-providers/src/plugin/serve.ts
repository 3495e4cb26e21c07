import {
  decodeBase64,
  encodeBase64,
  isJsonObject,
  type JsonObject,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import { type PluginFailureCode, pluginContractVersion } from '@notarykit/common/internal/node';
import {
  algorithmOf,
  checkedSigner,
  type SignatureAlgorithm,
  type Signer,
  signatureAlgorithms,
} from '@notarykit/signature-envelope/internal';

/** What a plugin says of itself (plugin-extensibility.md, "Plugin metadata"). */
export interface PluginIdentity {
  /** Its executable must be called `notation-{name}`. */
  readonly name: string;
  /** SemVer 2.0, without "v". */
  readonly version: string;
  /** For people. */
  readonly description: string;
  /** Where people read about it. */
  readonly url: string;
}

/** Which key a command is about. */
export interface PluginKey {
  readonly keyId: string;
  /** What the caller configured for the key. */
  readonly pluginConfig: Readonly<Record<string, string>>;
}

/** The signer of a key; one that is given as it is stands for every key id. */
export type PluginKeys = Signer | ((key: PluginKey) => Signer | Promise<Signer>);

/** A request that cannot be answered. */
export class RequestError extends Error {
  readonly failure: PluginFailureCode;

  constructor(message: string, failure: PluginFailureCode = 'VALIDATION_ERROR') {
    super(message);
    this.failure = failure;
  }
}

/** A request, read. */
export interface PluginRequest {
  readonly command: string;
  readonly document: JsonObject;
  readonly pluginConfig: Readonly<Record<string, string>>;
}

/** @throws {RequestError} when the bytes are not a request for a command */
export function readRequest(command: string | undefined, input: Uint8Array): PluginRequest {
  if (command === undefined) throw new RequestError('expected a command, such as get-plugin-metadata');
  let document: unknown;
  try {
    document = parseJson(input, { maxDepth: 32 });
  } catch (cause) {
    throw new RequestError(`the request is not in JSON: ${(cause as Error).message}`);
  }
  if (!isJsonObject(document as JsonObject)) throw new RequestError('expected the request to be an object');
  return { command, document: document as JsonObject, pluginConfig: readConfig(document as JsonObject) };
}

function readConfig(document: JsonObject): Readonly<Record<string, string>> {
  const config = document['pluginConfig'] ?? {};
  if (!isJsonObject(config)) throw new RequestError('expected pluginConfig to be an object');
  for (const [key, value] of Object.entries(config))
    if (typeof value !== 'string') throw new RequestError(`pluginConfig: expected ${quote(key)} to be a string`);
  return config as Readonly<Record<string, string>>;
}

/** Answers one command; unknown members of the request are ignored, as the contract has it. */
export async function answerRequest(
  request: PluginRequest,
  keys: PluginKeys,
  identity: PluginIdentity,
): Promise<object> {
  switch (request.command) {
    case 'get-plugin-metadata':
      return metadataOf(identity);
    case 'describe-key':
      return describeKey(request, keys);
    case 'generate-signature':
      return generateSignature(request, keys);
    default:
      throw new RequestError(`unknown command ${quote(request.command)}`);
  }
}

function metadataOf({ name, description, version, url }: PluginIdentity): object {
  return {
    name,
    description,
    version,
    url,
    supportedContractVersions: [pluginContractVersion],
    capabilities: ['SIGNATURE_GENERATOR.RAW'],
  };
}

async function describeKey(request: PluginRequest, keys: PluginKeys): Promise<object> {
  const keyId = readKeyId(request);
  const { keySpec } = await (await signerOf(keyId, request, keys)).describe();
  return { keyId, keySpec };
}

async function generateSignature(request: PluginRequest, keys: PluginKeys): Promise<object> {
  const keyId = readKeyId(request);
  const algorithm = readAlgorithm(request);
  const payload = readPayload(request);
  const signer = await signerOf(keyId, request, keys);
  const { keySpec } = await signer.describe();
  if (keySpec !== algorithm.keySpec)
    throw new RequestError(`the key ${quote(keyId)} is ${keySpec}, but ${algorithm.keySpec} was requested`);
  const { signature, certificateChain } = await signer.sign({ payload, keySpec });
  return {
    keyId,
    signature: encodeBase64(signature),
    signingAlgorithm: algorithm.plugin,
    certificateChain: certificateChain.map((der) => encodeBase64(der)),
  };
}

/** No signature leaves that the chain's leaf did not make. */
async function signerOf(keyId: string, { pluginConfig }: PluginRequest, keys: PluginKeys): Promise<Signer> {
  const signer = typeof keys === 'function' ? await keys({ keyId, pluginConfig }) : keys;
  if (typeof signer?.describe !== 'function' || typeof signer.sign !== 'function')
    throw new RequestError(`the plugin has no signer for the key ${quote(keyId)}`);
  return checkedSigner(signer);
}

function readText({ document }: PluginRequest, member: string): string {
  const value = document[member];
  if (typeof value !== 'string' || value === '') throw new RequestError(`expected ${member}, found ${quote(value)}`);
  return value;
}

function readKeyId(request: PluginRequest): string {
  const version = readText(request, 'contractVersion');
  if (version !== pluginContractVersion)
    throw new RequestError(
      `expected version ${pluginContractVersion} of the contract, found ${quote(version)}`,
      'UNSUPPORTED_CONTRACT_VERSION',
    );
  return readText(request, 'keyId');
}

function readAlgorithm(request: PluginRequest): SignatureAlgorithm {
  const [asked, hash] = [readText(request, 'keySpec'), readText(request, 'hashAlgorithm')];
  const row = signatureAlgorithms.find(({ keySpec }) => keySpec === asked);
  if (row === undefined) throw new RequestError(`the key spec ${quote(asked)} is not one of the Notary Project`);
  const algorithm = algorithmOf(row.keySpec);
  if (hash !== algorithm.pluginHash)
    throw new RequestError(`expected hash ${algorithm.pluginHash} for ${asked}, found ${quote(hash)}`);
  return algorithm;
}

function readPayload(request: PluginRequest): Uint8Array {
  const text = readText(request, 'payload');
  try {
    return decodeBase64(text);
  } catch {
    throw new RequestError('expected payload in base64');
  }
}

import { defined, isJsonArray, isJsonObject, type JsonObject, parseJson, quote } from '@notarykit/common/internal';
import { TrustError } from '../errors.js';
import { FileProblem, readRegularFile } from './read-file.js';

const maxSize = 1024 * 1024;

/** The settings of an installed `notation` (`config.json`). */
export interface NotationSettings {
  /** `host[:port]`, lower case: plain HTTP. */
  readonly insecureRegistries: readonly string[];
  readonly credsStore?: string;
  readonly credHelpers: Readonly<Record<string, string>>;
  readonly signatureFormat: 'jws' | 'cose';
}

/** A key of `signingkeys.json`: in files, or behind a plugin. */
export type SigningKey =
  | { readonly name: string; readonly keyPath: string; readonly certificatePath: string }
  | {
      readonly name: string;
      readonly id: string;
      readonly plugin: string;
      readonly pluginConfig: Readonly<Record<string, string>>;
    };

/** The keys of an installed `notation` (`signingkeys.json`). */
export interface SigningKeys {
  readonly default?: string;
  readonly keys: readonly SigningKey[];
}

/** @throws {TrustError} `ERR_TRUST_POLICY`: a file of the configuration is not what it must be */
export function refuseConfiguration(path: string, message: string, cause?: unknown): never {
  throw new TrustError('ERR_TRUST_POLICY', `${quote(path)}: ${message}`, {
    ...defined({ cause }),
    detail: { rule: 'json', member: 'document' },
  });
}

/** The bytes of a file of the configuration; nothing when it does not exist. */
export async function readOptional(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readRegularFile(path, maxSize);
  } catch (cause) {
    if (cause instanceof FileProblem && cause.kind === 'missing') return undefined;
    return refuseConfiguration(path, (cause as Error).message, cause);
  }
}

async function readObject(path: string): Promise<JsonObject | undefined> {
  const bytes = await readOptional(path);
  if (bytes === undefined) return undefined;
  try {
    const value = parseJson(bytes, { maxDepth: 32 });
    if (isJsonObject(value)) return value;
  } catch (cause) {
    return refuseConfiguration(path, (cause as Error).message, cause);
  }
  return refuseConfiguration(path, 'expected one JSON object');
}

/** Reads `config.json`; without the file, the defaults. */
export async function readSettings(path: string): Promise<NotationSettings> {
  const object = (await readObject(path)) ?? {};
  const { insecureRegistries, credsStore, credHelpers, signatureFormat } = object;
  const format = typeof signatureFormat === 'string' && signatureFormat !== '' ? signatureFormat.toLowerCase() : 'jws';
  if (format !== 'jws' && format !== 'cose')
    refuseConfiguration(path, `signatureFormat: expected "jws" or "cose", found ${quote(signatureFormat)}`);
  return {
    insecureRegistries: texts(insecureRegistries, path, 'insecureRegistries').map((host) => host.toLowerCase()),
    ...(typeof credsStore === 'string' && credsStore !== '' ? { credsStore } : {}),
    credHelpers: record(credHelpers, path, 'credHelpers'),
    signatureFormat: format,
  };
}

/** Reads `signingkeys.json`; without the file, no keys. */
export async function readSigningKeys(path: string): Promise<SigningKeys> {
  const object = (await readObject(path)) ?? {};
  const list = object['keys'] ?? [];
  if (!isJsonArray(list)) return refuseConfiguration(path, 'keys: expected an array');
  const keys = list.map((item, i) => readKey(item, `keys[${i}]`, path));
  const names = new Set(keys.map(({ name }) => name));
  if (names.size !== keys.length) refuseConfiguration(path, 'keys: two keys have one name');
  const chosen = object['default'];
  if (chosen === undefined || chosen === null) return { keys };
  if (typeof chosen !== 'string' || !names.has(chosen))
    return refuseConfiguration(path, `default: expected the name of a key, found ${quote(chosen)}`);
  return { default: chosen, keys };
}

function readKey(item: unknown, where: string, path: string): SigningKey {
  if (!isJsonObject(item as JsonObject)) return refuseConfiguration(path, `${where}: expected an object`);
  const object = item as JsonObject;
  const text = (name: string): string => {
    const value = object[name];
    return typeof value === 'string' && value !== ''
      ? value
      : refuseConfiguration(path, `${where}.${name}: expected a string`);
  };
  const name = text('name');
  if (object['keyPath'] !== undefined) return { name, keyPath: text('keyPath'), certificatePath: text('certPath') };
  const pluginConfig = record(object['pluginConfig'], path, `${where}.pluginConfig`);
  return { name, id: text('id'), plugin: text('pluginName'), pluginConfig };
}

function texts(value: unknown, path: string, where: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
  return refuseConfiguration(path, `${where}: expected an array of strings`);
}

function record(value: unknown, path: string, where: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (entries?.every(([, text]) => typeof text === 'string'))
    return Object.fromEntries(entries) as Record<string, string>;
  return refuseConfiguration(path, `${where}: expected an object with string values`);
}

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '@notarykit/common/internal';
import { notationConfiguration, type SigningKey } from '@notarykit/trust-policy/node';
import { UsageError } from './command.js';
import { editFile, readIfThere } from './files.js';

/** The list of keys in notation's `signingkeys.json`, as it is written there. */
export interface KeyList {
  readonly keys: readonly JsonObject[];
  readonly default?: string;
}

/** The names of the keys of a list. */
export const namesOf = ({ keys }: KeyList): readonly unknown[] => keys.map((key) => key['name']);

/** A key of the list, as notation writes it. */
export function keyEntry(key: SigningKey): JsonObject {
  if ('keyPath' in key) return { name: key.name, keyPath: key.keyPath, certPath: key.certificatePath };
  const { name, id, plugin: pluginName, pluginConfig } = key;
  return { name, id, pluginName, ...(Object.keys(pluginConfig).length === 0 ? {} : { pluginConfig }) };
}

/** Adds a key to a list. */
export function withKey(list: KeyList, key: SigningKey, isDefault: boolean): KeyList {
  if (namesOf(list).includes(key.name))
    throw new UsageError(
      `there is a key "${key.name}" already: delete it with "notarykit key delete", or take another name`,
    );
  return { ...list, keys: [...list.keys, keyEntry(key)], ...(isDefault ? { default: key.name } : {}) };
}

/** @throws {UsageError} unless the key is in the list */
export function checkKnown(list: KeyList, name: string): void {
  if (namesOf(list).includes(name)) return;
  throw new UsageError(
    `there is no key "${name}" in signingkeys.json; there are: ${namesOf(list).join(', ') || '(none)'}`,
  );
}

/** Changes `signingkeys.json`, or makes it. What it has besides stays; it is written whole, and other changes of this kind wait. */
export async function editKeys(edit: (list: KeyList) => KeyList): Promise<string> {
  const path = join(notationConfiguration().paths.config, 'signingkeys.json');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await editFile(path, async () => {
    // Refuses a list that breaks a rule: it is not written back.
    await notationConfiguration().signingKeys();
    const document = await readDocument(path);
    const { keys, default: usual, ...more } = edit(listOf(document));
    const { keys: _, default: __, ...rest } = document;
    const text = JSON.stringify({ ...defined({ default: usual }), keys, ...rest, ...more }, undefined, 4);
    return { text: `${text}\n` };
  });
  return path;
}

async function readDocument(path: string): Promise<JsonObject> {
  const bytes = await readIfThere(path);
  const document: JsonValue = bytes === undefined ? {} : parseJson(bytes, { maxDepth: 32 });
  return isJsonObject(document) ? document : {};
}

function listOf({ keys, default: usual }: JsonObject): KeyList {
  return {
    keys: isJsonArray(keys) ? keys.filter((key) => isJsonObject(key)) : [],
    ...(typeof usual === 'string' ? { default: usual } : {}),
  };
}

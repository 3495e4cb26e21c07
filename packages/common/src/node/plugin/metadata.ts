import { quote } from '../../errors.js';
import { isJsonArray } from '../../json.js';
import type { JsonObject, JsonValue } from '../../json-value.js';
import { PluginError } from './plugin-error.js';

/** The version of the contract that both sides of this SDK speak. */
export const pluginContractVersion = '1.0';

/** What a plugin says of itself (`get-plugin-metadata`). */
export interface PluginMetadata {
  readonly name: string;
  readonly description: string;
  /** SemVer 2.0, without "v"; not checked. */
  readonly version: string;
  readonly url: string;
  /** Holds "1.0". */
  readonly supportedContractVersions: readonly string[];
  /** Such as `SIGNATURE_GENERATOR.RAW`; unknown ones are kept. */
  readonly capabilities: readonly string[];
}

/** @throws {PluginError} `ERR_PLUGIN_ANSWER` */
export function readPluginMetadata(plugin: string, answer: JsonObject): PluginMetadata {
  const refuse = (message: string): PluginError =>
    new PluginError('ERR_PLUGIN_ANSWER', `plugin ${quote(plugin)}: ${message}`, {
      detail: { plugin, command: 'get-plugin-metadata' },
    });
  const text = (member: string): string => {
    const value = answer[member];
    if (typeof value !== 'string' || value === '') throw refuse(`its metadata has no ${member}`);
    return value;
  };
  const texts = (member: string): readonly string[] => {
    const value = answer[member];
    if (!isTexts(value) || value.length === 0) throw refuse(`its metadata has no ${member}`);
    return value;
  };
  const name = text('name');
  if (name !== plugin) throw refuse(`its metadata names it ${quote(name)}`);
  const contracts = texts('supportedContractVersions');
  if (!contracts.includes(pluginContractVersion))
    throw refuse(
      `it supports versions ${quote(contracts.join(', '))} of the contract, expected ${pluginContractVersion}`,
    );
  return {
    name,
    description: text('description'),
    version: text('version'),
    url: text('url'),
    supportedContractVersions: contracts,
    capabilities: texts('capabilities'),
  };
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return isJsonArray(value) && value.every((one) => typeof one === 'string');
}

import type { PluginSignerOptions } from '@notarykit/kms-providers/plugin';
import type { SigningKey } from '@notarykit/trust-policy/node';
import type { Arguments } from './command.js';
import { readPairs } from './pairs.js';

/** Accounts of registries in the environment: notation keeps its own two from plugins, and the third is such an account, too. */
const registrySecrets: readonly string[] = ['NOTATION_USERNAME', 'NOTATION_PASSWORD', 'DOCKER_AUTH_CONFIG'];

/** Where a key lives that a plugin has. */
export type PluginKey = Pick<Extract<SigningKey, { plugin: string }>, 'id' | 'plugin' | 'pluginConfig'>;

/** As with notation, the plugin finds its credentials in the environment of who types, and what is typed wins. */
export function pluginOptions(args: Arguments, { plugin, id, pluginConfig }: PluginKey): PluginSignerOptions {
  return {
    name: plugin,
    keyId: id,
    pluginConfig: { ...pluginConfig, ...readPairs(args, 'plugin-config') },
    inheritEnv: environmentOfPlugins(Object.keys(process.env)),
  };
}

/** The names of variables that a plugin gets; they are compared as Windows does, which knows no case. */
export function environmentOfPlugins(names: readonly string[]): readonly string[] {
  return names.filter((name) => !registrySecrets.includes(name.toUpperCase()));
}

import type { PluginLocation, PluginProcessOptions } from '@notarykit/common/internal/node';

/** Which key of which plugin: `{ name, keyId }` for an installed plugin, or `{ path, keyId }` for any executable. */
export type PluginSignerOptions = PluginLocation &
  PluginProcessOptions & {
    /** As the plugin names its keys. */
    readonly keyId: string;
    /** Passed to every command; values may be secret and are never shown. */
    readonly pluginConfig?: Readonly<Record<string, string>>;
  };

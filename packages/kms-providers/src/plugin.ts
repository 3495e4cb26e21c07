export { openPluginSigner, pluginEnvelopeSigner } from './plugin/envelope-signer.js';
export type { PluginSignerOptions } from './plugin/options.js';
export { pluginSigner } from './plugin/raw-signer.js';
export { runAsPlugin } from './plugin/run-as-plugin.js';
export type { PluginIdentity, PluginKey, PluginKeys } from './plugin/serve.js';

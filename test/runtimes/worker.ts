// Runs in workerd as a test of a worker; its binding names the registry.
import { portable } from './portable.js';

// biome-ignore lint/style/noDefaultExport: a worker is its default export.
export default {
  async test(_controller: unknown, { REGISTRY }: { readonly REGISTRY: string }): Promise<void> {
    console.log(JSON.stringify({ portable: await portable(REGISTRY) }));
  },
};

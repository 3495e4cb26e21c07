import type { Fetch } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistryOptions } from '@notarykit/testing';
import { crossFetch } from '@notarykit/transport/cross-fetch';
import { fetch as portableFetch } from 'cross-fetch';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { workflow } from './workflow.js';

const fetches: Readonly<Record<string, Fetch>> = {
  "the platform's fetch": globalThis.fetch as unknown as Fetch,
  'cross-fetch': crossFetch(portableFetch),
};
const account = { username: 'wabbit', password: 'carrot' };
const accounts = [{ ...account, identityToken: 'identity-of-wabbit' }];
const variants: readonly [string, EmbeddedRegistryOptions, object?][] = [
  ['referrers API', {}],
  ['tag schema', { referrers: 'tag-schema' }],
  ['tag schema, no ETags', { referrers: 'tag-schema', etags: false }],
  ["the platform's fetch", {}],
  ['cross-fetch', {}],
  ['Basic', { auth: { scheme: 'basic', accounts } }, account],
  ['Bearer', { auth: { scheme: 'token', accounts } }, account],
  ['identity token', { auth: { scheme: 'token', accounts } }, { refreshToken: 'identity-of-wabbit' }],
  ['short-lived tokens', { auth: { scheme: 'token', accounts, tokenLifeSeconds: 1 } }, account],
  ['a poor registry', { head: false, ranges: false, chunks: false, mount: 'off', referrers: 'tag-schema' }],
  ['a strict registry', { monolithicPut: false, minChunkLength: 65_536, patchStatus: 201, mount: 'named' }],
];

for (const [name, options, credentials] of variants) {
  describe(`workflow: ${name}`, () => {
    const embedded = createEmbeddedRegistry(options);
    let host = '';
    beforeAll(async () => {
      ({ host } = await embedded.listen());
    });
    afterAll(() => embedded.close());
    for (const step of workflow) {
      it(step.name, async () => {
        const registry = createRegistry({
          ...(fetches[name] && { fetch: fetches[name] }),
          registry: host,
          chunkSize: 1024 * 1024,
          ...(credentials && { credentials }),
        });
        await step.run(registry, { prefix: 'workflow', chunks: options.chunks ?? true });
      });
    }
  });
}

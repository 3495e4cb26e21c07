// The page of runtimes says what the tests run in.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runtimes } from '../test/runtimes/list.mjs';
import { interopPeers, peerNames } from './peers.mjs';
import { runtimesPage } from './runtimes-page.mjs';

it('docs/runtimes.md is made from the lists', async () => {
  await expect(runtimesPage()).toMatchFileSnapshot('../docs/runtimes.md');
});

it('every runtime has a pinned peer, which the stage that runs it prepares', () => {
  const prepared = { interop: interopPeers, nightly: peerNames };
  expect(runtimes.filter(({ peer, stage }) => !prepared[stage].includes(peer))).toEqual([]);
});

it('every line of Node that the packages allow is among them', () => {
  const { engines } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const oldest = engines.node.match(/\d+\.\d+/g) ?? [];
  const names = runtimes.map(({ name }) => name);
  expect(oldest.filter((version) => !names.includes(`Node ${version}`))).toEqual([]);
});

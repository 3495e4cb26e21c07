import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedRegistry, type EmbeddedRegistryOptions, type Listener } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countVectors, vectorJson, vectorSet } from '../vectors.ts';
import { blobRequests } from './requests/blobs.ts';
import { WireClient } from './requests/client.ts';
import { manifestRequests, ping } from './requests/manifests.ts';
import { addedInRelease111 } from './requests/release-1.1.1.ts';
import { keyOf, type Shape, shapeOf } from './requests/shape.ts';

const folder = mkdtempSync(join(tmpdir(), 'notarykit-requests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stores: readonly [string, EmbeddedRegistryOptions][] = [
  ['memory', {}],
  ['disk', { directory: join(folder, 'data') }],
];
const files = ['requests-current-dev.json', 'requests-v1.1.1.json'];

/** The requests of both official suites, sent by our own client: what runs when no suite can be had. */
vectorSet('oci', 'oci', () => {
  describe.each(stores)('the requests of the conformance suites, %s', (_, options) => {
    const registry = createEmbeddedRegistry(options);
    let listener: Listener;
    beforeAll(async () => {
      listener = await registry.listen();
    });
    afterAll(() => registry.close());

    it('nothing pushed yet', () => ping(new WireClient(listener.url), 'one'));

    it.each(['sha256', 'sha512'])('blobs, %s', (algorithm) =>
      blobRequests(new WireClient(listener.url), 'one', 'two', algorithm),
    );

    it('manifests, tags, referrers', () => manifestRequests(new WireClient(listener.url), 'three'));

    it('what release 1.1.1 of the suite added', () => addedInRelease111(new WireClient(listener.url), 'four'));

    for (const file of files) {
      it(`${file}: every shape was sent and answered so`, (context) => {
        const seen = new Set(registry.requests.map((request) => keyOf(shapeOf(request))));
        const shapes = vectorJson('oci', 'conformance', file).shapes as readonly Shape[];
        expect(shapes.map(keyOf).filter((key) => !seen.has(key))).toEqual([]);
        countVectors(context, shapes.length, shapes.length);
      });
    }
  });
});

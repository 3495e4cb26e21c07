import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { type WorkflowOptions, workflow } from '../integration/registry-client/workflow.ts';
import { temporaryFolder } from './support/folder.ts';
import { type RunningServer, startServer } from './support/server.ts';

/** The workflow of our client, step by step, against a server. */
function runsWorkflow(start: () => Promise<RunningServer>, options: WorkflowOptions): () => RunningServer {
  let server: RunningServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  for (const step of workflow) {
    test(step.name, async () => {
      const registry = createRegistry({ registry: server.host, chunkSize: 1024 * 1024 });
      await step.run(registry, options);
    });
  }
  return () => server;
}

describe('client-embedded-registry', () => {
  const registry = createEmbeddedRegistry();
  const start = async (): Promise<RunningServer> => ({ ...(await registry.listen()), stop: () => registry.close() });
  runsWorkflow(start, { prefix: 'workflow' });
});

describe('client-docker-registry', () => {
  const folder = temporaryFolder();
  const start = async (): Promise<RunningServer> => {
    const program = await peer('docker-registry');
    return startServer(program, (port) => {
      const config = join(folder, 'config.yml');
      const storage = '{inmemory: {}, delete: {enabled: true}}';
      writeFileSync(config, `version: 0.1\nstorage: ${storage}\nhttp: {addr: "127.0.0.1:${port}"}\n`);
      return ['serve', config];
    });
  };
  // Distribution 2.8 keeps no sha512 blobs and deletes manifests, but no tags: it asks for a digest.
  const running = runsWorkflow(start, { prefix: 'workflow', sha512: false, deletion: false });

  test('deletes a manifest with its tag', async () => {
    const repository = createRegistry({ registry: running().host }).repository('workflow/delete');
    const manifest = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
    const descriptor = describeContent(mediaTypes.imageIndex, manifest);
    await repository.push(descriptor, manifest);
    await repository.tag(descriptor, 'v1');
    await repository.delete(descriptor);
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });

  test('says that a tag alone cannot be deleted', async () => {
    const repository = createRegistry({ registry: running().host }).repository('workflow/untag');
    const manifest = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
    const descriptor = describeContent(mediaTypes.imageIndex, manifest);
    await repository.push(descriptor, manifest);
    await repository.tag(descriptor, 'v1');
    await expect(repository.untag('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNSUPPORTED' });
    expect(await repository.resolve('v1')).toEqual(descriptor);
  });
});

describe('client-olareg', () => {
  const start = async (): Promise<RunningServer> => {
    const program = await peer('olareg');
    const flags = ['--store-type', 'mem', '--api-delete', '--api-blob-delete'];
    return startServer(program, (port) => ['serve', '--addr', '127.0.0.1', '--port', String(port), ...flags]);
  };
  // olareg 0.2.2 reads a list of referrers, adds to it and writes it back without a lock (its `referrerAdd`): of two
  // pushes at the same time it answers both with OCI-Subject and can lose one.
  runsWorkflow(start, { prefix: 'workflow', parallelReferrers: false });
});

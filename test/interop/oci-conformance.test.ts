import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbeddedRegistry, type EmbeddedRegistryOptions, type Listener } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from './support/folder.ts';
import { runProgram } from './support/program.ts';

/** A registry that listens while the tests of a pairing run. */
function served(options: () => EmbeddedRegistryOptions): () => Listener {
  let listener: Listener;
  let registry: ReturnType<typeof createEmbeddedRegistry>;
  beforeAll(async () => {
    registry = createEmbeddedRegistry(options());
    listener = await registry.listen();
  });
  afterAll(() => registry.close());
  return () => listener;
}

const stores = {
  memory: () => () => ({}),
  disk: () => {
    const folder = temporaryFolder();
    return () => ({ directory: join(folder, 'data') });
  },
};

function attribute(xml: string, element: string, name: string): number {
  const found = new RegExp(`<${element} [^>]*?\\b${name}="(\\d+)"`).exec(xml)?.[1];
  if (found === undefined) throw new Error(`junit.xml has no ${element} with ${name}`);
  return Number(found);
}

for (const [name, store] of Object.entries(stores)) {
  describe(`oci-conformance-1.1-${name}`, () => {
    const listener = served(store());
    const results = temporaryFolder();

    test('the suite of distribution-spec 1.1: no failure', async () => {
      const { code, stdout } = await runProgram(await peer('oci-conformance-1.1'), [], {
        cwd: results,
        env: {
          OCI_ROOT_URL: listener().url,
          OCI_NAMESPACE: 'conformance/one',
          OCI_CROSSMOUNT_NAMESPACE: 'conformance/two',
          OCI_AUTOMATIC_CROSSMOUNT: '1',
          OCI_TEST_PULL: '1',
          OCI_TEST_PUSH: '1',
          OCI_TEST_CONTENT_DISCOVERY: '1',
          OCI_TEST_CONTENT_MANAGEMENT: '1',
          OCI_REPORT_DIR: results,
        },
      });
      const junit = readFileSync(join(results, 'junit.xml'), 'utf8');
      const failed = attribute(junit, 'testsuite', 'failures') + attribute(junit, 'testsuite', 'errors');
      const ran = attribute(junit, 'testsuite', 'tests') - attribute(junit, 'testsuite', 'skipped');
      expect({ code, failed }, stdout).toEqual({ code: 0, failed: 0 });
      // 79 specs, 4 of them for registries that cannot be written to or that do not mount by themselves.
      expect(ran).toBeGreaterThanOrEqual(75);
    });
  });

  describe(`oci-conformance-dev-${name}`, () => {
    const listener = served(store());
    const results = temporaryFolder();

    test('the program of distribution-spec main, version dev: no failure, nothing skipped', async () => {
      const { code, stdout } = await runProgram(await peer('oci-conformance'), [], {
        cwd: results,
        env: {
          OCI_REGISTRY: listener().host,
          OCI_TLS: 'disabled',
          OCI_VERSION: 'dev',
          OCI_REPO1: 'conformance/one',
          OCI_REPO2: 'conformance/two',
          OCI_RESULTS_DIR: results,
        },
      });
      const junit = readFileSync(join(results, 'junit.xml'), 'utf8');
      const failed = attribute(junit, 'testsuite', 'failures') + attribute(junit, 'testsuite', 'errors');
      const skipped = junit.split('<skipped').length - 1;
      expect({ code, failed, skipped }, stdout.slice(-4000)).toEqual({ code: 0, failed: 0, skipped: 0 });
      expect(attribute(junit, 'testsuite', 'tests')).toBeGreaterThan(900);
    });
  });
}

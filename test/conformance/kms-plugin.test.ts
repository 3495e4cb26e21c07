import { signerConformance } from '@notarykit/kms-providers/conformance';
import { pluginSigner } from '@notarykit/kms-providers/plugin';
import type { KeySpec } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';
import { afterAll, describe, test } from 'vitest';
import { createPluginLab } from '../support/plugin/lab.js';

const lab = await createPluginLab();
afterAll(() => lab.close());
const authority = await createAuthority();
const keySpecs: readonly KeySpec[] = ['EC-521', 'RSA-2048'];
for (const keySpec of keySpecs) await lab.addKey(keySpec, await authority.issueLeaf({ keySpec }));

/** Both directions at once: the signer of the bridge, over a plugin that serves a signer. */
describe('kms plugin', () =>
  describe.each(keySpecs)('%s', (keySpec) => {
    const { directory, env } = lab;
    const failing = (fail: string, reason: string, retryable = false) => ({
      name: fail,
      create: () => pluginSigner({ name: 'lab', directory, env, keyId: `fails-${fail}` }),
      reason,
      retryable,
    });
    signerConformance({
      // Every signature starts a process.
      test: (name, body) => test(name, body, 60_000),
      create: () => pluginSigner({ name: 'lab', directory, env, keyId: keySpec }),
      keySpec,
      signatures: 3,
      faults: [
        {
          name: 'missing',
          create: () => pluginSigner({ name: 'lab', directory, env, keyId: 'none' }),
          reason: 'key-not-found',
          retryable: false,
        },
        failing('access-denied', 'access-denied'),
        failing('key-disabled', 'key-disabled'),
        failing('throttled', 'throttled', true),
        failing('unavailable', 'unavailable', true),
        failing('timeout', 'timeout'),
      ],
    });
  }));

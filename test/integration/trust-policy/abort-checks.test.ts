import { verifySignature } from '@notarykit/trust-policy';
import { afterEach, expect, test, vi } from 'vitest';
import { createLab, statement } from './lab.js';

// A platform whose checks are all asynchronous: one that never answers stands for one that is slow.
vi.mock(
  '../../../packages/pki/src/crypto/platform.node.ts',
  () => import('../../../packages/pki/src/crypto/platform.web.js'),
);

afterEach(() => {
  vi.restoreAllMocks();
});

test('A21 an abort ends the wait for checks that do not answer', async () => {
  const lab = await createLab();
  const { envelope, mediaType } = await lab.sign();
  const controller = new AbortController();
  const reason = new Error('the pod is gone');
  vi.spyOn(crypto.subtle, 'verify').mockImplementation(() => {
    controller.abort(reason);
    return new Promise(() => undefined);
  });
  const options = { mediaType, statement: statement(), trustStore: lab.anchors, target: lab.artifact };
  await expect(verifySignature(envelope, { ...options, signal: controller.signal })).rejects.toBe(reason);
});

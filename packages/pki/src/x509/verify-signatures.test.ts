import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { parsePublicKey } from '../crypto/public-key.js';
import { threads } from '../crypto/threads.node.js';
import type { VerifyRawRequest } from '../crypto/verify-raw.js';
import { verifySignatures } from './verify-signatures.js';

const data = new TextEncoder().encode('net-monitor:v1');

/** A signature that holds, with a key that no check has seen. */
function signed(namedCurve: 'P-256' | 'P-384'): VerifyRawRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const signature = new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
  const key = parsePublicKey(publicKey.export({ format: 'der', type: 'spki' }));
  return { publicKey: key, scheme: 'ecdsa', hash: 'sha256', data, signature };
}

const three = (): VerifyRawRequest[] => [signed('P-384'), signed('P-384'), signed('P-384')];
const holds = { status: 'fulfilled', value: true };
const isFalse = { status: 'fulfilled', value: false };

/** Room in the pool, however many cores the machine has. */
function watchThreads() {
  vi.spyOn(threads, 'isFree').mockReturnValue(true);
  return vi.spyOn(threads, 'run');
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('A21 returns results in order, failures included', async () => {
  const other = { ...signed('P-256'), data: Uint8Array.of(1) };
  const noKey = { ...signed('P-384'), scheme: 'rsassa-pss' } as const;
  const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'ERR_PKI_KEY' }) };
  expect(await verifySignatures([signed('P-384'), other, noKey, signed('P-256')])).toEqual([
    holds,
    isFalse,
    refused,
    holds,
  ]);
  expect(await verifySignatures([])).toEqual([]);
});

test('all costly checks but one are done by other threads', async () => {
  const run = watchThreads();
  expect(await verifySignatures([signed('P-256'), ...three()])).toEqual([holds, holds, holds, holds]);
  expect(run).toHaveBeenCalledTimes(2);
});

test('A21 detects a wrong signature in every thread', async () => {
  watchThreads();
  for (const wrong of [0, 1, 2]) {
    const questions = three().map((one, i) => (i === wrong ? { ...one, data: Uint8Array.of(1) } : one));
    expect(await verifySignatures(questions)).toEqual([0, 1, 2].map((i) => (i === wrong ? isFalse : holds)));
  }
});

test('runs cheap checks, a single costly one, and checks of several callers in this thread', async () => {
  const run = watchThreads();
  await verifySignatures([signed('P-256'), signed('P-256')]);
  await verifySignatures([signed('P-256'), signed('P-384')]);
  expect(run).not.toHaveBeenCalled();
  const callers = [verifySignatures(three()), verifySignatures(three()), verifySignatures(three())];
  for (const answers of await Promise.all(callers)) expect(answers).toEqual([holds, holds, holds]);
  // The first check was begun before there was another caller.
  expect(run).toHaveBeenCalledTimes(1);
  await verifySignatures(three());
  expect(run).toHaveBeenCalledTimes(3);
});

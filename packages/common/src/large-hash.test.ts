import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { hashThread } from './hash-thread.node.js';
import { createLargeHasher } from './large-hash.js';
import { RuntimeError } from './web-crypto.js';

// The thread is tested on a machine with one processor, too.
vi.mock('node:os', async (original) => ({ ...(await original<object>()), availableParallelism: () => 4 }));

const mebibyte = 1024 * 1024;
const large = 64 * mebibyte;
const ended = { code: 'ERR_RUNTIME_THREAD' };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('createLargeHasher', () => {
  it.each(['sha256', 'sha384', 'sha512'] as const)(
    'gives the digest of %s, whatever the sizes of the parts',
    async (algorithm) => {
      const parts = [1, 0, 65_536, mebibyte, mebibyte + 1, 3 * mebibyte + 7].map((size) => randomBytes(size));
      for (const size of [0, large]) {
        const hasher = await createLargeHasher(algorithm, size);
        for (const part of parts) await hasher.update(part);
        expect(hex(await hasher.digest())).toBe(createHash(algorithm).update(Buffer.concat(parts)).digest('hex'));
      }
    },
  );

  it('hashes a copy: later changes to the input do not count', async () => {
    const bytes = randomBytes(mebibyte);
    const expected = createHash('sha256');
    const hasher = await createLargeHasher('sha256', large);
    for (let i = 0; i < 20; i++) {
      bytes.fill(i);
      expected.update(bytes);
      await hasher.update(bytes);
    }
    bytes.fill(255);
    expect(hex(await hasher.digest())).toBe(expected.digest('hex'));
  });

  it('hashes several contents at a time, and goes on when one is given up', async () => {
    const contents = Array.from({ length: 8 }, () => randomBytes(2 * mebibyte));
    const digests = contents.map(async (content, i) => {
      const hasher = await createLargeHasher('sha256', large);
      for (let turn = 0; turn < 5; turn++) await hasher.update(content);
      if (i % 3 !== 0) return hex(await hasher.digest());
      hasher.cancel();
      hasher.cancel();
      return 'given up';
    });
    const expected = contents.map((content, i) =>
      i % 3 === 0
        ? 'given up'
        : createHash('sha256')
            .update(Buffer.concat(Array(5).fill(content)))
            .digest('hex'),
    );
    expect(await Promise.all(digests)).toEqual(expected);
  });

  it('cancelling one hash whose bytes wait does not end the others', async () => {
    const content = randomBytes(8 * mebibyte);
    const [given, other] = [await createLargeHasher('sha256', large), await createLargeHasher('sha256', large)];
    const waiting = given.update(content);
    given.cancel();
    await waiting;
    await expect(given.digest()).rejects.toMatchObject(ended);
    await other.update(content);
    expect(hex(await other.digest())).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('fails when its thread ends, and starts another thread for the next content', async () => {
    const hasher = await createLargeHasher('sha256', large);
    const other = await createLargeHasher('sha256', large);
    const thread = await hashThread(2, (cause) => new RuntimeError('ERR_RUNTIME_THREAD', 'ended', { cause }));
    const digest = other.digest();
    await Promise.all([thread?.end(), expect(digest).rejects.toMatchObject(ended)]);
    await expect(hasher.update(new Uint8Array(1))).rejects.toMatchObject(ended);
    await expect(hasher.digest()).rejects.toMatchObject(ended);
    hasher.cancel();
    const next = await createLargeHasher('sha256', large);
    expect(hex(await next.digest())).toBe(createHash('sha256').digest('hex'));
  });

  it('keeps a process alive while a digest is waited for, and no longer', async () => {
    // Only what keeps the process alive is listed.
    const ports = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
    const hasher = await createLargeHasher('sha256', large);
    const others = ports();
    await hasher.update(new Uint8Array(8 * mebibyte));
    const digest = hasher.digest();
    expect(ports()).toBe(others + 1);
    await digest;
    expect(ports()).toBe(others);
  });
});

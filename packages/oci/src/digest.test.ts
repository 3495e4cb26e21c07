import { describe, expect, it, vi } from 'vitest';
import { createContentDigester } from './content-digester.js';

// The thread is tested on a machine with one processor, too.
vi.mock('node:os', async (original) => ({ ...(await original<object>()), availableParallelism: () => 4 }));

describe('createContentDigester', () => {
  it('ends a hash that is cancelled while it starts', async () => {
    const digester = createContentDigester({ digest: `sha256:${'0'.repeat(64)}`, size: 64 * 1024 * 1024 });
    const update = digester.update(new Uint8Array(1024));
    digester.cancel();
    await update;
    await expect(digester.digest()).rejects.toMatchObject({ code: 'ERR_RUNTIME_THREAD' });
  });
});

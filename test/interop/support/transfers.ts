// Runs in Deno and Bun: transfers with the registry whose host is the first argument, and a server that answers 101 as the second.
import process from 'node:process';
import { readBytes } from '@notarykit/common';
import { equalBytes, streamOf } from '@notarykit/common/internal';
import { describe } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';

const [registry = '', odd = ''] = process.argv.slice(2);
const none = { retry: { maxRetries: 0 } };
const repository = createRegistry({ registry, ...none }).repository('runtimes');

const bytes = new Uint8Array(24 * 1024 * 1024);
new Uint32Array(bytes.buffer).forEach((_, i, words) => {
  words[i] = Math.imul(i, 2654435761);
});
const blob = describe('application/octet-stream', bytes);

const outcomes: Record<string, string> = {};
async function step(name: string, work: () => Promise<boolean | void>): Promise<void> {
  try {
    outcomes[name] = String((await work()) ?? 'done');
  } catch (error) {
    outcomes[name] = (error as { code?: string }).code ?? String(error);
  }
}

await step('push', () => repository.push(blob, () => streamOf(bytes)));
await step('whole', async () =>
  equalBytes(await readBytes(await repository.fetch(blob), { limit: bytes.length }), bytes),
);
await step('range', async () => {
  const [from, length] = [4096, bytes.length - 8192];
  const part = await readBytes(await repository.fetchRange(blob, from, length), { limit: length });
  return equalBytes(part, bytes.subarray(from, from + length));
});
const other = { ...blob, digest: `sha256:${'0'.repeat(64)}` as const };
await step('source that fails', () =>
  repository.push(other, () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at > bytes.length / 2) return controller.error(new Error('disk'));
        controller.enqueue(bytes.subarray(at, at + 65_536));
        at += 65_536;
      },
    });
  }),
);
await step('source of other content', () => repository.push(other, () => streamOf(bytes)));
await step('101', () => createRegistry({ registry: odd, ...none }).ping());
await step('bare fetch', () => createRegistry({ registry, fetch: globalThis.fetch as never, ...none }).ping());
console.log(JSON.stringify(outcomes));
process.exit(0);

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, utf8 } from '@notarykit/common';
import { digestOf, mediaTypes } from '@notarykit/oci';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';

// The embedded registry on disk: what a push costs and how long a start takes, by how much is there.

const sizes = [1_000, 20_000, 100_000];
const pushes = 200;
const type = mediaTypes.imageIndex;
const manifest = (name: string): Bytes =>
  utf8(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [], annotations: { name } }));

/** Beyond that the manifests are only listed: writing so many files would be most of the time that the bench takes. */
const written = 20_000;

/** A repository as an earlier version, or another tool, left it. */
function fill(directory: string, count: number): void {
  const blobs = join(directory, 'app', 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const manifests = Array.from({ length: count }, (_, i) => {
    const bytes = manifest(`earlier ${i}`);
    const digest = digestOf(bytes);
    if (i < written) writeFileSync(join(blobs, digest.slice('sha256:'.length)), bytes);
    const annotations = { 'org.opencontainers.image.ref.name': `t${i}` };
    return { mediaType: type, digest, size: bytes.length, annotations };
  });
  writeFileSync(join(directory, 'app', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, 'app', 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType: type, manifests }));
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function put(registry: EmbeddedRegistry, tag: string): Promise<void> {
  const url = `http://registry.test/v2/app/manifests/${tag}`;
  const headers = { 'content-type': type };
  const { status } = await registry.fetch(url, { method: 'PUT', headers, body: manifest(tag) });
  if (status !== 201) throw new Error(`a push was answered with ${status}`);
}

const firstAnswer = (registry: EmbeddedRegistry): Promise<number> =>
  milliseconds(() => registry.fetch('http://registry.test/v2/app/manifests/t0', { method: 'HEAD' }));

async function measure(count: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'notarykit-bench-'));
  try {
    fill(directory, count);
    const registry = createEmbeddedRegistry({ directory, remember: false });
    const takeover = await firstAnswer(registry);
    await put(registry, 'first');
    const times: number[] = [];
    for (let i = 0; i < pushes; i++) times.push(await milliseconds(() => put(registry, `n${i}`)));
    await registry.close();
    const again = createEmbeddedRegistry({ directory, remember: false });
    const restart = await firstAnswer(again);
    await again.close();
    const median = times.sort((a, b) => a - b)[pushes >> 1] as number;
    console.log(
      `durable.${count}: a push ${median.toFixed(2)} ms, a restart ${restart.toFixed(0)} ms, the first start on a folder of an earlier version ${takeover.toFixed(0)} ms`,
    );
    return median;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const medians: number[] = [];
for (const count of sizes) medians.push(await measure(count));
const [small = 1] = medians;
console.log(
  `durable: a push at ${sizes.at(-1)} manifests costs ${((medians.at(-1) ?? 0) / small).toFixed(2)} of one at ${sizes[0]} (goal <= 1.5)`,
);

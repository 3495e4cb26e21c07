import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyGraph, discover, packArtifact, referrersOf, tagArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { temporaryName } from '@notarykit/common/internal/node';
import { type Descriptor, digestOf, fetchBytes, type Repository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';
import {
  createEmbeddedRegistry,
  type EmbeddedRegistry,
  type EmbeddedRegistryOptions,
  faults,
} from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { createRelease, type Release } from '../../support/copy/release.js';

/** Where a copy goes, and what is to be cleaned up after it. */
interface Destination {
  /** Argument of the child process. */
  readonly argument: string;
  readonly repository: Repository;
  readonly registry?: EmbeddedRegistry;
  close(): Promise<void>;
}

const name = 'net-monitor';
let program: Bundle;
let release: Release;

beforeAll(async () => {
  [program, release] = await Promise.all([
    bundle(fileURLToPath(new URL('./kill/child.ts', import.meta.url))),
    createRelease(),
  ]);
});
afterAll(async () => await program.remove());

async function registryDestination(options: EmbeddedRegistryOptions = {}): Promise<Destination> {
  const registry = createEmbeddedRegistry(options);
  const { host } = await registry.listen();
  const repository = createRegistry({ registry: host, fetch: registry.fetch }).repository(name);
  return { argument: host, repository, registry, close: () => registry.close() };
}

async function layoutDestination(): Promise<Destination> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-kill-'));
  const argument = join(folder, 'layout');
  const repository = await openLayout(argument, { create: true });
  return { argument, repository, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs the copy and kills it when so many requests have been served, in both registries together. */
async function killAfter(count: number, source: EmbeddedRegistry, host: string, target: Destination): Promise<boolean> {
  let served = 0;
  const child = spawn(process.execPath, [program.path, host, target.argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  const removers = [source, target.registry].flatMap((registry) => {
    if (registry === undefined) return [];
    return [
      registry.rule({
        async action({ next }) {
          const answer = await next();
          // Applied, and the process that asked is gone before it could read the answer.
          if (++served === count) child.kill('SIGKILL');
          return answer;
        },
      }),
    ];
  });
  await exited;
  for (const remove of removers) remove();
  return output === 'done\n';
}

async function absent(target: Repository): Promise<readonly Descriptor[]> {
  const missing: Descriptor[] = [];
  for await (const descriptor of release.repository.contents())
    if (!(await target.exists(descriptor))) missing.push(descriptor);
  return missing;
}

/** One kill point: whatever is tagged is whole, and the second run moves what is missing. */
async function playKillPoint(count: number, destination: () => Promise<Destination>): Promise<boolean> {
  const source = createEmbeddedRegistry();
  const { host } = await source.listen();
  const target = await destination();
  try {
    const from = createRegistry({ registry: host, fetch: source.fetch }).repository(name);
    await copyGraph(release.repository, from, { reference: 'v1' });
    const layers = [{ mediaType: 'text/plain', content: utf8('the release before') }];
    const old = await packArtifact(target.repository, {
      artifactType: 'application/vnd.test.old',
      layers,
      tags: ['v1'],
    });
    const finished = await killAfter(count, source, host, target);
    const tagged = await target.repository.resolve('v1');
    expect([old.descriptor.digest, release.root.digest]).toContain(tagged.digest);
    await tagArtifact(target.repository, tagged, []);
    const missing = await absent(target.repository);
    if (tagged.digest === release.root.digest) expect(missing).toEqual([]);
    const again = await copyGraph(from, target.repository, { reference: 'v1', assert: 'graph' });
    // What the process sent before its end may have been taken in since.
    expect(again.copied.nodes).toBeLessThanOrEqual(missing.length);
    const found = [...referrersOf(await discover(target.repository, 'v1'))].map(({ node }) => node.descriptor.digest);
    expect(found.sort()).toEqual(release.referrers.map(({ digest }) => digest).sort());
    for await (const descriptor of release.repository.contents()) await fetchBytes(target.repository, descriptor);
    return finished;
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

async function playAll(destination: () => Promise<Destination>): Promise<number> {
  let count = 0;
  while (!(await playKillPoint(++count, destination))) if (count > 200) throw new Error('the copy does not end');
  return count - 1;
}

describe('L1 a copy that is killed', () => {
  it('from registry to registry, after each request', { timeout: 900_000 }, async () => {
    const points = await playAll(() => registryDestination());
    expect(points).toBeGreaterThan(40);
    process.stdout.write(`kill points, registry to registry: ${points}\n`);
  });

  it('to a registry without a referrers API, after each request', { timeout: 900_000 }, async () => {
    const points = await playAll(() => registryDestination({ referrers: 'tag-schema' }));
    expect(points).toBeGreaterThan(40);
    process.stdout.write(`kill points, registry to tag schema: ${points}\n`);
  });

  it('from registry to layout, after each request', { timeout: 900_000 }, async () => {
    const points = await playAll(layoutDestination);
    expect(points).toBeGreaterThan(15);
    process.stdout.write(`kill points, registry to layout: ${points}\n`);
  });

  it('from registry to layout, within a blob: the next run removes what was left', { timeout: 120_000 }, async () => {
    const source = createEmbeddedRegistry();
    const { host } = await source.listen();
    const target = await layoutDestination();
    try {
      const from = createRegistry({ registry: host, fetch: source.fetch }).repository(name);
      const content = new Uint8Array(3 * 1024 * 1024).fill(7);
      const layers = [{ mediaType: 'application/octet-stream', content }];
      const { descriptor } = await packArtifact(from, { artifactType: 'application/vnd.test', layers, tags: ['v1'] });
      const blobs = join(target.argument, 'blobs', 'sha256');
      const hex = digestOf(content).slice('sha256:'.length);
      const leftOver = async (): Promise<readonly string[]> =>
        (await readdir(blobs).catch(() => [])).filter((file) => file.startsWith(`${hex}.`));
      source.rule({ method: 'GET', route: 'blob', action: faults.stallBodyAfter(2 * 1024 * 1024) });
      const child = spawn(process.execPath, [program.path, host, target.argument], { stdio: 'ignore' });
      const exited = once(child, 'close');
      await expect.poll(leftOver, { timeout: 60_000 }).toHaveLength(1);
      child.kill('SIGKILL');
      await exited;
      expect(await leftOver()).toHaveLength(1);
      source.clearRules();
      // A writer that is still at work keeps its file.
      const living = temporaryName(join(blobs, hex));
      await writeFile(living, 'part');
      await copyGraph(from, target.repository, { reference: 'v1', assert: 'graph' });
      expect((await leftOver()).map((file) => join(blobs, file))).toEqual([living]);
      expect(await target.repository.resolve('v1')).toMatchObject({ digest: descriptor.digest });
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
  });
});

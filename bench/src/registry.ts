import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { describe, mediaTypes } from '@notarykit/oci';
import { manifestMediaTypes } from '@notarykit/oci/internal';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { type Cpu, childrenCpu, ownCpu, parts, total } from './cpu/cpu.js';
import { type Content, makeContent, writeContent } from './registry/content.js';
import { floorDownload, floorManifest, floorUpload } from './registry/floor.js';
import { type BenchRegistry, peerProgram, startRegistry, timeProgram } from './registry/server.js';

// Both sides of a ratio are measured in turns against one registry in its own process; the middle ratio counts.

const size = 1024 ** 3;
const turns = 5;
const name = 'bench/content';
const oras = peerProgram('oras');

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};
const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] as number;
const speed = (times: readonly number[]): string => `${(size / 1024 ** 2 / middle(times)).toFixed(0)} MiB/s`;
const ratio = (base: readonly number[], ours: readonly number[]): string =>
  middle(ours.map((time, i) => (base[i] as number) / time)).toFixed(2);

async function download(repository: RegistryRepository, content: Content): Promise<void> {
  const reader = (await repository.fetch(content.descriptor)).getReader();
  while (!(await reader.read()).done);
}

const upload = (repository: RegistryRepository, content: Content): Promise<void> =>
  repository.push(content.descriptor, content.stream);

async function downloads(registry: BenchRegistry, repository: RegistryRepository): Promise<void> {
  const content = makeContent(size);
  await upload(repository, content);
  const reference = `${registry.host}/${name}@${content.descriptor.digest}`;
  const times = { ours: [] as number[], floor: [] as number[], oras: [] as number[] };
  const cpus: CpuPair[] = [];
  for (let turn = 0; turn < turns; turn++) {
    times.floor.push(await seconds(() => floorDownload(registry.host, name, content.descriptor.digest)));
    let ours = 0;
    const own = await ownCpu(async () => {
      ours = await seconds(() => download(repository, content));
    });
    times.ours.push(ours);
    if (oras === undefined) continue;
    const theirs = await childrenCpu(async () => {
      times.oras.push(timeProgram(oras, ['blob', 'fetch', '--plain-http', '--output', '/dev/null', reference]));
    });
    if (theirs !== undefined) cpus.push({ ours: own, oras: theirs });
  }
  console.log(
    `registry.download: ${ratio(times.floor, times.ours)} of node:http and SHA-256 (goal >= 0.9), ${speed(times.ours)}`,
  );
  report('download', times.oras, times.ours, 1.1);
  reportCpu(cpus);
  await repository.delete(content.descriptor);
}

interface CpuPair {
  readonly ours: Cpu;
  readonly oras: Cpu;
}

/** Processor time of the downloading program for the content, of the turn in the middle; oras hashes it, too. */
function reportCpu(pairs: readonly CpuPair[]): void {
  const ratioOf = ({ ours, oras: theirs }: CpuPair): number => total(ours) / total(theirs);
  const found = [...pairs].sort((a, b) => ratioOf(a) - ratioOf(b))[pairs.length >> 1];
  if (found === undefined) return;
  const said = `registry.download: processor time ${parts(found.ours)}, oras ${parts(found.oras)} for 1 GiB`;
  console.log(`${said}: ${ratioOf(found).toFixed(2)} x oras`);
}

function report(what: string, peer: readonly number[], ours: readonly number[], goal: number): void {
  if (peer.length === 0) console.log(`registry.${what}: oras is not installed in the peers' cache, not compared`);
  else console.log(`registry.${what}: ${ratio(peer, ours)} x oras (goal >= ${goal.toFixed(1)}), oras ${speed(peer)}`);
}

async function uploads(registry: BenchRegistry, repository: RegistryRepository): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-content-'));
  const file = join(folder, 'blob');
  const times = { ours: [] as number[], floor: [] as number[], oras: [] as number[] };
  const fresh = async (work: (content: Content) => Promise<number>): Promise<number> => {
    const content = makeContent(size);
    const time = await work(content);
    await repository.delete(content.descriptor);
    return time;
  };
  for (let turn = 0; turn < turns; turn++) {
    times.floor.push(await fresh((content) => seconds(() => floorUpload(registry.host, name, content))));
    times.ours.push(await fresh((content) => seconds(() => upload(repository, content))));
    if (oras === undefined) continue;
    times.oras.push(
      await fresh(async (content) => {
        await writeContent(content, file);
        return timeProgram(oras, ['blob', 'push', '--plain-http', '--no-tty', `${registry.host}/${name}`, file]);
      }),
    );
  }
  rmSync(folder, { recursive: true });
  console.log(
    `registry.upload: ${ratio(times.floor, times.ours)} of node:http and SHA-256 (goal >= 0.9), ${speed(times.ours)}`,
  );
  report('upload', times.oras, times.ours, 1.0);
}

async function manifests(registry: BenchRegistry, repository: RegistryRepository): Promise<void> {
  const config = describe(mediaTypes.empty, utf8('{}'));
  await repository.push(config, utf8('{}'));
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [config] }),
  );
  const descriptor = describe(mediaTypes.imageManifest, bytes);
  await repository.push(descriptor, bytes);
  const accept = manifestMediaTypes.join(', ');
  const ours = async (): Promise<void> => void (await repository.fetchReference(descriptor.digest));
  const floor = (): Promise<void> => floorManifest(registry.host, name, descriptor.digest, accept);
  const many = (one: () => Promise<void>): Promise<number> =>
    seconds(() =>
      Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let i = 0; i < 125; i++) await one();
        }),
      ),
    );
  await many(floor);
  await many(ours);
  const times = { ours: [] as number[], floor: [] as number[] };
  for (let turn = 0; turn < 9; turn++) {
    times.floor.push(await many(floor));
    times.ours.push(await many(ours));
  }
  const rate = (2000 / middle(times.ours)).toFixed(0);
  console.log(
    `registry.manifests: ${ratio(times.floor, times.ours)} of bare node:http, 16 at a time (goal >= 0.85), ${rate}/s`,
  );
}

/** The most resident memory above what the process had before, while work runs. */
async function growth(work: () => Promise<void>): Promise<number> {
  (globalThis as { gc?: () => void }).gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  await work();
  clearInterval(timer);
  return (most - before) / 1024 ** 2;
}

async function memory(repository: RegistryRepository): Promise<void> {
  const [small, large] = [makeContent(64 * 1024 ** 2), makeContent(size)];
  await upload(repository, small);
  await download(repository, small);
  const up = await growth(() => upload(repository, large));
  const down = await growth(() => download(repository, large));
  console.log(
    `registry.memory: ${Math.max(up, down).toFixed(0)} MiB peak growth for 1 GiB, up ${up.toFixed(0)}, down ${down.toFixed(0)} (goal < 64)`,
  );
  await repository.delete(large.descriptor);
}

async function main(): Promise<void> {
  const registry = await startRegistry();
  try {
    console.log(`registry: against ${registry.name}`);
    const repository = createRegistry({ registry: registry.host }).repository(name);
    await memory(repository);
    await manifests(registry, repository);
    await downloads(registry, repository);
    await uploads(registry, repository);
  } finally {
    registry.stop();
  }
}

if (process.argv[2] === 'serve') await createEmbeddedRegistry().listen({ port: Number(process.argv[3]) });
else {
  await main();
  process.exit(0);
}

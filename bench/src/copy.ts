// Copies between two real registries on loopback: an image of 1 GiB against `oras cp -r` and `skopeo copy`, and 500 small signed
// artifacts against a loop of `oras cp -r`. Goals: no slower with the image, 1.5 times as fast with the small ones, flat memory.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachReferrer, copyGraph, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { mapConcurrent } from '@notarykit/common/internal';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { startDistribution } from './copy/distribution.js';
import { type Cpu, childrenCpu, hashCpu, ownCpu, parts, seconds as secondsOf, total } from './cpu/cpu.js';

// Not bundled: the list of peers finds its own files by where it stands.
const { peer } = (await import(new URL('../../scripts/peers.mjs', import.meta.url).href)) as {
  peer(name: string): Promise<string>;
};

const mebibyte = 1024 * 1024;
const layers = 12;
const platforms = 3;
const imageReferrers = 12;
const artifacts = Number(process.env['ARTIFACTS'] ?? 500);
/** Copies at a time: a program has them in one process, which a shell loop cannot. */
const atOnce = 4;
const rounds = Number(process.env['ROUNDS'] ?? 3);

/** Ends with the program's last byte; its output is of no interest unless it fails. */
function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk) => {
      printed += String(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program}: ${printed}`))));
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function sign(repository: Repository, subject: Descriptor, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const layer = { mediaType: 'application/jose+json', content: utf8(`signature ${i} of ${subject.digest}`) };
    await attachReferrer(repository, subject, {
      artifactType: 'application/vnd.cncf.notary.signature',
      layers: [layer],
    });
  }
}

async function pushImage(repository: Repository): Promise<void> {
  const size = Math.floor((1024 * mebibyte) / layers);
  const manifests: Descriptor[] = [];
  for (let platform = 0; platform < platforms; platform++) {
    const contents = Array.from({ length: layers / platforms }, () => new Uint8Array(randomBytes(size)));
    const { descriptor } = await packArtifact(repository, {
      config: { mediaType: mediaTypes.imageConfig, content: utf8(`{"os":"linux","architecture":"a${platform}"}`) },
      layers: contents.map((content) => ({ mediaType: mediaTypes.imageLayerGzip, content })),
    });
    const { mediaType, digest } = descriptor;
    manifests.push({
      mediaType,
      digest,
      size: descriptor.size,
      platform: { os: 'linux', architecture: `a${platform}` },
    });
  }
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const root = describe(mediaTypes.imageIndex, bytes);
  await repository.push(root, bytes);
  await repository.tag(root, 'v1');
  await sign(repository, root, imageReferrers);
}

async function pushArtifacts(repository: Repository): Promise<void> {
  const numbers = Array.from({ length: artifacts }, (_, i) => i);
  await mapConcurrent(numbers, 4, async (i) => {
    const content = new Uint8Array(randomBytes(4096));
    const { descriptor } = await packArtifact(repository, {
      artifactType: 'application/vnd.example.small',
      layers: [{ mediaType: 'application/octet-stream', content }],
      tags: [`v${i}`],
    });
    await sign(repository, descriptor, 2);
  });
}

interface Ends {
  readonly from: RegistryEndpoint;
  readonly to: RegistryEndpoint;
}

/** Copies and watches how far the process grows meanwhile. */
async function copyImage({ from, to }: Ends): Promise<{ ms: number; growth: number; cpu: Cpu }> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  let ms = 0;
  const cpu = await ownCpu(async () => {
    ms = await timed(() => copyGraph(from.repository('image'), to.repository('image'), { reference: 'v1' }));
  });
  clearInterval(watch);
  return { ms, growth: (peak - before) / mebibyte, cpu };
}

/** The registry that a round copies to: empty, so that no round finds or mounts what an earlier one pushed. */
async function withFreshTarget<T>(use: (to: RegistryEndpoint) => Promise<T>): Promise<T> {
  const place = join(folder, `fresh${++fresh}`);
  const server = await startDistribution(program, place);
  try {
    return await use(createRegistry({ registry: server.host }));
  } finally {
    await server.stop();
    await rm(place, { recursive: true, force: true });
  }
}

async function compareImage(from: RegistryEndpoint): Promise<void> {
  const [oras, skopeo] = await Promise.all([peer('oras'), peer('skopeo')]);
  const image = `${from.registry}/image:v1`;
  const ours: number[] = [];
  const theirs: number[] = [];
  const others: number[] = [];
  const cpus: { readonly ours: Cpu; readonly oras: Cpu | undefined; readonly hash: number }[] = [];
  let growth = 0;
  // The first round warms the page cache for all three alike and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const own = await withFreshTarget((to) => copyImage({ from, to }));
    const plain = ['--from-plain-http', '--to-plain-http'];
    let withOras = 0;
    const orasCpu = await withFreshTarget((to) =>
      childrenCpu(async () => {
        withOras = await timed(() => run(oras, ['cp', '-r', ...plain, image, `${to.registry}/image:v1`]));
      }),
    );
    const insecure = ['--insecure-policy', 'copy', '--all', '--src-tls-verify=false', '--dest-tls-verify=false'];
    const withSkopeo = await withFreshTarget((to) =>
      timed(() => run(skopeo, [...insecure, `docker://${image}`, `docker://${to.registry}/image:v1`])),
    );
    if (round === 0) continue;
    ours.push(own.ms);
    theirs.push(withOras);
    others.push(withSkopeo);
    cpus.push({ ours: own.cpu, oras: orasCpu, hash: await hashCpu(1024 * mebibyte) });
    growth = Math.max(growth, own.growth);
  }
  const seconds = (values: readonly number[]): string => `${(median(values) / 1000).toFixed(2)} s`;
  console.log(`copy.image: notarykit ${seconds(ours)}, oras ${seconds(theirs)}, skopeo ${seconds(others)}`);
  console.log(`copy.image: ${(median(theirs) / median(ours)).toFixed(2)} x oras cp -r (goal >= 1.0)`);
  console.log(`copy.image: ${(median(others) / median(ours)).toFixed(2)} x skopeo copy (goal >= 1.0)`);
  reportCpu(cpus);
  console.log(`copy.memory: ${growth.toFixed(0)} MiB growth while 1 GiB passes (goal <= 67)`);
}

/** Processor time of the copying program for a GiB, of the round in the middle; oras passes on without hashing. */
function reportCpu(
  rounds: readonly { readonly ours: Cpu; readonly oras: Cpu | undefined; readonly hash: number }[],
): void {
  const compared = rounds.flatMap(({ ours, oras, hash }) => (oras === undefined ? [] : [{ ours, oras, hash }]));
  const ratioOf = ({ ours, oras, hash }: (typeof compared)[number]): number => total(ours) / (total(oras) + hash);
  const middle = [...compared].sort((a, b) => ratioOf(a) - ratioOf(b))[compared.length >> 1];
  if (middle === undefined) {
    console.log('copy.cpu: not compared, this platform does not tell it');
    return;
  }
  const { ours, oras, hash } = middle;
  console.log(`copy.cpu: notarykit ${parts(ours)}, oras ${parts(oras)}, SHA-256 ${secondsOf(hash)} s for 1 GiB`);
  console.log(`copy.cpu: ${ratioOf(middle).toFixed(2)} x oras and SHA-256 (goal <= 1.0)`);
}

async function compareSmall({ from, to }: Ends): Promise<void> {
  const oras = await peer('oras');
  const tags = Array.from({ length: artifacts }, (_, i) => `v${i}`);
  const ours = await timed(() =>
    mapConcurrent(tags, atOnce, (reference) =>
      copyGraph(from.repository('small'), to.repository('ours'), { reference }),
    ),
  );
  const flags = ['--from-plain-http', '--to-plain-http'];
  const theirs = await timed(async () => {
    for (const tag of tags)
      await run(oras, ['cp', '-r', ...flags, `${from.registry}/small:${tag}`, `${to.registry}/oras:${tag}`]);
  });
  console.log(
    `copy.small: ${artifacts} artifacts with 2 signatures, notarykit ${(ours / 1000).toFixed(1)} s, oras ${(theirs / 1000).toFixed(1)} s`,
  );
  console.log(`copy.small: ${(theirs / ours).toFixed(2)} x oras cp -r in a loop (goal >= 1.5)`);
}

let fresh = 0;
const folder = await mkdtemp(join(tmpdir(), 'notarykit-bench-'));
const program = await peer('docker-registry');
const servers = await Promise.all(['source', 'target'].map((name) => startDistribution(program, join(folder, name))));
try {
  const [from, to] = servers.map(({ host }) => createRegistry({ registry: host })) as [
    RegistryEndpoint,
    RegistryEndpoint,
  ];
  await pushArtifacts(from.repository('small'));
  await compareSmall({ from, to });
  await pushImage(from.repository('image'));
  await compareImage(from);
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
}

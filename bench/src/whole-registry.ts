import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBase64, utf8 } from '@notarykit/common';
import { describe, mediaTypes } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { createEmbeddedRegistry, createTrustLab, type TrustLab } from '@notarykit/testing';
import { sign } from 'notarykit';
import { writeNotationTrust } from '../../test/support/notation-trust.ts';
import { processCpu, total } from './cpu/cpu.js';
import { freePort, peerProgram } from './registry/server.js';

// One worker of `examples/whole-registry` against two, in turns, each run with its own verdict cache. Registry and Redis are processes of this
// machine too: what they use of its cores, workers do not get, so their CPU time is printed beside the ratio.

const count = 500;
const turns = 3;
const repository = 'bench/content';
const program = 'examples/whole-registry/dist/main.js';
const redis = peerProgram('redis-server');

async function serve(port: string): Promise<void> {
  await createEmbeddedRegistry({ remember: false }).listen({ port: Number(port) });
}

/** Seconds of CPU of a process, or of its children that ended. */
const cpu = (pid: number | 'self', of: 'own' | 'children'): number => total(processCpu(pid, of)) / 1000;

async function fill(lab: TrustLab, registry: RegistryEndpoint): Promise<void> {
  const target = registry.repository(repository);
  for (let i = 0; i < count; i++) {
    const index = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [], annotations: { i: `${i}` } };
    const bytes = utf8(JSON.stringify(index));
    const descriptor = describe(mediaTypes.imageIndex, bytes);
    await target.push(descriptor, bytes);
    await target.tag(descriptor, `v${i}`);
    await sign(target, descriptor, { signer: lab.signer });
  }
}

/** Runs one command of the example, so many times at once. */
async function play(processes: number, name: 'plan' | 'work', env: NodeJS.ProcessEnv): Promise<void> {
  const running = Array.from({ length: processes }, () =>
    spawn(process.execPath, [program, name], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  for (const [code] of await Promise.all(running.map((child) => once(child, 'exit'))))
    if (code !== 0) throw new Error(`${name} ended with ${code}`);
}

interface Times {
  readonly wall: number;
  /** Seconds of CPU of the workers. */
  readonly work: number;
  /** Seconds of CPU of registry and Redis. */
  readonly servers: number;
}

async function measure(servers: readonly ChildProcess[], env: NodeJS.ProcessEnv): Promise<void> {
  writeFileSync(env['SECRET_FILE'] as string, encodeBase64(randomBytes(32)));
  const used = (): number => servers.reduce((sum, { pid }) => sum + cpu(pid as number, 'own'), 0);
  async function run(workers: number, turn: number): Promise<Times> {
    writeFileSync(env['SECRET_FILE'] as string, encodeBase64(randomBytes(32)));
    const named = { ...env, RUN: `${workers}-${turn}` };
    await play(1, 'plan', named);
    const before = { wall: performance.now() / 1000, work: cpu('self', 'children'), servers: used() };
    await play(workers, 'work', named);
    return {
      wall: performance.now() / 1000 - before.wall,
      work: cpu('self', 'children') - before.work,
      servers: used() - before.servers,
    };
  }
  const started = cpu('self', 'children');
  await play(1, 'work', { ...env, RUN: 'nothing planned' });
  const start = cpu('self', 'children') - started;
  const runs: Record<1 | 2, Times[]> = { 1: [], 2: [] };
  for (let turn = 0; turn < turns; turn++)
    for (const workers of [1, 2] as const) runs[workers].push(await run(workers, turn));
  print(middle(runs[1]), middle(runs[2]), start);
}

const middle = (runs: readonly Times[]): Times => [...runs].sort((a, b) => a.wall - b.wall)[turns >> 1] as Times;

/** Starting a process is no work: `start`, seconds of CPU for each worker, is left out of what an artifact costs. */
function print(one: Times, two: Times, start: number): void {
  const rate = ({ wall }: Times): string => `${(count / wall).toFixed(0)}/s`;
  const [alone, shared] = [(one.work - start) / count, (two.work - 2 * start) / count];
  const ms = (seconds: number): string => `${(seconds * 1000).toFixed(2)} ms`;
  console.log(
    `whole-registry: 2 workers are ${(one.wall / two.wall).toFixed(2)} x 1 worker (${rate(one)}, ${rate(two)}) on ${availableParallelism()} ` +
      `cores, which registry and Redis use too: ${ms(two.servers / count)} of CPU for an artifact`,
  );
  console.log(
    `whole-registry.work: ${((2 * alone) / shared).toFixed(2)} x when each worker has a core (goal >= 1.7): ` +
      `${ms(alone)} of CPU for an artifact with 1, ${ms(shared)} with 2`,
  );
}

async function main(redis: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-whole-registry-'));
  const [redisPort, registryPort] = [await freePort(), await freePort()];
  const servers = [
    spawn(redis, ['--bind', '127.0.0.1', '--port', String(redisPort), '--save', '', '--dir', folder], {
      stdio: 'ignore',
    }),
    spawn(process.execPath, [process.argv[1] as string, 'serve', String(registryPort)], { stdio: 'ignore' }),
  ];
  try {
    const host = `127.0.0.1:${registryPort}`;
    const lab = await createTrustLab({ keySpec: 'EC-384' });
    const registry = createRegistry({ registry: host, retry: { maxRetries: 8 } });
    await registry.ping();
    await fill(lab, registry);
    await writeNotationTrust(folder, lab.authority.root.certificate);
    const paths = { NOTATION_CONFIG: folder, SECRET_FILE: join(folder, 'secret') };
    await measure(servers, { ...process.env, ...paths, REGISTRY: host, REDIS_URL: `redis://127.0.0.1:${redisPort}` });
  } finally {
    for (const server of servers) server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , command, port = ''] = process.argv;
if (command === 'serve') await serve(port);
else if (redis === undefined) console.log('whole-registry: redis-server is not in the cache of peers, not measured');
else await main(redis);

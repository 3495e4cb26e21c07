// What a review costs beside a bare server that parses and writes the same JSON, what a burst of equal pods asks of the
// registry, and whether every review is answered in time while the registry refuses service. The clients are a second process;
// what counts is the time that the server's own process computes, so that a busy machine changes nothing.
import { fork } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listener } from '@notarykit/admission/node';
import { faults } from '@notarykit/testing';
import { answers, load, type Seen } from './admission/load.js';
import { createSetup, image, reviewOf, type Setup } from './admission/setup.js';

const turns = 5;
const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] as number;

const echo: RequestListener = (incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', () => {
    const body = JSON.stringify(JSON.parse(Buffer.concat(parts).toString('utf8')));
    outgoing
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body);
  });
};

interface Measured extends Seen {
  /** Answers in a second of one core. */
  readonly perSecond: number;
}

/** Serves on loopback while another process asks. */
async function under(serve: RequestListener, path: string, body: string, rate?: number): Promise<Measured> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = { ...process.env, PORT: String(port), ASK_PATH: path, ASK_BODY: body, ASK_RATE: String(rate ?? '') };
  const clients = fork(fileURLToPath(import.meta.url), ['clients'], { env });
  let cpu = process.cpuUsage();
  const measured = await new Promise<Measured>((resolve, reject) => {
    clients.on('message', (message) => {
      if (message === 'warm') cpu = process.cpuUsage();
      else if (message === 'done') cpu = process.cpuUsage(cpu);
      else resolve({ perSecond: (answers / (cpu.user + cpu.system)) * 1e6, ...(message as Seen) });
    });
    clients.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return measured;
}

/** The other side of {@link under}. */
async function clients(): Promise<void> {
  const { PORT, ASK_PATH, ASK_BODY, ASK_RATE } = process.env;
  const send = (message: string | Seen): Promise<void> =>
    new Promise((resolve) => process.send?.(message, () => resolve()));
  const tell = { warm: () => send('warm'), done: () => send('done') };
  await send(await load(Number(PORT), ASK_PATH ?? '/', ASK_BODY ?? '', tell, Number(ASK_RATE) || undefined));
  process.disconnect();
}

async function cached(setup: Setup): Promise<void> {
  const body = reviewOf(image);
  const gate = listener(setup.gate());
  const pairs: { base: Measured; ours: Measured }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const ours = await under(gate, '/mutate?timeout=10s', body);
    pairs.push({ base: await under(echo, '/', body, ours.rate), ours });
  }
  const ratio = middle(pairs.map(({ base, ours }) => ours.perSecond / base.perSecond));
  const speed = middle(pairs.map(({ ours }) => ours.perSecond));
  const added = middle(pairs.map(({ base, ours }) => ours.p50Ms - base.p50Ms));
  console.log(
    `admission.reviews: ${ratio.toFixed(2)} of a bare node:http JSON echo (goal >= 0.30), ${speed.toFixed(0)}/s on one core`,
  );
  console.log(`admission.cached: ${added.toFixed(2)} ms added at the median (goal <= 1)`);
  const late = middle(pairs.map(({ base, ours }) => ours.p99Ms - base.p99Ms));
  const rate = middle(pairs.map(({ ours }) => ours.rate)).toFixed(0);
  console.log(`admission.half: ${late.toFixed(2)} ms added at p99 under half load, ${rate}/s (goal <= 1)`);
}

const ask = (gate: ReturnType<Setup['gate']>, name: string, query: string): Promise<Response> =>
  gate(new Request(`https://gate.test/mutate?timeout=${query}`, { method: 'POST', body: reviewOf(name) }));

async function burst({ registry, gate: create }: Setup): Promise<void> {
  const gate = create();
  const before = registry.requests.length;
  const answers = await Promise.all(Array.from({ length: 500 }, () => ask(gate, image, '10s')));
  for (const answer of answers)
    if (!(await answer.text()).includes('"allowed":true')) throw new Error('a signed image was refused');
  const listings = registry.requests.slice(before).filter(({ path }) => path.includes('/referrers/')).length;
  const requests = registry.requests.length - before;
  console.log(
    `admission.burst: ${listings} verification of 500 equal pods (goal <= 1), ${requests} requests to the registry`,
  );
}

async function storm({ registry, gate: create }: Setup): Promise<void> {
  const gate = create();
  const remove = registry.rule({ action: faults.status({ status: 429, retryAfter: 30 }) });
  const before = registry.requests.length;
  const times = await Promise.all(
    Array.from({ length: 500 }, async (_, i) => {
      const start = performance.now();
      const answer = await ask(gate, `registry.test/image-${i}:v1`, '10s');
      if (!(await answer.text()).includes('REGISTRY_UNAVAILABLE')) throw new Error('refused without its cause');
      return performance.now() - start;
    }),
  );
  remove();
  const late = times.filter((ms) => ms >= 10_000).length;
  const slowest = Math.max(...times).toFixed(0);
  const requests = registry.requests.length - before;
  console.log(
    `admission.storm: ${late} of 500 reviews late while the registry answers 429 (goal <= 0), slowest ${slowest} ms of 10,000, ${requests} requests`,
  );
}

if (process.argv[2] === 'clients') await clients();
else {
  const setup = await createSetup();
  await burst(setup);
  await storm(setup);
  await cached(setup);
}

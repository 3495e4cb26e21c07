import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { peer } from '../../scripts/peers.mjs';
import { servePage, serveToPages, startChromium } from '../interop/support/pages.ts';
import { succeed } from '../interop/support/program.ts';
import { workerConfig } from '../interop/support/workerd.ts';
import { bundleForBrowser, bundleForRuntime, bundleForWorker } from '../support/browser-bundle.ts';
import type { Runtime } from './list.mjs';
import type * as InPage from './portable.ts';
import type { Outcomes } from './steps.ts';

declare const exported: typeof InPage;

/** What the suite said in a runtime. */
export interface Report {
  readonly portable: Outcomes;
  /** In runtimes that have files. */
  readonly files?: Outcomes;
}

const entry = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Made once: Node, Bun and Deno run the same file. */
let programBundle: Promise<string> | undefined;

/** Runs the whole suite in one runtime, against a registry of this process. */
export async function runIn({ kind, peer: name }: Runtime): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-runtime-'));
  try {
    return await ways[kind](folder, name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ways: Readonly<Record<Runtime['kind'], (folder: string, name: string) => Promise<Report>>> = {
  async program(folder, name) {
    const script = join(folder, 'suite.mjs');
    programBundle ??= bundleForRuntime(entry('program.ts'));
    await writeFile(script, await programBundle);
    const program = await peer(name);
    const deno = ['run', '--quiet', '--no-lock', '--no-config', '-A'];
    const [command, before] = name === 'deno' ? [process.execPath, [program, ...deno]] : [program, []];
    return await withRegistry(async (host) => {
      const work = join(folder, 'work');
      const output = await succeed(command, [...before, script, host, work], { env: { DENO_NO_UPDATE_CHECK: '1' } });
      return JSON.parse(output) as Report;
    });
  },
  async worker(folder, name) {
    await writeFile(join(folder, 'worker.mjs'), await bundleForWorker(entry('worker.ts')));
    return await withRegistry(async (host) => {
      const config = join(folder, 'worker.capnp');
      await writeFile(config, workerConfig({ REGISTRY: host }));
      return JSON.parse(await succeed(await peer(name), ['test', config])) as Report;
    });
  },
  async page() {
    const site = await servePage(`${withoutNode}\n${await bundleForBrowser(entry('portable.ts'))}`);
    const front = await serveToPages(createEmbeddedRegistry(), { exposed: '*' });
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://${site.host}/`);
      return { portable: await page.evaluate((host) => exported.portable(host), front.host) };
    } finally {
      await browser.close();
      site.close();
      front.close();
    }
  },
};

/** The lab names modules of Node at its beginning, for what it never does in a page: to listen. */
const withoutNode = 'var require = () => ({});';

async function withRegistry<T>(work: (host: string) => Promise<T>): Promise<T> {
  const registry = createEmbeddedRegistry();
  try {
    return await work((await registry.listen()).host);
  } finally {
    await registry.close();
  }
}

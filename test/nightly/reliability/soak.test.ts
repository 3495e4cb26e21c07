// Kills, full disks, shared folders and clocks that step. SOAK_SEED and SOAK_RUNS choose the run, SOAK_WRITE=1 writes the table into
// docs/reliability.md.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyGraph, packArtifact, tagArtifact } from '@notarykit/artifact-graph';
import { isCodedError, utf8 } from '@notarykit/common';
import { digestOf, mediaTypes, type Repository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { checkAll, type Row, random } from './ledger.js';
import { pause, start, type Worker, withinMinute } from './process.js';
import { reportRows, scenario } from './scenario.js';

const runs = Number(process.env['SOAK_RUNS'] ?? 60);
const next = random(Number(process.env['SOAK_SEED'] ?? 1));
let program: Bundle;
let copier: Bundle;
let folder = '';

reportRows();

beforeAll(async () => {
  const entry = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  [program, copier] = await Promise.all([
    bundle(entry('./child.ts')),
    bundle(entry('../../integration/copy/kill/child.ts')),
  ]);
});
afterAll(async () => {
  await Promise.all([program?.remove(), copier?.remove()]);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-soak-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Files that only a writer under way has. */
async function leftIn(...folders: readonly string[]): Promise<number> {
  const names = await Promise.all(folders.map((path) => readdir(path).catch(() => [])));
  return names.flat().filter((name) => /\.(tmp|lock|staging)$/.test(name)).length;
}

async function killSoon(worker: Worker): Promise<void> {
  await worker.line('tag ');
  await pause(next() * 150);
  worker.child.kill('SIGKILL');
  await worker.ended;
}

const say = async (repository: Repository, tag: string): Promise<string> => {
  const layers = [{ mediaType: 'text/plain', content: utf8(tag) }];
  const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.test.soak', layers });
  await tagArtifact(repository, descriptor, tag);
  return `tag ${tag} ${descriptor.digest}`;
};

scenario('writers of one layout, one of them killed', async (into) => {
  const place = join(folder, 'layout');
  for (let i = 0; i < runs; i++) {
    into.runs++;
    const killed = start(program.path, ['layout', place, `killed${i}`, '100000']);
    const other = start(program.path, ['layout', place, `other${i}`, '5']);
    await killSoon(killed);
    if ((await withinMinute(other.ended)) === undefined) into.hung++;
    const layout = await openLayout(place);
    const own = await withinMinute(say(layout, `next${i}`));
    if (own === undefined) into.hung++;
    await checkAll(layout, [...killed.lines, ...other.lines, own?.value ?? ''], into);
    if ((await leftIn(place, join(place, 'blobs', 'sha256'))) > 0) into.wrong++;
    if (i % 10 === 9) await rm(place, { recursive: true });
  }
});

scenario('a writer of an archive, killed', async (into) => {
  for (let i = 0; i < runs; i++) {
    into.runs++;
    const place = join(folder, `${i % 5}.tar`);
    const killed = start(program.path, ['archive', place, `killed${i}`, '100000']);
    await killSoon(killed);
    const archive = await openLayoutTar(place);
    const own = await say(archive, `next${i}`);
    if ((await withinMinute(archive.save())) === undefined) into.hung++;
    await checkAll(archive, [...killed.lines, own], into);
    await archive.close();
    if ((await readdir(folder)).some((name) => name.startsWith(`${i % 5}.tar.`))) into.wrong++;
  }
});

/** Enough manifests, none of them there, that the registry keeps a log. */
async function enlarge(place: string): Promise<void> {
  const manifests = Array.from({ length: 600 }, (_, i) => ({
    mediaType: mediaTypes.imageIndex,
    digest: digestOf(utf8(`${i}`)),
    size: 1,
  }));
  await mkdir(join(place, 'app'), { recursive: true });
  await writeFile(join(place, 'app', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(place, 'app', 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

for (const size of ['small', 'large']) {
  scenario(`a registry on disk, killed (${size} repository)`, async (into) => {
    const place = join(folder, 'registry');
    if (size === 'large') await enlarge(place);
    const acknowledged: string[] = [];
    for (let i = 0; i < runs; i++) {
      into.runs++;
      const registry = start(program.path, ['registry', place]);
      const host = (await withinMinute(registry.line('host ')))?.value.slice(5);
      if (host === undefined) {
        into.hung++;
        break;
      }
      const repository = createRegistry({ registry: host, retry: { maxRetries: 0 } }).repository('app');
      await checkAll(repository, acknowledged.slice(-30), into);
      let alive = true;
      const pushing = (async () => {
        for (let n = 0; alive; n++) acknowledged.push(await say(repository, `t${i}-${n}`));
      })().catch(() => undefined);
      const known = acknowledged.length;
      while (acknowledged.length === known) await pause(5);
      await pause(next() * 150);
      registry.child.kill('SIGKILL');
      alive = false;
      await registry.ended;
      if ((await withinMinute(pushing)) === undefined) into.hung++;
    }
    const last = start(program.path, ['registry', place]);
    const host = (await last.line('host ')).slice(5);
    await checkAll(createRegistry({ registry: host }).repository('app'), acknowledged, into);
    last.child.kill('SIGTERM');
    if ((await withinMinute(last.ended)) === undefined) into.hung++;
    if ((await readdir(join(place, '.uploads'))).length > 0) into.wrong++;
    await checkAll(await openLayout(join(place, 'app')), acknowledged, into);
  });
}

scenario('a copy into a layout, killed', async (into) => {
  const source = createEmbeddedRegistry({ remember: false });
  const { host } = await source.listen();
  const from = createRegistry({ registry: host }).repository('net-monitor');
  const layers = Array.from({ length: 20 }, (_, i) => ({
    mediaType: 'text/plain',
    content: utf8(`${i}`.repeat(200_000)),
  }));
  const { descriptor } = await packArtifact(from, { artifactType: 'application/vnd.test', layers, tags: ['v1'] });
  for (let i = 0; i < runs; i++) {
    into.runs++;
    const place = join(folder, `copy${i}`);
    const layout = await openLayout(place, { create: true });
    const worker = start(copier.path, [host, place]);
    await Promise.race([pause(200 + next() * 400), worker.ended]);
    worker.child.kill('SIGKILL');
    await worker.ended;
    const tagged = await layout.resolve('v1').catch(() => undefined);
    if (tagged !== undefined) await checkAll(layout, [`tag v1 ${descriptor.digest}`], into);
    if ((await withinMinute(copyGraph(from, layout, { reference: 'v1', assert: 'graph' }))) === undefined) into.hung++;
    await checkAll(layout, [`tag v1 ${descriptor.digest}`], into);
    if ((await leftIn(place, join(place, 'blobs', 'sha256'))) > 0) into.wrong++;
    await rm(place, { recursive: true });
  }
  await source.close();
});

scenario('two writers of one archive', async (into) => {
  for (let i = 0; i < Math.ceil(runs / 10); i++) {
    into.runs++;
    const place = join(folder, `${i}.tar`);
    const both = ['a', 'b'].map((name) => start(program.path, ['archive', place, name, '8']));
    if ((await withinMinute(Promise.all(both.map(({ ended }) => ended)))) === undefined) into.hung++;
    const lines = both.flatMap((worker) => worker.lines);
    into.lost += 16 - lines.filter((line) => line.startsWith('tag ')).length;
    const archive = await openLayoutTar(place);
    await checkAll(archive, lines, into);
    await archive.close();
  }
});

scenario('two registries on one folder', async (into) => {
  for (let i = 0; i < Math.ceil(runs / 10); i++) {
    into.runs++;
    const place = join(folder, 'registry');
    const first = start(program.path, ['registry', place]);
    await first.line('host ');
    const second = start(program.path, ['registry', place]);
    const refused = await withinMinute(second.line('error '));
    if (refused === undefined) into.hung++;
    else if (refused.value !== 'error ERR_TESTING_DIRECTORY_IN_USE') into.wrong++;
    for (const { child } of [first, second]) child.kill('SIGKILL');
    await Promise.all([first.ended, second.ended]);
  }
});

/** A program that a scenario needs and a machine may not have. */
function has(...command: readonly string[]): boolean {
  try {
    execFileSync(command[0] as string, command.slice(1), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isRoot = process.getuid?.() === 0;
const refusals: readonly (readonly [name: string, before: readonly string[], possible: boolean])[] = [
  ['a limit on the size of files', ['prlimit', '--fsize=60000'], has('prlimit', '--version')],
  ['a limit on open files', ['prlimit', '--nofile=22'], has('prlimit', '--version')],
  [
    'a folder that may not be written to',
    ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
    isRoot && has('setpriv', '--version'),
  ],
];

for (const [name, before] of refusals.filter(([, , possible]) => possible)) {
  scenario(`a layout under ${name}`, (into) => playRefused(into, 'layout', before));
  scenario(`an archive under ${name}`, (into) => playRefused(into, 'archive', before));
}

/** Writers that are refused: what they were told is there, is, and the next writer goes on. */
async function playRefused(into: Row, mode: 'layout' | 'archive', before: readonly string[]): Promise<void> {
  await chmod(folder, 0o755);
  for (const path of [dirname(program.path), dirname(dirname(program.path))]) await chmod(path, 0o755);
  const place = join(folder, mode === 'layout' ? mode : 'a.tar');
  const acknowledged = [...(await writeOnce(mode, place, 'before'))];
  for (let i = 0; i < Math.ceil(runs / 10); i++) {
    into.runs++;
    const worker = start(program.path, [mode, place, `limited${i}`, mode === 'layout' ? '60' : '20'], before);
    if ((await withinMinute(worker.ended)) === undefined) into.hung++;
    acknowledged.push(...worker.lines);
  }
  acknowledged.push(...(await writeOnce(mode, place, 'after')));
  await readWhole(mode, place, acknowledged, into);
}

async function writeOnce(mode: 'layout' | 'archive', place: string, name: string): Promise<readonly string[]> {
  const worker = start(program.path, [mode, place, name, '1']);
  await worker.ended;
  return worker.lines;
}

async function readWhole(
  mode: 'layout' | 'archive',
  place: string,
  lines: readonly string[],
  into: Row,
): Promise<void> {
  if (mode === 'layout') await checkAll(await openLayout(place), lines, into);
  else {
    const archive = await openLayoutTar(place);
    await checkAll(archive, lines, into);
    await archive.close();
  }
  if ((await leftIn(dirname(place), place, join(place, 'blobs', 'sha256'))) > 0) into.wrong++;
}

/** A registry in its own process, which is killed afterwards. */
async function playRegistry<T>(place: string, play: (repository: Repository) => Promise<T>): Promise<T> {
  const registry = start(program.path, ['registry', place]);
  try {
    const host = (await registry.line('host ')).slice(5);
    return await play(createRegistry({ registry: host, retry: { maxRetries: 0 } }).repository('app'));
  } finally {
    registry.child.kill('SIGKILL');
    await registry.ended;
  }
}

/** A file system of so many bytes, where this process may make one. */
function mount(size: string, place: string, more: readonly string[] = []): boolean {
  return has('mount', '-t', 'tmpfs', '-o', [...more, `size=${size}`].join(','), 'tmpfs', place);
}

/** Whether a file system can be mounted; what it says when not. */
async function canMount(): Promise<boolean> {
  const place = await mkdtemp(join(tmpdir(), 'notarykit-mount-'));
  const mounted = isRoot && mount('1m', place);
  if (mounted) execFileSync('umount', [place]);
  else process.stdout.write('skipped: a full disk, for only root in its own mount name space can mount a small one\n');
  await rm(place, { recursive: true });
  return mounted;
}

async function onSmallDisk(
  play: (place: string, grow: () => void, change: (options: string) => void) => Promise<void>,
): Promise<void> {
  const place = join(folder, 'disk');
  await mkdir(place, { recursive: true });
  mount('1m', place);
  try {
    const change = (options: string): void => void mount('64m', place, ['remount', options]);
    await play(place, () => change('rw'), change);
  } finally {
    execFileSync('umount', [place]);
  }
}

const isFull = (worker: Worker): boolean => worker.lines.some((line) => line.startsWith('error '));

if (await canMount()) {
  scenario('a layout on a full disk, which then has room again', async (into) => {
    for (let i = 0; i < Math.ceil(runs / 10); i++)
      await onSmallDisk(async (disk, grow) => {
        into.runs++;
        const place = join(disk, 'layout');
        const worker = start(program.path, ['layout', place, `full${i}`, '120']);
        if ((await withinMinute(worker.ended)) === undefined) into.hung++;
        if (!isFull(worker)) into.wrong++;
        const layout = await openLayout(place);
        await checkAll(layout, worker.lines, into);
        grow();
        await checkAll(layout, [...worker.lines, await say(layout, 'after')], into);
        if ((await leftIn(place, join(place, 'blobs', 'sha256'))) > 0) into.wrong++;
      });
  });

  scenario('a registry on a full disk, which then has room again', async (into) => {
    for (let i = 0; i < Math.ceil(runs / 10); i++)
      await onSmallDisk(async (disk, grow) => {
        into.runs++;
        const registry = start(program.path, ['registry', disk]);
        const host = (await registry.line('host ')).slice(5);
        const repository = createRegistry({ registry: host, retry: { maxRetries: 0 } }).repository('app');
        const lines: string[] = [];
        const large = utf8('x'.repeat(30_000));
        for (let n = 0; n < 80; n++) {
          const layers = [
            { mediaType: 'text/plain', content: utf8(`${n}${i}`) },
            { mediaType: 'text/plain', content: new Uint8Array([...large, n]) },
          ];
          const pushed = await packArtifact(repository, {
            artifactType: 'application/vnd.test.soak',
            layers,
            tags: [`t${n}`],
          }).then(
            ({ descriptor }) => `tag t${n} ${descriptor.digest}`,
            (error: unknown) => `error ${isCodedError(error) ? error.code : 'UNCODED'}`,
          );
          lines.push(pushed);
        }
        if (!lines.some((line) => line.startsWith('error '))) into.wrong++;
        await checkAll(repository, lines, into);
        grow();
        lines.push(await say(repository, 'after'));
        registry.child.kill('SIGKILL');
        await registry.ended;
        const again = start(program.path, ['registry', disk]);
        await checkAll(
          createRegistry({ registry: (await again.line('host ')).slice(5) }).repository('app'),
          lines,
          into,
        );
        again.child.kill('SIGTERM');
        if ((await withinMinute(again.ended)) === undefined) into.hung++;
        if ((await readdir(join(disk, '.uploads'))).length > 0) into.wrong++;
      });
  });

  scenario('a layout, an archive and a registry on a disk that becomes read-only, and writable again', async (into) => {
    for (let i = 0; i < Math.ceil(runs / 10); i++)
      await onSmallDisk(async (disk, _, change) => {
        into.runs++;
        const [layout, tar] = [join(disk, 'layout'), join(disk, 'a.tar')];
        const kept = { layout: await writeOnce('layout', layout, 'a'), tar: await writeOnce('archive', tar, 'a') };
        const place = join(disk, 'registry');
        const pushed = await playRegistry(place, async (repository) => [await say(repository, 'a')]);
        change('ro');
        const refused = [
          ...(await writeOnce('layout', layout, 'b')),
          ...(await writeOnce('archive', tar, 'b')),
          ...(await writeOnce('layout', join(disk, 'new'), 'b')),
        ];
        // What may not be written to is served all the same.
        await playRegistry(place, async (repository) => {
          await checkAll(repository, pushed, into);
          const told = await withinMinute(say(repository, 'b').catch((error: unknown) => error));
          if (told === undefined) into.hung++;
          else refused.push(isCodedError(told.value) ? `error ${told.value.code}` : 'not refused');
        });
        into.wrong += refused.filter((line) => !line.startsWith('error ERR_')).length + Number(refused.length < 4);
        await checkAll(await openLayout(layout), kept.layout, into);
        change('rw');
        await readWhole('layout', layout, [...kept.layout, ...(await writeOnce('layout', layout, 'c'))], into);
        await readWhole('archive', tar, [...kept.tar, ...(await writeOnce('archive', tar, 'c'))], into);
        await playRegistry(place, async (repository) =>
          checkAll(repository, [...pushed, await say(repository, 'c')], into),
        );
      });
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Block, isOutput } from './blocks.js';
import type { Desk } from './desk.js';
import { outputPattern } from './output.js';
import type { Guide } from './programs.js';

/** What stands for something else on this machine: `localhost:5000` for the port that a registry got. */
export type Replacements = Map<string, string>;

/**
 * Plays a guide from top to end: files are saved, lines run in one folder, and what they print is compared.
 *
 * @throws an `Error` with the line of the page at which it goes another way
 */
export async function playGuide(guide: Guide, desk: Desk, replacements: Replacements): Promise<void> {
  const servers: ChildProcess[] = [];
  const differences: string[] = [];
  try {
    for (const [index, block] of guide.blocks.entries()) {
      const at = `docs/guides/${guide.name}.md:${block.line}`;
      const shown = guide.blocks[index + 1];
      if (block.background) servers.push(await startServer(block, desk, replacements));
      else if (block.language === 'sh') differences.push(...(await runLines(block, shown, desk, replacements, at)));
      else if (block.file !== undefined) await save(block, desk, replacements);
      else if (!isOutput(block)) throw new Error(`${at}: a block is a file with a name, lines of sh, or their output`);
    }
  } finally {
    await Promise.all(servers.map(stopServer));
  }
  if (differences.length > 0) throw new Error(differences.join('\n'));
}

async function save({ file = '', code }: Block, { folder }: Desk, replacements: Replacements): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, replaced(code, replacements));
}

async function runLines(
  { code, exit }: Block,
  shown: Block | undefined,
  desk: Desk,
  replacements: Replacements,
  at: string,
): Promise<readonly string[]> {
  const ended = await run(replaced(code, replacements), desk);
  const printed = restored(ended.printed, replacements);
  if (ended.code !== exit) throw new Error(`${at}: ended with ${ended.code}, expected ${exit}:\n${printed}`);
  if (shown === undefined || !isOutput(shown) || outputPattern(shown.code).test(printed)) return [];
  return [`${at}: prints\n${printed}\nbut the page shows\n${shown.code}`];
}

function run(lines: string, { folder, env }: Desk): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-e', '-c', `exec 2>&1\n${lines}`], { cwd: folder, env, timeout: 120_000 });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, printed }));
    child.stdin.end();
  });
}

/** Starts a server on a free port; `localhost:<port>` of the page is from now on the one that it prints. */
async function startServer({ code }: Block, { folder, env }: Desk, replacements: Replacements): Promise<ChildProcess> {
  const [, port = ''] = /--port (\d+)/.exec(code) ?? [];
  const lines = replaced(code, replacements).replace(/--port \d+/, '--port 0');
  const child = spawn('sh', ['-e', '-c', `exec ${lines}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('error', reject).once('exit', (exit) => reject(new Error(`${lines} ended with ${exit}`)));
  });
  const [, actual = ''] = /:(\d+)/.exec(printed) ?? [];
  replacements.set(`localhost:${port}`, `localhost:${actual}`);
  return child;
}

function stopServer(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function replaced(text: string, replacements: Replacements): string {
  return [...replacements].reduce((before, [from, to]) => before.replaceAll(from, to), text);
}
function restored(text: string, replacements: Replacements): string {
  return [...replacements].reduce((before, [from, to]) => before.replaceAll(to, from), text);
}

/** What the guide installed. */
export async function installedPackages({ env }: Desk): Promise<ReadonlySet<string>> {
  const words = await readFile(join(env['HOME'] ?? '', 'installed'), 'utf8').catch(() => '');
  return new Set(words.split('\n').filter((word) => word !== ''));
}

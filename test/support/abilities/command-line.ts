import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine } from '@notarykit/cli';
import { vi } from 'vitest';
import type { Setup } from './setup.js';

/** How a command ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly text: string;
}

/** What a command runs in, besides the folder of the setup. */
export interface Surroundings {
  /** The trust policy of the machine. Default: the one that is there. */
  readonly document?: object;
  readonly signal?: AbortSignal;
  /** Where plugins are installed, in `plugins`. Default: none are. */
  readonly libexec?: string;
  /** Whether standard error is a terminal. Default no. */
  readonly live?: boolean;
}

/** Runs the tool in this process, on a machine with this trust policy. */
export function runTool(
  setup: Pick<Setup, 'folder'>,
  document: object | undefined,
  ...words: readonly string[]
): Promise<Ran> {
  return runToolIn(setup, document === undefined ? {} : { document }, ...words);
}

/** {@link runTool} in other surroundings. */
export async function runToolIn(
  { folder }: Pick<Setup, 'folder'>,
  { document, live = false, libexec = folder, ...call }: Surroundings,
  ...words: readonly string[]
): Promise<Ran> {
  if (document !== undefined) await writeFile(join(folder, 'trustpolicy.oci.json'), JSON.stringify(document));
  const written: string[] = [];
  vi.stubEnv('NOTATION_CONFIG', folder);
  vi.stubEnv('NOTATION_LIBEXEC', libexec);
  vi.stubEnv('NOTATION_CACHE', join(folder, 'cache'));
  vi.stubEnv('DOCKER_CONFIG', folder);
  const terminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  Object.defineProperty(process.stderr, 'isTTY', { value: live, configurable: true });
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    return { code: await runCommandLine(words, call), text: written.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
    if (terminal === undefined) Reflect.deleteProperty(process.stderr, 'isTTY');
    else Object.defineProperty(process.stderr, 'isTTY', terminal);
    vi.unstubAllEnvs();
  }
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine } from '@notarykit/cli';
import { vi } from 'vitest';
import type { World } from './world.js';

/** How a command ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly text: string;
}

/** Runs the tool in this process, on a machine with this trust policy. */
export async function runTool(
  { folder }: Pick<World, 'folder'>,
  document: object | undefined,
  ...words: readonly string[]
): Promise<Ran> {
  if (document !== undefined) await writeFile(join(folder, 'trustpolicy.oci.json'), JSON.stringify(document));
  const written: string[] = [];
  vi.stubEnv('NOTATION_CONFIG', folder);
  vi.stubEnv('NOTATION_CACHE', join(folder, 'cache'));
  vi.stubEnv('DOCKER_CONFIG', folder);
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    return { code: await runCommandLine(words), text: written.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}

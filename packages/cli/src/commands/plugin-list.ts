import { readdir } from 'node:fs/promises';
import { isFileName } from '@notarykit/common/internal';
import { openPlugin, type PluginMetadata } from '@notarykit/common/internal/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { table } from '../shell/table.js';

export const pluginListCommand: Command = {
  usage: 'plugin list',
  aliases: ['ls'],
  summary: 'List the installed plugins and what they say of themselves',
  options: { ...outputOptions },
  examples: ['plugin list'],
  async run(_args, terminal) {
    const { plugins: directory } = notationConfiguration().paths;
    const names = await folderNames(directory);
    const plugins = await Promise.all(names.map((name) => describe(directory, name)));
    const rows = plugins.map(({ name, description = '', version = '', capabilities = [], error = '' }) => [
      name,
      description,
      version,
      capabilities.join(', '),
      error,
    ]);
    terminal.result(plugins, table(['NAME', 'DESCRIPTION', 'VERSION', 'CAPABILITIES', 'ERROR'], rows));
    return 0;
  },
};

async function folderNames(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isFileName(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** One that does not answer is listed with the reason. */
async function describe(
  directory: string,
  name: string,
): Promise<{ readonly name: string; readonly error?: string } & Partial<PluginMetadata>> {
  try {
    return await openPlugin({ name, directory }).metadata();
  } catch (error) {
    return { name, error: (error as Error).message };
  }
}

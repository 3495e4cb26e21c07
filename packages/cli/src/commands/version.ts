import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { version } from '../version.js';

export const versionCommand: Command = {
  usage: 'version',
  summary: 'Print the version of the tool, and what it runs on',
  options: { ...outputOptions },
  examples: ['version'],
  async run(_args, terminal) {
    const [node, platform] = [process.version, `${process.platform}/${process.arch}`];
    terminal.result({ version, node, platform }, `Version: ${version}\nNode:    ${node}\nOn:      ${platform}`);
    return 0;
  },
};

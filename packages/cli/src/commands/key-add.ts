import { checkExecutable, openPlugin } from '@notarykit/common/internal/node';
import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { readPairs } from '../shell/pairs.js';
import { editKeys, withKey } from '../shell/signing-keys-file.js';

export const keyAddCommand: Command = {
  usage: 'key add <name>',
  summary: 'Add a key behind a plugin to the list of keys',
  options: {
    plugin: { type: 'string', value: 'name', help: 'installed plugin that has the key' },
    id: { type: 'string', value: 'key', help: 'key id, as the plugin has it' },
    'plugin-config': { type: 'string', value: 'name=value', multiple: true, help: 'passed to the plugin' },
    default: { type: 'boolean', help: 'sign with this key unless another is named' },
    ...outputOptions,
  },
  examples: ['key add --plugin wabbit-plugin --id key-1 wabbit-networks'],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    const [plugin, id] = [args.required('plugin'), args.required('id')];
    const pluginConfig = readPairs(args, 'plugin-config');
    await checkExecutable(openPlugin({ name: plugin }).path);
    const isDefault = args.flag('default');
    const path = await editKeys((list) => withKey(list, { name, id, plugin, pluginConfig }, isDefault));
    terminal.result({ path, name, default: isDefault }, `${name}: added${isDefault ? ' as the default' : ''}`);
    return 0;
  },
};

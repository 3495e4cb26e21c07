import type { Column } from '../table.js';
import { abortOfCommands } from './commands/abort.js';
import { platformsOfCommands } from './commands/platforms.js';
import { pluginsOfCommands } from './commands/plugins.js';
import { progressOfCommands } from './commands/progress.js';
import { timeOfCommands } from './commands/time.js';
import { transportOfCommands } from './commands/transport.js';
import { vsaOfCommands } from './commands/vsa.js';

/** What the commands of the tool can do, ability by ability. */
export const commandColumns: readonly Column[] = [
  pluginsOfCommands,
  timeOfCommands,
  platformsOfCommands,
  vsaOfCommands,
  transportOfCommands,
  abortOfCommands,
  progressOfCommands,
];

// Plays the session of the README and prints it as Markdown: with the built tool, or the one that is named.
import { fileURLToPath } from 'node:url';
import { playSession } from './session/play.js';

const built = (): string => fileURLToPath(new URL('../bin/notarykit.js', import.meta.resolve('@notarykit/cli')));
const played = await playSession(process.argv[2] ?? built());
const blocks = played.map(({ command, output }) => `$ ${command}\n${output}`);
console.log(`\`\`\`console\n${blocks.join('\n')}\`\`\``);

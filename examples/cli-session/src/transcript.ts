// Plays the session of the README with the built tool and prints it as Markdown.
import { fileURLToPath } from 'node:url';
import { playSession } from './session/play.js';

const played = await playSession(fileURLToPath(new URL('../bin/notarykit.js', import.meta.resolve('@notarykit/cli'))));
const blocks = played.map(({ command, output }) => `$ ${command}\n${output}`);
console.log(`\`\`\`console\n${blocks.join('\n')}\`\`\``);

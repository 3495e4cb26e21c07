// Plays a session and prints it as Markdown: that of the README, or `release`; with the built tool, or the one that is named.
import { fileURLToPath } from 'node:url';
import { setUpRelease } from './release/desk.js';
import { releaseSteps } from './release/steps.js';
import { setUpDesk } from './session/desk.js';
import { playSession } from './session/play.js';
import { steps } from './session/steps.js';

const [name, named] = process.argv.slice(2);
const tool = named ?? fileURLToPath(new URL('../bin/notarykit.js', import.meta.resolve('@notarykit/cli')));
const session = name === 'release' ? { steps: releaseSteps, setUp: setUpRelease } : { steps, setUp: setUpDesk };
const played = await playSession(tool, session);
const blocks = played.map(({ command, output }) => `$ ${command}\n${output}`);
console.log(`\`\`\`console\n${blocks.join('\n')}\`\`\``);

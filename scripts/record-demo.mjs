// Runs the demo and writes what it prints, with times: docs/demo.cast, and of it docs/demo.svg and docs/demo.md. `pnpm demo:record` builds first.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { castOf, files, pageOf, pictureOf } from './demo-recording.mjs';

const started = performance.now();
const child = spawn(process.execPath, ['examples/wabbit-networks/dist/main.js'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const events = [];
child.stdout.setEncoding('utf8').on('data', (text) => events.push([(performance.now() - started) / 1000, text]));
const [code] = await once(child, 'close');
if (code !== 0) throw new Error(`the demo ended with ${code}: nothing was written`);

const cast = castOf(events);
writeFileSync(files.cast, cast);
writeFileSync(files.picture, pictureOf(cast));
writeFileSync(files.page, pageOf(cast));

import { readFileSync, writeSync } from 'node:fs';
import { promote } from 'notarykit';
import { promotionOf } from './promotion.js';

/** Promotes what the task in the named file says, a line for each step; killed from outside in the middle. */
const { source, target, options } = promotionOf(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
await promote(source, target, { ...options, onProgress: ({ phase }) => void writeSync(1, `step ${phase}\n`) });
writeSync(1, 'done\n');

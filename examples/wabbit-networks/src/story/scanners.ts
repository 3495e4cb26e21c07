import { fileURLToPath } from 'node:url';
import type { Scanner } from './scans.js';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The scanner of the story, which is beside the program, with the advisories of a day. */
function ownScanner(day: string): Scanner {
  const advisories = fileOf(`../advisories/${day}.json`);
  return { source: `advisories/${day}.json`, command: [process.execPath, fileOf('./scanner.js'), advisories] };
}

/** The two scans of the story: by its own scanner, or by the program after `--scanner`, with its options. */
export function scanners([option, program, ...options]: readonly string[]): readonly [first: Scanner, later: Scanner] {
  if (option === undefined) return [ownScanner('2026-11-24'), ownScanner('2026-12-24')];
  if (option !== '--scanner' || program === undefined) throw new Error('usage: [--scanner <program> [options]]');
  const given: Scanner = { source: options.at(-1) ?? `what ${program} knows`, command: [program, ...options] };
  return [given, given];
}

import { expect } from 'vitest';
import { runTool } from '../command-line.js';
import type { Setup } from '../setup.js';
import { newPath } from './networked.js';

/** A bundle that the tool made of an artifact. */
export async function bundleOf(setup: Setup, document: object, reference: string, ...more: string[]): Promise<string> {
  const path = newPath(setup, 'tar');
  const made = await runTool(setup, document, 'bundle', 'create', '--output', path, ...more, reference);
  expect(made).toMatchObject({ code: 0 });
  return path;
}

/** What an audit of an artifact has recorded; the audit may have found something. */
export async function recordOf(setup: Setup, document: object, reference: string, ...more: string[]): Promise<string> {
  const path = newPath(setup, 'jsonl');
  const made = await runTool(setup, document, 'audit', '--record', path, ...more, reference);
  expect([0, 1], made.text).toContain(made.code);
  return path;
}

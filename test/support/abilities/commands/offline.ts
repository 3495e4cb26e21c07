import { expect } from 'vitest';
import { runTool } from '../command-line.js';
import type { World } from '../world.js';
import { newPath } from './networked.js';

/** A bundle that the tool made of an artifact. */
export async function bundleOf(world: World, document: object, reference: string, ...more: string[]): Promise<string> {
  const path = newPath(world, 'tar');
  const made = await runTool(world, document, 'bundle', 'create', '--output', path, ...more, reference);
  expect(made).toMatchObject({ code: 0 });
  return path;
}

/** What an audit of an artifact has recorded; the audit may have found something. */
export async function recordOf(world: World, document: object, reference: string, ...more: string[]): Promise<string> {
  const path = newPath(world, 'jsonl');
  const made = await runTool(world, document, 'audit', '--record', path, ...more, reference);
  expect([0, 1], made.text).toContain(made.code);
  return path;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import { findVectors } from '../scripts/vectors.mjs';

const { folder, required } = findVectors();

/**
 * Path of a vector file or folder. All readers are for the bodies of `vectorSet` and `vectorTest`, which alone know what to do where
 * there are no vectors.
 */
export function vectorPath(...path: string[]): string {
  if (folder === undefined)
    throw new Error(`no vectors for ${path.join('/')}: read them within vectorSet or vectorTest only`);
  return join(folder, ...path);
}

/** Bytes of a vector. */
export function vectorBytes(...path: string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(vectorPath(...path)));
}

/** A JSON vector, parsed leniently: vectors are ours to trust. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of each file is told by its README
export function vectorJson(...path: string[]): any {
  return JSON.parse(readFileSync(vectorPath(...path), 'utf8'));
}

/** Names in a vector folder, sorted. A folder without any is a set that is not complete. */
export function vectorList(...path: string[]): string[] {
  const names = readdirSync(vectorPath(...path)).sort();
  if (names.length === 0) throw new Error(`the vectors of ${path.join('/')} are missing: the folder is empty`);
  return names;
}

/**
 * A set of vectors: `describe` whose outermost name is the set's. Where there are no vectors it is one skipped test, and `body` is
 * not called; where some are there but not these, or where they are required, the file fails.
 */
export function vectorSet(set: string, subfolder: string, body: () => void): void {
  describe(set, isThere(subfolder) ? body : () => test('third-party vectors', (context) => skip(context, subfolder)));
}

/** One test that reads vectors, in a file that does not live by them; skipped or failed as a set is. */
export function vectorTest(subfolder: string, name: string, body: () => Promise<void>): void {
  test(name, isThere(subfolder) ? body : (context) => skip(context, subfolder));
}

function isThere(subfolder: string): boolean {
  if (folder === undefined && !required) return false;
  if (folder !== undefined && existsSync(join(folder, subfolder))) return true;
  throw new Error(`the vectors of ${subfolder} are missing: set NOTARYKIT_VECTORS to the folder that holds them`);
}

/** The reporters read the name: a run says once which sets were left out. */
function skip(context: TestContext, subfolder: string): never {
  Object.assign(context.task.meta, { absentVectors: subfolder.replace(/\/.*/, '') });
  return context.skip('no third-party vectors');
}

/** Records how many vectors a test stood for; call it last, so that a failure counts none. */
export function countVectors(context: TestContext, passed: number, total: number): void {
  Object.assign(context.task.meta, { vectors: { passed, total } });
}

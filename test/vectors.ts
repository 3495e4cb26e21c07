import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, type TestContext } from 'vitest';

const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = resolve(repositoryRoot, process.env['NOTARYKIT_VECTORS'] ?? '../shared/vectors');

/** Path of a vector file or folder. */
export function vectorPath(...path: string[]): string {
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

/** Names in a vector folder, sorted. */
export function vectorList(...path: string[]): string[] {
  return readdirSync(vectorPath(...path)).sort();
}

/**
 * A set of vectors: `describe` whose outermost name is the set's, skipped with one printed line where the vectors are not
 * there, and failed in CI.
 */
export function vectorSet(set: string, subfolder: string, body: () => void): void {
  if (existsSync(join(folder, subfolder))) {
    describe(set, body);
    return;
  }
  if (process.env['CI']) throw new Error(`the vectors of ${set} are missing: set NOTARYKIT_VECTORS`);
  process.stdout.write(`${set}: skipped, no vectors at ${join(folder, subfolder)} (set NOTARYKIT_VECTORS)\n`);
  describe.skip(set, body);
}

/** Records how many vectors a test stood for; call it last, so that a failure counts none. */
export function countVectors(context: TestContext, passed: number, total: number): void {
  Object.assign(context.task.meta, { vectors: { passed, total } });
}

import {
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyGraph, discover, packArtifact, referrersOf, tagArtifact } from '@notarykit/artifact-graph';
import { isCodedError, utf8 } from '@notarykit/common';
import { fetchBytes } from '@notarykit/oci';
import { type FileSystem, openLayout } from '@notarykit/registry-client/node';
import { expect } from 'vitest';
import { createRelease, type Release } from '../../../support/copy/release.js';
import type { Cell } from './cell.js';

/** A cell that is played by a file system. */
export interface LayoutCell extends Cell {
  readonly operation: 'L';
  /** A file system that fails at the n-th call of one kind; absent: two writers. */
  readonly fileSystem?: (n: number) => FileSystem;
}

const real: FileSystem = { lstat, mkdir, open, readdir, readFile, rename, rm, stat, unlink };

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: a fault of the test`), { code });
}

/** Counts calls and fails at one of them. */
function failingAt(n: number, code: string): () => void {
  let count = 0;
  return () => {
    if (++count === n) throw systemError(code);
  };
}

/** Writes through a handle until the disk is full. */
function withFailingWrites(handle: FileHandle, check: () => void): FileHandle {
  return new Proxy(handle, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (name === 'write') check();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

export const layoutCells: readonly LayoutCell[] = [
  {
    operation: 'L',
    fault: 'disk full',
    fileSystem(n) {
      const check = failingAt(n, 'ENOSPC');
      return { ...real, open: async (...args) => withFailingWrites(await open(...args), check) };
    },
    ends: ['ERR_REGISTRY_STORAGE'],
  },
  {
    operation: 'L',
    fault: 'no permission',
    fileSystem(n) {
      const check = failingAt(n, 'EACCES');
      return {
        ...real,
        async open(...args) {
          if (args[1] === 'wx') check();
          return await open(...args);
        },
      };
    },
    ends: ['ERR_REGISTRY_STORAGE'],
  },
  {
    operation: 'L',
    fault: 'other file system',
    fileSystem(n) {
      const check = failingAt(n, 'EXDEV');
      return {
        ...real,
        async rename(...args) {
          check();
          await rename(...args);
        },
      };
    },
    ends: ['ERR_REGISTRY_STORAGE'],
  },
  { operation: 'L', fault: 'two writers (layout index)', ends: 'success' },
];

/** Plays a cell in a folder that is gone afterwards. */
export async function playLayoutCell(cell: LayoutCell, release: Release): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-fault-'));
  try {
    if (cell.fileSystem === undefined) await playTwoWriters(join(folder, 'layout'), release);
    else await playAtEachCall(cell, cell.fileSystem, folder, release);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The fault at the first call, the second, and so on, until a copy needs no more calls than that. */
async function playAtEachCall(
  cell: LayoutCell,
  fileSystem: (n: number) => FileSystem,
  folder: string,
  release: Release,
): Promise<void> {
  let failed = 0;
  for (let n = 1; ; n++) {
    if (n > 500) throw new Error('the copy does not end');
    const path = join(folder, String(n));
    const old = await prepare(path);
    const error = await copyGraph(release.repository, await openLayout(path, { fileSystem: fileSystem(n) }), {
      reference: 'v1',
      concurrency: 1,
    }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await checkFolder(path, release, old, error === undefined);
    if (error === undefined) break;
    failed++;
    expect(isCodedError(error) ? error.code : error).toBe('ERR_GRAPH_COPY');
    expect(cell.ends).toContain(((error as Error).cause as { code: string }).code);
  }
  expect(failed).toBeGreaterThan(10);
}

async function prepare(path: string): Promise<string> {
  const layers = [{ mediaType: 'text/plain', content: utf8('the release before') }];
  const layout = await openLayout(path, { create: true });
  const options = { artifactType: 'application/vnd.test.old', layers, tags: ['v1'] };
  return (await packArtifact(layout, options)).descriptor.digest;
}

/** The invariants, then the copy again without the fault. */
async function checkFolder(path: string, release: Release, old: string, succeeded: boolean): Promise<void> {
  expect(await leftovers(path)).toEqual([]);
  const layout = await openLayout(path);
  const tagged = await layout.resolve('v1');
  expect(succeeded ? [release.root.digest] : [release.root.digest, old]).toContain(tagged.digest);
  await tagArtifact(layout, tagged, []);
  let missing = 0;
  for await (const descriptor of release.repository.contents()) if (!(await layout.exists(descriptor))) missing++;
  const again = await copyGraph(release.repository, layout, { reference: 'v1', assert: 'graph' });
  expect(again.copied.nodes).toBe(missing);
  await checkWhole(path, release);
}

async function checkWhole(path: string, { repository, root, referrers }: Release): Promise<void> {
  const layout = await openLayout(path);
  for await (const descriptor of repository.contents()) await fetchBytes(layout, descriptor);
  const found = [...referrersOf(await discover(layout, root))].map(({ node }) => node.descriptor.digest).sort();
  expect(found).toEqual(referrers.map(({ digest }) => digest).sort());
}

async function leftovers(path: string): Promise<string[]> {
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => !/^(?:index\.json|oci-layout|blobs(?:\/sha256(?:\/[0-9a-f]{64})?)?)$/.test(name));
}

/** Two copies into one layout at a time: both tags and all referrers are there. */
async function playTwoWriters(path: string, release: Release): Promise<void> {
  const second = await createRelease(1024, 'memory.test/second');
  const layouts = [await openLayout(path, { create: true }), await openLayout(path)] as const;
  await Promise.all([
    copyGraph(release.repository, layouts[0], { reference: 'v1', tag: 'first' }),
    copyGraph(second.repository, layouts[1], { reference: 'v1', tag: 'second' }),
  ]);
  expect(await leftovers(path)).toEqual([]);
  const layout = await openLayout(path);
  for (const [tag, { root }] of [
    ['first', release],
    ['second', second],
  ] as const)
    expect((await tagArtifact(layout, tag, [])).descriptor.digest).toBe(root.digest);
  for (const one of [release, second]) await checkWhole(path, one);
}

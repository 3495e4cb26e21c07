import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { maxIndexEntries, maxIndexSize, readIndexDocument } from '@notarykit/oci/internal';
import type { BlobStore } from './blob-store.js';
import { type ChangeLog, createLog, type LogLine, readLog } from './change-log.js';
import { fileSize, readWhole, replaceFile } from './disk-files.js';
import { growthOf, indexOf, type KeptIndex, keptOf, nothingKept } from './layout-index.js';
import { type OpenTables, openTables, type TableChange } from './tables.js';
import { tablesOfIndex } from './walk-layout.js';

/** Where a repository is, and where its files wait until they are whole. */
export interface LayoutFolder {
  readonly layout: string;
  readonly scratch: string;
  /** Before each write: whether the folder is still this registry's. */
  check(): Promise<void>;
}

/** The tables of a repository, on disk. */
export interface LayoutTables {
  readonly tables: OpenTables;
  persist(change: TableChange): Promise<void>;
  /** Writes `index.json` if it is behind. */
  close(): Promise<void>;
}

/** Up to so many manifests and tags `index.json` alone is written, on each change. Beyond, changes go to a log that is folded into it. */
const smallTables = 512;
const logName = '.tables.jsonl';

/** Tables of a repository that is new. */
export function newLayoutTables(folder: LayoutFolder): LayoutTables {
  return layoutTables(folder, { tables: openTables(), kept: nothingKept, size: 0 });
}

/**
 * The tables of a repository as they were left, by this version or an earlier one, or by another tool. The log holds all of them as long
 * as `index.json` is one that the registry wrote; if it is another's, it holds what came after the last one.
 */
export async function readLayoutTables(folder: LayoutFolder, blobs: BlobStore): Promise<LayoutTables> {
  const bytes = await readWhole(join(folder.layout, 'index.json'));
  const found = await readLog(join(folder.layout, logName));
  const { tables, behind, ours, kept } = await replay(found?.lines ?? [], bytes, blobs);
  const size = bytes.length + behind.reduce((sum, change) => sum + growthOf(change, tables), 0);
  const state = { tables, kept, size, behind: behind.length };
  if (found === undefined) return layoutTables(folder, state);
  return layoutTables(folder, ours ? { ...state, log: found.log } : { ...state, renew: true });
}

async function replay(lines: readonly LogLine[], bytes: Uint8Array, blobs: BlobStore) {
  const indexes = lines.map((line) => line.index);
  const ours = indexes.lastIndexOf(fingerprint(bytes));
  const shown = ours < 0 ? lastIndexIn(indexes) : ours;
  // An index that is the registry's alone need not be read again.
  const index = lines[ours]?.others === false ? undefined : readIndexDocument(bytes);
  const kept = index === undefined ? nothingKept : keptOf(index);
  const tables = ours < 0 && index !== undefined ? await tablesOfIndex(index.entries, blobs) : openTables();
  for (const line of lines.slice(ours < 0 ? shown + 1 : 0)) tables.apply(line);
  return { tables, behind: lines.slice(shown + 1), ours: ours >= 0, kept };
}

function lastIndexIn(indexes: readonly (string | undefined)[]): number {
  let last = indexes.length - 1;
  while (last >= 0 && indexes[last] === undefined) last--;
  return last;
}

interface State {
  readonly tables: OpenTables;
  readonly kept: KeptIndex;
  /** Most bytes that `index.json` would have now. */
  size: number;
  /** How many changes `index.json` does not show yet. */
  behind?: number;
  log?: ChangeLog;
  /** The log is not about this index: it is written anew with the next change. */
  readonly renew?: boolean;
}

function layoutTables({ layout, scratch, check }: LayoutFolder, state: State): LayoutTables {
  const { tables, kept } = state;
  const indexPath = join(layout, 'index.json');
  const logPath = join(layout, logName);
  const isLarge = (): boolean => tables.manifests.size + tables.tags.size > smallTables;

  const rewrite = async (change: TableChange): Promise<void> => {
    const bytes = indexOf(tables.after(change), kept);
    await replaceFile(scratch, indexPath, bytes);
    [state.size, state.behind] = [bytes.length, 0];
  };
  /** The log says which index it leads to before that is written: whichever of the two is found, the log knows it. */
  const fold = async (log: ChangeLog): Promise<void> => {
    const bytes = indexOf(tables, kept);
    const mark = { index: fingerprint(bytes), others: kept !== nothingKept };
    if (log.lines > 2 * (tables.manifests.size + tables.tags.size) + smallTables)
      state.log = await createLog(logPath, scratch, tables, mark);
    else await log.append(mark);
    await replaceFile(scratch, indexPath, bytes);
    [state.size, state.behind] = [bytes.length, 0];
  };
  const openLog = async (): Promise<ChangeLog> => {
    const index = fingerprint(await readWhole(indexPath));
    return await createLog(logPath, scratch, tables, { index, others: kept !== nothingKept });
  };
  const checkFits = (change: TableChange): void => {
    // A tag is an entry, and a manifest without one at most.
    const count = tables.tags.size + tables.manifests.size - tables.tagged + (change.tags?.length ?? 0) + 1;
    const size = state.size + growthOf(change, tables);
    if (count > maxIndexEntries || size > maxIndexSize) state.size = indexOf(tables.after(change), kept).length;
    else state.size = size;
  };

  return {
    tables,
    async persist(change) {
      await check();
      if (state.log === undefined && state.renew !== true && !isLarge()) return await rewrite(change);
      state.log ??= await openLog();
      // Folding costs as much as there is in the index: after a share of that many changes it is not part of the cost of one.
      const due = (state.behind ?? 0) >= Math.max(smallTables, tables.manifests.size / 4);
      if (due) await fold(state.log).catch(() => undefined);
      checkFits(change);
      await state.log.append(change);
      state.behind = (state.behind ?? 0) + 1;
    },
    async close() {
      // So that the next start does not read every manifest. It is a convenience: without it nothing is missing.
      if (state.log === undefined)
        return isLarge()
          ? void (await check()
              .then(openLog)
              .catch(() => undefined))
          : undefined;
      await check();
      if ((state.behind ?? 0) > 0) await fold(state.log);
      if (!isLarge()) await unlink(logPath);
    },
  };
}

function fingerprint(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whether there is a repository. */
export async function isLayout(layout: string): Promise<boolean> {
  return (await fileSize(join(layout, 'oci-layout'))) !== undefined;
}

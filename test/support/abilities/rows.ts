import { abortColumn } from './columns/abort.js';
import { blobColumns } from './columns/blobs.js';
import { commandColumns } from './columns/commands.js';
import { madeColumns } from './columns/made.js';
import { platformsColumn } from './columns/platforms.js';
import { pluginsColumn } from './columns/plugins.js';
import { progressColumn } from './columns/progress.js';
import { runningColumns } from './columns/running.js';
import { shownColumns } from './columns/shown.js';
import { timeColumn } from './columns/time.js';
import { transportColumn } from './columns/transport.js';
import { vsaColumn } from './columns/vsa.js';
import { commandRows } from './rows/commands.js';
import { makerRows } from './rows/makers.js';
import { toolRows } from './rows/tools.js';
import { verbRows } from './rows/verbs.js';
import { type VerbRow, withColumns } from './table.js';

/** The table: one entry for each verb, and what columns say of them. */
export const rows: readonly VerbRow[] = withColumns(
  [...verbRows, ...makerRows, ...toolRows, ...commandRows],
  [
    abortColumn,
    pluginsColumn,
    progressColumn,
    timeColumn,
    transportColumn,
    vsaColumn,
    platformsColumn,
    ...madeColumns,
    ...runningColumns,
    ...shownColumns,
    ...blobColumns,
    ...commandColumns,
  ],
);

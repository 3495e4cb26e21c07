// The checklist of docs/threats.md: its ids, and which of them need a guard row besides a named test.
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../docs/threats.md', import.meta.url), 'utf8');

/** The letters of the groups whose every row needs a guard. */
const guardedGroups = ['J', 'CB', 'A', 'P', 'T', 'S', 'R', 'I', 'D', 'N'];

/** The letters of an id. */
export const groupOf = (id) => id.replace(/\d+$/, '');

/** What has no row of its own, and why. */
export const withoutRow = {};

/** Every id, in the order of the checklist. */
export const threatIds = [...text.matchAll(/^\| ([A-Z]{1,2}\d+) *\|/gm)].map(([, id]) => id);

/** The ids that need a row. */
export const guardedIds = threatIds.filter((id) => guardedGroups.includes(groupOf(id)));

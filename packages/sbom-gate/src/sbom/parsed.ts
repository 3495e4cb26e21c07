import type { JsonObject, JsonValue } from '@notarykit/common/internal';
import { objectsIn, objectsOf } from '../json/members.js';
import type { Component } from './document.js';

/** A JSON document as the scanner left it: its small members, and its lists already cut down to what is needed. */
export interface ParsedDocument {
  /** Names of all top-level members; none for a top-level array. */
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, JsonValue>;
  /** Elements of top-level arrays that are read as a whole; the name of a top-level array is the empty text. */
  readonly lists: ReadonlyMap<string, readonly JsonValue[]>;
  /** Members that are documents themselves, as bytes. */
  readonly embedded: ReadonlyMap<string, Uint8Array>;
  readonly inventory: Inventory;
}

/** Members of the lists that hold inventories, cut down while the document arrives. */
export interface Inventory {
  readonly packages: readonly Spdx2Package[];
  readonly relationships: readonly Spdx2Relationship[];
  readonly components: readonly Component[];
  readonly artifacts: readonly Component[];
  /** Elements of an SPDX 3 graph that say something about packages. */
  readonly graph: readonly JsonObject[];
  /** Elements of these lists that are `null`: they say nothing. */
  readonly nulls: number;
}

/** An inventory while its document arrives. */
export type GatheredInventory = {
  readonly [K in Exclude<keyof Inventory, 'nulls'>]: Inventory[K][number][];
};

/** A package of SPDX 2 with what only the whole document can resolve. */
export interface Spdx2Package {
  readonly id: string;
  readonly component: Component;
  readonly purpose?: string;
  readonly digests: readonly string[];
  readonly comments: readonly string[];
}

/** A relationship of SPDX 2 that says something about scope, root or completeness. */
export interface Spdx2Relationship {
  readonly from: string;
  readonly type: string;
  readonly to: string;
}

/** A top-level member that is an object, else nothing: the kind of a document is recognised by such members, so none is wrong by itself. */
export function memberObject(document: ParsedDocument, name: string): JsonObject | undefined {
  const value = document.values.get(name);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** A top-level member that is text and not empty, else nothing. */
export function memberText(document: ParsedDocument, name: string): string | undefined {
  const value = document.values.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A top-level member as it was written, for readers that refuse another type than they know. */
export function membersOf({ values }: ParsedDocument): JsonObject {
  return Object.fromEntries(values);
}

/** Refuses a document whose inventory stands under a name that is not a list of objects. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function checkLists(document: ParsedDocument, ...names: readonly string[]): void {
  for (const name of names) memberObjects(document, name);
}

/** What a reader notes about entries that say nothing. */
export function warningsOf({ inventory: { nulls } }: ParsedDocument): readonly string[] {
  return nulls > 0 ? [`${nulls} entries are null and were left out`] : [];
}

/** The elements of a top-level list of objects. @throws {GateError} `ERR_GATE_EVIDENCE` when it is something else */
export function memberObjects(document: ParsedDocument, name: string): readonly JsonObject[] {
  return [...objectsOf(membersOf(document), name), ...objectsIn(document.lists.get(name) ?? [], name)];
}

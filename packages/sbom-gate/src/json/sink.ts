import type { JsonValue } from '@notarykit/common/internal';

/** What a {@link JsonSink} wants of a member's value: nothing, the value, or each element of its array. */
export type Wanted = 'skip' | 'value' | 'items' | 'bytes';

/** Where a scanner hands out the wanted parts of a document. The name of a top-level array is the empty text. */
export interface JsonSink {
  /** A member of the top-level object begins. */
  member(name: string): Wanted;
  value(name: string, value: JsonValue): void;
  item(name: string, value: JsonValue, index: number): void;
  bytes(name: string, value: Uint8Array): void;
}

/** Limits of a {@link JsonScanner}. */
export interface JsonScannerOptions {
  /** How deep objects and arrays may be nested. Default 256. */
  readonly maxDepth?: number;
}

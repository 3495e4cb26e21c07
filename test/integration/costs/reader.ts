/** A reader of what strangers send, and inputs of a size that are made to cost it much. */
export interface Reader {
  readonly name: string;
  readonly read: (input: never) => unknown;
  readonly shapes: Readonly<Record<string, (size: number) => unknown>>;
  /** The smaller of two sizes; the other is four times as large. Default 200. */
  readonly size?: number;
}

/** Keeps what a shape makes and what its reader takes together. */
export function reader<T>(
  name: string,
  read: (input: T) => unknown,
  shapes: Readonly<Record<string, (size: number) => T>>,
  size?: number,
): Reader {
  return { name, read, shapes, ...(size === undefined ? {} : { size }) };
}

/** `count` pieces, one after the other. */
export const many = (count: number, piece: (i: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, i) => piece(i)).join(between);

/** The last byte that an upload session has stored; -1 for an empty one, `undefined` when the header cannot be used. */
export function parseUploadRange(header: string | null): number | undefined {
  const match = /^(?:bytes=)?0-(-?\d{1,15})$/.exec(header?.trim() ?? '');
  const end = Number(match?.[1] ?? Number.NaN);
  return Number.isNaN(end) || end < -1 ? undefined : end;
}

/** What a partial answer holds. */
export interface ContentRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly total: number | undefined;
}

/** Reads `Content-Range: bytes a-b/total` (RFC 9110, 14.4). */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2])];
  const total = match[3] === '*' ? undefined : Number(match[3]);
  return end < start || (total !== undefined && end >= total) ? undefined : { start, end, total };
}

/** What the answer to a request for the bytes from `offset` on means. */
export type RangeVerdict =
  | { readonly kind: 'continue' }
  | { readonly kind: 'skip'; readonly bytes: number }
  | { readonly kind: 'complete' }
  | { readonly kind: 'refuse'; readonly why: string };

/** Judges the answer to `Range: bytes=<offset>-` for content of `size` bytes (oci.md 1.4). */
export function judgeRange(status: number, header: string | null, offset: number, size: number): RangeVerdict {
  if (status === 200) return { kind: 'skip', bytes: offset };
  if (status === 416)
    return offset === size ? { kind: 'complete' } : { kind: 'refuse', why: 'range refused before the end' };
  const range = parseContentRange(header);
  if (range === undefined) return { kind: 'refuse', why: 'partial answer without a usable Content-Range' };
  if (range.start !== offset) return { kind: 'refuse', why: `asked from byte ${offset}, got byte ${range.start}` };
  if (range.total !== undefined && range.total !== size) {
    return { kind: 'refuse', why: `total ${range.total} differs from the size ${size}` };
  }
  return { kind: 'continue' };
}

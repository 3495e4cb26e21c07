import { CodecError, type JsonValue } from '@notarykit/common/internal';

const mostNames = 100_000;

/** Names of one hash that are compared one after the other. */
const longestChain = 8;

/**
 * Member names of one document, each with a small number. They are found by a hash that costs little and that anybody can compute:
 * where more names share one than ordinary names do, they are found by their text, by the engine's own seeded hash.
 */
export class NameTable {
  readonly #slots = new Map<number, number>();
  readonly #next: number[] = [];
  /** How many names share the hash of this one, itself included. */
  readonly #chain: number[] = [];
  readonly #byText = new Map<string, number>();
  readonly #bytes: Uint8Array[] = [];

  get size(): number {
    return this.#bytes.length;
  }

  /** The number of a name, new or known. `hash` is {@link hashName} of the same bytes. */
  intern(window: Uint8Array, start: number, end: number, hash: number): number {
    const first = this.#slots.get(hash) ?? -1;
    for (let id = first; id >= 0; id = this.#next[id] as number)
      if (sameName(this.#bytes[id] as Uint8Array, window, start, end)) return id;
    const length = first < 0 ? 1 : (this.#chain[first] as number) + 1;
    if (length > longestChain) return this.#internText(window, start, end);
    const id = this.#add(window, start, end);
    this.#next[id] = first;
    this.#chain[id] = length;
    this.#slots.set(hash, id);
    return id;
  }

  #internText(window: Uint8Array, start: number, end: number): number {
    const text = decoder.decode(window.subarray(start, end));
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const id = this.#add(window, start, end);
    this.#byText.set(text, id);
    return id;
  }

  #add(window: Uint8Array, start: number, end: number): number {
    if (this.#bytes.length >= mostNames)
      throw new CodecError('ERR_CODEC_LIMIT', `a document has at most ${mostNames} different member names`);
    return this.#bytes.push(window.slice(start, end)) - 1;
  }

  text(id: number): string {
    return decoder.decode(this.#bytes[id]);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function sameName(name: Uint8Array, window: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== window[start + i]) return false;
  return true;
}

/** FNV-1a of the bytes of a name. */
export function hashName(window: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (window[i] as number), 0x01000193);
  return hash;
}

/** The value of bytes that the scanner has found to be strict JSON. */
export function parseSlice(window: Uint8Array, start: number, end: number): JsonValue {
  return JSON.parse(decoder.decode(window.subarray(start, end))) as JsonValue;
}

/** The values of neighbouring elements of an array, commas and all, that the scanner has found to be strict JSON. */
export function parseElements(window: Uint8Array, start: number, end: number): readonly JsonValue[] {
  return JSON.parse(`[${decoder.decode(window.subarray(start, end))}]`) as readonly JsonValue[];
}

/** Names whose numbers are below this are looked up in lists, the rest in a table: a list is as long as its highest number. */
const listed = 4096;

/** Which names the objects that are open hold already: at each depth one object is open, and each object has a number. */
export class SeenNames {
  readonly #last: number[][] = [];
  readonly #rare = new Map<number, number>();
  readonly #objects: number[] = [];
  #count = 0;

  /** An object or array begins at a depth. */
  open(depth: number): void {
    this.#objects[depth] = ++this.#count;
  }

  /** Whether a name is new in the object that is open at a depth. */
  add(depth: number, id: number): boolean {
    const object = this.#objects[depth] as number;
    if (id >= listed) return this.#addRare(id * 1024 + depth, object);
    let last = this.#last[depth];
    if (last === undefined) this.#last[depth] = last = [];
    if (last[id] === object) return false;
    while (last.length <= id) last.push(0);
    last[id] = object;
    return true;
  }

  #addRare(place: number, object: number): boolean {
    if (this.#rare.get(place) === object) return false;
    this.#rare.set(place, object);
    return true;
  }
}

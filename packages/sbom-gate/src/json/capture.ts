import { parseElements, parseSlice } from './names.js';
import type { JsonSink, Wanted } from './sink.js';

/** Bytes of elements that are parsed at once. */
const batchSize = 32 * 1024;

/** Marks the values that a sink wants while they pass, and hands them out when they have ended. */
export class JsonCapture {
  readonly #sink: JsonSink;
  /** Where the value that is being kept begins in the window; negative when none is. */
  start = -1;
  #member = '';
  #wanted: Wanted = 'skip';
  #depth = -1;
  /** Depth of the elements of a wanted list. */
  #items = -1;
  #index = 0;
  /** Elements that have ended and were not handed out yet: parsing several at once costs less. */
  #batch = -1;
  #batchEnd = -1;

  constructor(sink: JsonSink) {
    this.#sink = sink;
  }

  /** A member of the top-level object begins. */
  member(name: string): void {
    this.#member = name;
    this.#wanted = this.#sink.member(name);
  }

  /** A value begins at a depth, in an object or an array. */
  begin(depth: number, inObject: boolean, array: boolean, at: number): void {
    if (this.start >= 0 || depth > 2) return;
    if (depth === 0) {
      if (!array) return;
      this.member('');
      if (this.#wanted === 'items') this.#items = 1;
    } else if (depth === this.#items) this.#keep(depth, at);
    else if (depth === 1 && inObject && this.#wanted !== 'skip') {
      if (this.#wanted === 'items' && array) [this.#items, this.#index] = [2, 0];
      else this.#keep(depth, at);
    }
  }

  #keep(depth: number, at: number): void {
    this.start = at;
    this.#depth = depth;
  }

  /** The array or object at a depth is about to end. */
  closing(depth: number, window: Uint8Array): void {
    if (depth !== this.#items) return;
    this.flush(window);
    this.#items = -1;
  }

  /** A value has ended before `at`. */
  ended(depth: number, window: Uint8Array, at: number): void {
    if (this.start < 0 || depth !== this.#depth) return;
    const { start } = this;
    this.start = -1;
    if (this.#items === depth) {
      if (this.#batch < 0) this.#batch = start;
      this.#batchEnd = at;
      if (at - this.#batch > batchSize) this.flush(window);
    } else if (this.#wanted === 'bytes') this.#sink.bytes(this.#member, window.slice(start, at));
    else this.#sink.value(this.#member, parseSlice(window, start, at));
  }

  /** Hands out the elements that have ended; after it the bytes before `start` are not needed. */
  flush(window: Uint8Array): void {
    if (this.#batch < 0) return;
    const values = parseElements(window, this.#batch, this.#batchEnd);
    this.#batch = -1;
    for (const value of values) this.#sink.item(this.#member, value, this.#index++);
  }
}

import { CodecError, quote, utf8 } from '@notarykit/common/internal';
import { JsonCapture } from './capture.js';
import { checkNumber, Escape, isNumberByte, isSpace, special, words } from './lexemes.js';
import { hashName, NameTable, parseSlice, SeenNames } from './names.js';
import type { JsonScannerOptions, JsonSink } from './sink.js';

const states = { value: 0, valueOrEnd: 1, name: 2, nameOrEnd: 3, colon: 4, after: 5, done: 6 } as const;
const inString = 10;
const inEscape = 11;
const inNumber = 12;
const inWord = 13;

/**
 * Checks one JSON document (RFC 8259) as its bytes arrive and hands out only the parts that its sink wants, so that a large
 * document is never in memory as a whole. The profile is that of `parseJson`: UTF-8 without byte order mark, no
 * duplicate member at any level, no lone surrogate, no number beyond a double, bounded depth, nothing after the document.
 */
export class JsonScanner {
  readonly #capture: JsonCapture;
  readonly #maxDepth: number;
  readonly #names = new NameTable();
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #escape = new Escape();
  /** Per depth: is it an object. */
  readonly #objects: boolean[] = [];
  readonly #seen = new SeenNames();
  #depth = 0;
  #state: number = states.value;
  #window: Uint8Array = new Uint8Array(0);
  #length = 0;
  #at = 0;
  /** Bytes of the document before the window. */
  #before = 0;
  #token = -1;
  #nameToken = false;
  #escaped = false;
  #word: Uint8Array = words[0] as Uint8Array;

  constructor(sink: JsonSink, options: JsonScannerOptions = {}) {
    this.#capture = new JsonCapture(sink);
    // Depths are distinguished up to this.
    this.#maxDepth = Math.min(options.maxDepth ?? 256, 1023);
  }

  /**
   * Takes the next bytes; they must not change before the document ends.
   *
   * @throws {CodecError} `ERR_CODEC_JSON`, `ERR_CODEC_UTF8`, `ERR_CODEC_LIMIT`
   */
  write(chunk: Uint8Array): void {
    this.#checkUtf8(chunk, true);
    this.#append(chunk);
    this.#run();
    this.#capture.flush(this.#window);
  }

  /**
   * Ends the document.
   *
   * @throws {CodecError} `ERR_CODEC_JSON`, `ERR_CODEC_UTF8`
   */
  end(): void {
    this.#checkUtf8(new Uint8Array(0), false);
    if (this.#state === inNumber) this.#number(this.#length);
    if (this.#state !== states.done) this.#fail('the rest of the document');
  }

  #checkUtf8(chunk: Uint8Array, stream: boolean): void {
    try {
      this.#utf8.decode(chunk, { stream });
    } catch (cause) {
      throw new CodecError('ERR_CODEC_UTF8', `expected UTF-8 after byte ${this.#before}, found bytes that are not`, {
        cause,
      });
    }
  }

  #append(chunk: Uint8Array): void {
    const { start } = this.#capture;
    const keep = start >= 0 ? start : this.#token;
    const kept = keep < 0 ? 0 : this.#length - keep;
    if (kept > 0 && this.#window.length - this.#length >= chunk.length) {
      this.#window.set(chunk, this.#length);
      this.#length += chunk.length;
      return;
    }
    const shift = keep < 0 ? this.#length : keep;
    this.#window = kept === 0 ? chunk : joined(this.#window.subarray(keep, this.#length), chunk);
    this.#before += shift;
    this.#at -= shift;
    if (this.#token >= 0) this.#token -= shift;
    if (start >= 0) this.#capture.start -= shift;
    this.#length = kept + chunk.length;
  }

  #fail(expected: string): never {
    const byte = this.#at < this.#length ? quote(String.fromCharCode(this.#window[this.#at] as number)) : 'the end';
    throw new CodecError('ERR_CODEC_JSON', `expected ${expected} at byte ${this.#before + this.#at}, found ${byte}`);
  }

  #run(): void {
    while (this.#at < this.#length) {
      if (this.#state < inString) this.#structure();
      else if (this.#state === inString) this.#string();
      else if (this.#state === inEscape) this.#escapeByte();
      else if (this.#state === inNumber) this.#numberBytes();
      else this.#wordByte();
    }
  }

  #structure(): void {
    const window = this.#window;
    const end = this.#length;
    let at = this.#at;
    while (at < end && isSpace(window[at] as number)) at++;
    this.#at = at;
    if (at === end) return;
    const byte = window[at] as number;
    switch (this.#state) {
      case states.nameOrEnd:
        if (byte === 0x7d) this.#close(true);
        else this.#name(byte);
        break;
      case states.name:
        this.#name(byte);
        break;
      case states.colon:
        if (byte !== 0x3a) this.#fail('":"');
        this.#at++;
        this.#state = states.value;
        break;
      case states.valueOrEnd:
        if (byte === 0x5d) this.#close(false);
        else this.#value(byte);
        break;
      case states.value:
        this.#value(byte);
        break;
      case states.after:
        this.#after(byte);
        break;
      default:
        this.#fail('the end of the document');
    }
  }

  #name(byte: number): void {
    if (byte !== 0x22) this.#fail('a member name');
    this.#nameToken = true;
    this.#token = this.#at++;
    this.#state = inString;
  }

  #value(byte: number): void {
    this.#capture.begin(this.#depth, this.#objects[this.#depth] === true, byte === 0x5b, this.#at);
    if (byte === 0x22) {
      this.#at++;
      this.#state = inString;
    } else if (byte === 0x7b || byte === 0x5b) this.#open(byte === 0x7b);
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      this.#token = this.#at;
      this.#state = inNumber;
    } else {
      const word = words.find((candidate) => candidate[0] === byte);
      if (word === undefined) this.#fail('a value');
      this.#word = word;
      this.#wordIndex = 0;
      this.#state = inWord;
    }
  }

  #wordIndex = 0;

  #open(object: boolean): void {
    if (++this.#depth > this.#maxDepth)
      throw new CodecError(
        'ERR_CODEC_LIMIT',
        `JSON is nested deeper than ${this.#maxDepth} levels at byte ${this.#before + this.#at}`,
      );
    this.#objects[this.#depth] = object;
    this.#seen.open(this.#depth);
    this.#at++;
    this.#state = object ? states.nameOrEnd : states.valueOrEnd;
  }

  #close(object: boolean): void {
    if (this.#objects[this.#depth] !== object) this.#fail(object ? '"," or "]"' : '"," or "}"');
    this.#capture.closing(this.#depth, this.#window);
    this.#depth--;
    this.#at++;
    this.#ended();
  }

  #after(byte: number): void {
    const object = this.#objects[this.#depth] === true;
    if (byte === 0x2c) {
      this.#at++;
      this.#state = object ? states.name : states.value;
    } else if (byte === 0x7d || byte === 0x5d) this.#close(byte === 0x7d);
    else this.#fail(object ? '"," or "}"' : '"," or "]"');
  }

  /** A value has ended just before the current byte. */
  #ended(): void {
    this.#state = this.#depth === 0 ? states.done : states.after;
    this.#capture.ended(this.#depth, this.#window, this.#at);
  }

  #string(): void {
    const window = this.#window;
    let at = this.#at;
    if (this.#escape.pending && window[at] !== 0x5c) this.#lone();
    const end = this.#length;
    while (at < end && special[window[at] as number] === 0) at++;
    this.#at = at;
    if (at === end) return;
    const byte = window[at];
    if (byte === 0x22) this.#stringEnd();
    else if (byte === 0x5c) {
      this.#escaped = true;
      this.#at++;
      this.#state = inEscape;
      this.#escape.begin();
    } else this.#fail('a string without control characters');
  }

  #escapeByte(): void {
    const outcome = this.#escape.take(this.#window[this.#at] as number);
    if (outcome === 'lone') this.#lone();
    if (outcome === 'invalid') this.#fail('an escape of RFC 8259');
    this.#at++;
    if (outcome === 'done') this.#state = inString;
  }

  #lone(): never {
    throw new CodecError('ERR_CODEC_UTF8', `lone surrogate in a string before byte ${this.#before + this.#at}`);
  }

  #stringEnd(): void {
    const end = this.#at++;
    if (this.#nameToken) {
      this.#nameToken = false;
      this.#state = states.colon;
      this.#named(this.#token + 1, end);
      this.#token = -1;
    } else this.#ended();
    this.#escaped = false;
  }

  #named(start: number, end: number): void {
    const id = this.#escaped ? this.#internEscaped(start, end) : this.#intern(this.#window, start, end);
    if (!this.#seen.add(this.#depth, id))
      throw new CodecError(
        'ERR_CODEC_JSON',
        `member ${quote(this.#names.text(id))} appears twice, the second time at byte ${this.#before + start - 1}`,
      );
    if (this.#depth === 1) this.#capture.member(this.#names.text(id));
  }

  #intern(window: Uint8Array, start: number, end: number): number {
    return this.#names.intern(window, start, end, hashName(window, start, end));
  }

  #internEscaped(start: number, end: number): number {
    const name = utf8(parseSlice(this.#window, start - 1, end + 1) as string);
    return this.#intern(name, 0, name.length);
  }

  #numberBytes(): void {
    let at = this.#at;
    while (at < this.#length && isNumberByte(this.#window[at] as number)) at++;
    this.#at = at;
    if (at < this.#length) this.#number(at);
    else if (at - this.#token > 1000) this.#fail('a number of at most 1000 characters');
  }

  #number(end: number): void {
    if (!checkNumber(this.#window, this.#token, end)) {
      this.#at = this.#token;
      this.#fail('a number that a double can hold');
    }
    this.#token = -1;
    this.#ended();
  }

  #wordByte(): void {
    if (this.#window[this.#at] !== this.#word[this.#wordIndex]) this.#fail('a value');
    this.#at++;
    if (++this.#wordIndex === this.#word.length) this.#ended();
  }
}

/** Kept bytes and new ones, with twice the room, so that a long value is moved a few times and not once per chunk. */
function joined(kept: Uint8Array, chunk: Uint8Array): Uint8Array {
  const room = new Uint8Array((kept.length + chunk.length) * 2);
  room.set(kept);
  room.set(chunk, kept.length);
  return room;
}

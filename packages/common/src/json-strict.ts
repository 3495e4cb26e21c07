import { CodecError, quote } from './errors.js';
import type { JsonObject, JsonValue, ParseJsonOptions } from './json-value.js';

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainString = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** @throws {CodecError} `ERR_CODEC_UTF8` for a lone surrogate */
export function checkWellFormed(text: string): string {
  if (loneSurrogate.test(text)) throw new CodecError('ERR_CODEC_UTF8', 'lone surrogate in the text');
  return text;
}

/** Parses by our own rules, and says what breaks them and where. */
export function parseStrictly(text: string, options: ParseJsonOptions): JsonValue {
  return new JsonParser(text, options).document();
}

class JsonParser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #integers: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, options: ParseJsonOptions) {
    this.#text = text;
    this.#maxDepth = options.maxDepth ?? 64;
    this.#integers = options.numbers === 'integers';
  }

  document(): JsonValue {
    this.#space();
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('the end of the document');
    return value;
  }

  #fail(expected: string): never {
    const found = this.#at < this.#text.length ? quote(this.#text.slice(this.#at, this.#at + 12)) : 'the end';
    throw new CodecError('ERR_CODEC_JSON', `expected ${expected} at character ${this.#at}, found ${found}`);
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #value(): JsonValue {
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object();
      case 0x5b:
        return this.#array();
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #enter(): void {
    if (++this.#depth > this.#maxDepth) {
      throw new CodecError(
        'ERR_CODEC_LIMIT',
        `JSON is nested deeper than ${this.#maxDepth} levels at character ${this.#at}`,
      );
    }
    this.#at++;
    this.#space();
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('a value');
    this.#at += word.length;
    return value;
  }

  #object(): JsonObject {
    // `Object.create(null)` makes a hash table of each object, which takes more memory and more time to collect.
    const object = Object.setPrototypeOf({}, null) as Record<string, JsonValue>;
    this.#enter();
    if (this.#skip(0x7d)) return this.#leave(object);
    do {
      this.#space();
      if (this.#text.charCodeAt(this.#at) !== 0x22) this.#fail('a member name');
      const start = this.#at;
      const name = this.#string();
      if (name in object) {
        throw new CodecError(
          'ERR_CODEC_JSON',
          `member ${quote(name)} appears twice, the second time at character ${start}`,
        );
      }
      this.#space();
      if (!this.#skip(0x3a)) this.#fail('":"');
      this.#space();
      object[name] = this.#value();
      this.#space();
    } while (this.#skip(0x2c));
    if (!this.#skip(0x7d)) this.#fail('"," or "}"');
    return this.#leave(object);
  }

  #array(): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.#enter();
    if (this.#skip(0x5d)) return this.#leave(items);
    do {
      this.#space();
      items.push(this.#value());
      this.#space();
    } while (this.#skip(0x2c));
    if (!this.#skip(0x5d)) this.#fail('"," or "]"');
    return this.#leave(items);
  }

  #skip(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #string(): string {
    this.#at++;
    let text = this.#plain();
    if (this.#skip(0x22)) return text;
    while (this.#text.charCodeAt(this.#at) === 0x5c) text += this.#escape() + this.#plain();
    if (!this.#skip(0x22)) this.#fail('the end of a string');
    // Only an escape can make a lone surrogate: the document itself has none.
    return checkWellFormed(text);
  }

  #plain(): string {
    const start = this.#at;
    plainString.lastIndex = start;
    // The expression matches at least the empty string, so that its end is where the run ends.
    plainString.test(this.#text);
    this.#at = plainString.lastIndex;
    return this.#text.slice(start, this.#at);
  }

  #escape(): string {
    const name = this.#text.charAt(this.#at + 1);
    const simple = Object.hasOwn(escapes, name) ? escapes[name] : undefined;
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (name !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('an escape of RFC 8259');
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number {
    numberPattern.lastIndex = this.#at;
    const text = numberPattern.exec(this.#text)?.[0];
    if (text === undefined) this.#fail('a value');
    const value = Number(text);
    if (!Number.isFinite(value) || (this.#integers && (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value)))) {
      this.#fail(this.#integers ? 'an integer from 0 to 2^53-1' : 'a number that a double can hold');
    }
    this.#at += text.length;
    return value;
  }
}

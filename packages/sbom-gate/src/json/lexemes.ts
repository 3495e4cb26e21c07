import { utf8 } from '@notarykit/common/internal';

/** The three words of JSON, distinguished by their first byte. */
export const words: readonly Uint8Array[] = [utf8('true'), utf8('false'), utf8('null')];

/** 1 for every byte that ends a run of plain characters inside a string. */
export const special: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === 0x22 || byte === 0x5c ? 1 : 0,
);

const numberPattern = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Whether bytes are a number of RFC 8259 that a double can hold. */
export function checkNumber(window: Uint8Array, start: number, end: number): boolean {
  if (isPlainInteger(window, start, end)) return true;
  if (end - start > 1000) return false;
  const text = String.fromCharCode(...window.subarray(start, end));
  return numberPattern.test(text) && Number.isFinite(Number(text));
}

/** The usual number: a few digits, the first of them no zero. */
function isPlainInteger(window: Uint8Array, start: number, end: number): boolean {
  if (end - start > 15 || window[start] === 0x30) return false;
  for (let i = start; i < end; i++) {
    const byte = window[i] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

/** What {@link Escape.take} says of a byte. */
export type EscapeOutcome = 'more' | 'done' | 'invalid' | 'lone';

/** An escape of a string under way, and whether a high surrogate waits for its low one. */
export class Escape {
  /** A first half was read and nothing since. */
  pending = false;
  #digits = -1;
  #code = 0;

  begin(): void {
    this.#digits = -1;
  }

  take(byte: number): EscapeOutcome {
    if (this.#digits < 0) return this.#letter(byte);
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) return 'invalid';
    this.#code = this.#code * 16 + digit;
    return ++this.#digits < 4 ? 'more' : this.#unit(this.#code);
  }

  #letter(byte: number): EscapeOutcome {
    if (byte === 0x75) {
      [this.#digits, this.#code] = [0, 0];
      return 'more';
    }
    if (this.pending) return 'lone';
    return '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 'done' : 'invalid';
  }

  #unit(code: number): EscapeOutcome {
    const second = code >= 0xdc00 && code <= 0xdfff;
    if (second !== this.pending) return 'lone';
    this.pending = code >= 0xd800 && code <= 0xdbff;
    return 'done';
  }
}

/** Whether a byte is white space of JSON. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether a byte may appear in a number. */
export function isNumberByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45
  );
}

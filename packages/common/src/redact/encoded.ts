/** A stretch of a text that may be bytes of something else: base64, hexadecimal, or a list of numbers. */
export interface EncodedRun {
  readonly start: number;
  readonly end: number;
  /** What it may stand for: wherever in the stretch the encoding begins. */
  readonly texts: readonly string[];
}

interface Encoding {
  readonly pattern: RegExp;
  /** All that a stretch may mean. */
  readonly read: (run: string) => readonly Uint8Array<ArrayBuffer>[];
}

const sign = '(?:[A-Za-z0-9+/_-]|%2[bBfF])';
const broken = '(?:\\r?\\n|(?:\\\\{1,4}r)?\\\\{1,4}n)[ \\t]{0,32}';
const gap = '(?:[\\s,]|\\\\{1,4}[nrt])';

/** Its lines folded, its signs percent-encoded. */
const base64: Encoding = {
  pattern: /* @__PURE__ */ (() => new RegExp(`${sign}{6,}(?:${broken}${sign}+)*(?:=|%3[dD]){0,2}`, 'g'))(),
  read: (run) => [0, 1, 2, 3].map((skip) => fromBase64(plain(run).slice(skip))),
};

const fromHexRun = (run: string): readonly Uint8Array<ArrayBuffer>[] => {
  const digits = run.replace(/(?:\n|\\n)[0-9a-f]{8}|0x|[^0-9a-f]/gi, '');
  return [0, 1].map((skip) => fromHex(digits.slice(skip)));
};

/** As one word, perhaps with colons. */
const hexadecimal: Encoding = { pattern: /(?:[0-9A-Fa-f]{2}:?){4,}/g, read: fromHexRun };

const group = '(?:0x)?(?:[0-9A-Fa-f]{2}){1,4}(?![0-9A-Za-z])';
const offset = '(?:\\n|\\\\{1,4}n)[0-9a-f]{8}';

/** As a dump of a Buffer, with offsets before the lines, or as numbers of C. */
const dump: Encoding = {
  pattern: /* @__PURE__ */ (() => new RegExp(`${group}(?:(?:${offset}|:|${gap}){1,32}${group}){3,}`, 'g'))(),
  read: fromHexRun,
};

/** Bytes as JSON and most languages print an array of them. */
const numbers: Encoding = {
  pattern: /* @__PURE__ */ (() => new RegExp(`(?:\\d{1,3}${gap}{1,32}){3,}\\d{1,3}`, 'g'))(),
  read: (run) => [Uint8Array.from(run.match(/\d+/g) ?? [], Number)],
};

const encodings = [base64, hexadecimal, dump, numbers];
const utf8 = /* @__PURE__ */ new TextDecoder();
const utf16 = /* @__PURE__ */ (() => [new TextDecoder('utf-16le'), new TextDecoder('utf-16be')])();

/** The stretches of a text that may be encodings of something else. */
export function* encodedRuns(text: string): Generator<EncodedRun, void, undefined> {
  for (const { pattern, read } of encodings)
    for (const { index, 0: run } of text.matchAll(pattern))
      yield { start: index, end: index + run.length, texts: read(run).flatMap(textsOf) };
}

/** Zeros may be halves of characters: Windows encodes its texts so. */
function textsOf(bytes: Uint8Array<ArrayBuffer>): readonly string[] {
  const wide = bytes.includes(0) ? [bytes, bytes.subarray(1)] : [];
  return [utf8.decode(bytes), ...wide.flatMap((half) => utf16.map((decoder) => decoder.decode(half)))];
}

const plain = (run: string): string =>
  run
    .replace(new RegExp(broken, 'g'), '')
    .replace(/%2b|-/gi, '+')
    .replace(/%2f|_/gi, '/')
    .replace(/(?:=|%3d)+$/i, '');

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const alphabet = /* @__PURE__ */ (() => new Map(Array.from(letters, (letter, value) => [letter, value])))();

/** Tolerant: an incomplete group at the end is decoded as far as possible. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, held, length] = [0, 0, 0];
  for (const character of text) {
    bits = ((bits << 6) | (alphabet.get(character) ?? 0)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = (bits >> held) & 0xff;
  }
  return bytes.subarray(0, length);
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

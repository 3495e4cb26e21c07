/** A stretch of a text that may be base64 (its lines folded, its signs percent-encoded) or hexadecimal. */
export interface EncodedRun {
  readonly start: number;
  readonly end: number;
  /** What it may stand for: wherever in the stretch the encoding begins. */
  readonly texts: readonly string[];
}

const sign = '(?:[A-Za-z0-9+/_-]|%2[bBfF])';
const broken = '(?:\\r?\\n|(?:\\\\{1,4}r)?\\\\{1,4}n)[ \\t]{0,32}';
const base64Run = /* @__PURE__ */ (() => new RegExp(`${sign}{6,}(?:${broken}${sign}+)*(?:=|%3[dD]){0,2}`, 'g'))();
const hexRun = /(?:[0-9A-Fa-f]{2}:?){4,}/g;
const decoder = /* @__PURE__ */ new TextDecoder();

/** The stretches of a text that may be encodings of something else. */
export function* encodedRuns(text: string): Generator<EncodedRun, void, undefined> {
  for (const { index, 0: run } of text.matchAll(base64Run))
    yield {
      start: index,
      end: index + run.length,
      texts: [0, 1, 2, 3].map((skip) => fromBase64(plain(run).slice(skip))),
    };
  for (const { index, 0: run } of text.matchAll(hexRun)) {
    const digits = run.replaceAll(':', '');
    yield { start: index, end: index + run.length, texts: [0, 1].map((skip) => fromHex(digits.slice(skip))) };
  }
}

const plain = (run: string): string =>
  run
    .replace(new RegExp(broken, 'g'), '')
    .replace(/%2b|-/gi, '+')
    .replace(/%2f|_/gi, '/')
    .replace(/(?:=|%3d)+$/i, '');

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const alphabet = /* @__PURE__ */ (() => new Map(Array.from(letters, (letter, value) => [letter, value])))();

/** Tolerant: half a group at the end says what it can. */
function fromBase64(text: string): string {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, held, length] = [0, 0, 0];
  for (const character of text) {
    bits = ((bits << 6) | (alphabet.get(character) ?? 0)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = (bits >> held) & 0xff;
  }
  return decoder.decode(bytes.subarray(0, length));
}

function fromHex(digits: string): string {
  const pairs = digits.match(/../g) ?? [];
  return decoder.decode(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)));
}

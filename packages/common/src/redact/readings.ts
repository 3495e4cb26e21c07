/** Where spellings of a character end that begin at a place; none where it is not the character, or not spelled like this. */
type Reading = (text: string, at: number, character: string) => readonly number[];

const none: readonly number[] = [];

const asItIs: Reading = (text, at, character) => (text.startsWith(character, at) ? [at + character.length] : none);

/** In capitals or small letters, as names of headers are made. */
const inOtherCase: Reading = (text, at, character) => {
  const found = text.slice(at, at + character.length);
  return found !== character && found.toLowerCase() === character.toLowerCase() ? [at + character.length] : none;
};

/** One backslash, escaped as often as it was quoted. */
const backslash: Reading = (text, at, character) =>
  character === '\\' ? [2, 4, 8].filter((length) => length <= runLength(text, at)).map((length) => at + length) : none;

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
  e: '\u001b',
  0: '\0',
};

/** Behind backslashes, one or (JSON in JSON) several: `\"`, `\n`, `\u00e4`, `\u{e4}`. */
const escaped: Reading = (text, at, character) => {
  const run = runLength(text, at);
  if (run === 0) return none;
  const name = text.charAt(at + run);
  if (name === 'u' || name === 'U') return unicode(text, at, character);
  const isSelf = name === character && /[^0-9A-Za-z\\]/.test(name);
  return isSelf || (Object.hasOwn(letters, name) && letters[name] === character) ? [at + run + 1] : none;
};

const unit = /\\{1,64}(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|U([0-9a-f]{8}))/iy;

/** One escape, or two for a surrogate pair. */
function unicode(text: string, at: number, character: string): readonly number[] {
  let [end, read] = [at, ''];
  for (let count = 0; count < 2 && read.length < character.length; count++) {
    unit.lastIndex = end;
    const match = unit.exec(text);
    if (match === null) return none;
    const code = Number.parseInt(match[1] ?? match[2] ?? match[3] ?? '', 16);
    if (code > 0x10ffff) return none;
    read += match[1] === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
    end = unit.lastIndex;
  }
  return read === character ? [end] : none;
}

const encoder = /* @__PURE__ */ new TextEncoder();
/** As URLs, forms, C and quoted-printable have it; and percent-encoded again. */
const byteEscape = /(?:%|\\{1,8}x|=)([0-9a-f]{2})|\\{1,8}([0-3][0-7]{2}|[0-7]{1,2}(?![0-7]))/iy;
const byteEscapedTwice = /%25([0-9a-f]{2})/iy;
const byteEscapedThrice = /%2525([0-9a-f]{2})/iy;

/** Byte by byte; not escaped where UTF-8 was taken for Latin-1. */
const inBytes =
  (pattern: RegExp): Reading =>
  (text, at, character) => {
    let end = at;
    for (const byte of encoder.encode(character)) {
      pattern.lastIndex = end;
      const match = pattern.exec(text);
      const [, hex, octal = ''] = match ?? [];
      const escapedByte = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
      if ((match === null ? text.charCodeAt(end) : escapedByte) !== byte) return none;
      end = match === null ? end + 1 : pattern.lastIndex;
    }
    return [end];
  };

const entities: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", nbsp: ' ' };
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/iy;

const inHtml: Reading = (text, at, character) => {
  entity.lastIndex = at;
  const match = entity.exec(text);
  if (match === null) return none;
  const [, decimal, hex, name = ''] = match;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const found = Number.isNaN(code) ? entities[name.toLowerCase()] : code <= 0x10ffff ? String.fromCodePoint(code) : '';
  return found === character ? [entity.lastIndex] : none;
};

/** A quotation mark in quotation marks: of shells, and doubled. */
const quoted: Reading = (text, at, character) => {
  const forms = character === "'" ? ["'\\''", `'"'"'`, "''"] : character === '"' ? ['""'] : [];
  return forms.filter((form) => text.startsWith(form, at)).map((form) => at + form.length);
};

const broken = '(?:[=\\\\]?\\r?\\n|(?:\\\\{1,8}r)?\\\\{1,8}n)';
const blanks = /* @__PURE__ */ (() => new RegExp(`(?:[ \\t]|\\\\{1,8}t|${broken}){1,32}|\\+`, 'y'))();

/** A blank may have become several, a line break, or the `+` of a form. */
const blank: Reading = (text, at, character) => {
  if (character !== ' ' && character !== '\n') return none;
  blanks.lastIndex = at;
  return blanks.test(text) ? [blanks.lastIndex] : none;
};

/** What is left of a character that a reader could not decode. */
const lost: Reading = (text, at, character) =>
  (character.codePointAt(0) as number) > 0x7f && text.charCodeAt(at) === 0xfffd ? [at + 1] : none;

const fold = /* @__PURE__ */ (() => new RegExp(`${broken}(?:[ \\t]|\\\\{1,8}t){0,32}`, 'y'))();

/** Where a line break ends that was put into a text to fold it, with the blanks of the next line; -1 where there is none. */
export function foldAt(text: string, at: number): number {
  fold.lastIndex = at;
  return fold.test(text) ? fold.lastIndex : -1;
}

/** Every way to read one character. */
export const readings: readonly Reading[] = [
  asItIs,
  inOtherCase,
  backslash,
  quoted,
  escaped,
  /* @__PURE__ */ inBytes(byteEscape),
  /* @__PURE__ */ inBytes(byteEscapedTwice),
  /* @__PURE__ */ inBytes(byteEscapedThrice),
  inHtml,
  blank,
  lost,
];

/** How many backslashes are there, at most 64. */
function runLength(text: string, at: number): number {
  let length = 0;
  while (length < 64 && text.charCodeAt(at + length) === 0x5c) length++;
  return length;
}

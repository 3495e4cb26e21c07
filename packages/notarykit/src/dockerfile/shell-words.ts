import { removeMatch, replaceMatches } from './glob.js';
import type { EscapeMark } from './lines.js';
import { ExpansionError } from './shell-error.js';
import { isSpace } from './white-space.js';

/** Variables by name. A name that is absent is unset; `null` is set, to a value that is not known here. */
export type Variables = ReadonlyMap<string, string | null>;

/** What a text is after quotes, escapes and variables. */
export interface ShellText {
  readonly text: string;
  /** The text split at white space that is not quoted. */
  readonly words: readonly string[];
  /** Names of variables whose value matters and is unset or not known. */
  readonly unset: readonly string[];
}

/** How a text is read. */
export interface ShellOptions {
  readonly escapeMark: EscapeMark;
  readonly variables: Variables;
  /** Keep quotes and escapes. */
  readonly raw?: boolean;
  /** Keep variables that are unset as they are written. */
  readonly keepUnset?: boolean;
}

/**
 * Reads text as the BuildKit frontend does: `$v`, `${v}`, `${v:-w}`, `${v-w}`, `${v:+w}`, `${v+w}`, `${v:?w}`, prefix and suffix
 * removal, replacement, quotes and escapes.
 *
 * @throws {ExpansionError}
 */
export function readShellText(text: string, options: ShellOptions): ShellText {
  // The frontend's scanner drops a byte order mark at the start.
  if (text.startsWith('\ufeff')) throw new ExpansionError('a byte order mark inside the file');
  const reader = new ShellReader(text, options);
  const { text: result, words } = reader.readTo(undefined, options.raw === true, false);
  return { text: result, words, unset: [...reader.unset] };
}

const name = /(?:\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*)/uy;

const deepest = 100;

class ShellReader {
  readonly unset: Set<string> = new Set();
  readonly #text: string;
  readonly #options: ShellOptions;
  readonly #words = new WordSplitter();
  #rawEscapes = false;
  #at = 0;
  #depth = 0;

  constructor(text: string, options: ShellOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Reads up to a character, which is consumed, or to the end. */
  readTo(stop: string | undefined, rawEscapes: boolean, pattern: boolean): { text: string; words: readonly string[] } {
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const words = this.#words.begin();
    let text = '';
    for (;;) {
      const character = this.#peek();
      if (character === '') break;
      if (character === stop) {
        this.#at++;
        this.#rawEscapes = outer;
        return { text, words: this.#words.end(words) };
      }
      text += this.#piece(character, pattern);
    }
    if (stop !== undefined) throw new ExpansionError(`"${stop}" is missing`);
    this.#rawEscapes = outer;
    return { text, words: this.#words.end(words) };
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(): string {
    return this.#text.charAt(this.#at++);
  }

  #piece(character: string, pattern: boolean): string {
    switch (character) {
      case '$':
        return this.#words.splitting(this.#variable());
      case '<':
        return this.#words.keeping(this.#redirection());
      case "'":
        return this.#words.keeping(this.#single(pattern));
      case '"':
        return this.#words.keeping(this.#double(pattern));
      default:
        return this.#plain();
    }
  }

  #plain(): string {
    const character = this.#take();
    if (character !== this.#options.escapeMark) return this.#words.splitting(character);
    return this.#words.keeping((this.#rawEscapes ? character : '') + this.#take());
  }

  /** The mark of a here-document keeps the blanks before its word with it. */
  #redirection(): string {
    const [mark = '<'] = /^<<[\t\r ]*|^</.exec(this.#text.slice(this.#at, this.#at + 256)) ?? [];
    if (mark.length === 256) throw new ExpansionError('expected fewer than 254 blanks after "<<"');
    this.#at += mark.length;
    return mark;
  }

  #single(pattern: boolean): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new ExpansionError('a single quote has no end');
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    const mark = this.#options.escapeMark;
    const text = pattern ? inside.replaceAll(mark, () => mark + mark) : inside;
    return this.#options.raw === true ? `'${text}'` : text;
  }

  #double(pattern: boolean): string {
    const quoteMark = this.#options.raw === true ? '"' : '';
    this.#at++;
    let text = quoteMark;
    while (this.#peek() !== '"') {
      if (this.#peek() === '') throw new ExpansionError('a double quote has no end');
      text += this.#peek() === '$' ? this.#variable() : this.#inDouble(pattern);
    }
    this.#at++;
    return text + quoteMark;
  }

  #inDouble(pattern: boolean): string {
    const character = this.#take();
    if (character !== this.#options.escapeMark) return character;
    const next = this.#peek();
    if (next === '') return '';
    if (next === '"' || next === '$' || next === character) return (this.#rawEscapes ? character : '') + this.#take();
    return this.#rawEscapes && (this.#options.raw !== true || pattern) ? character + character : character;
  }

  #name(): string {
    name.lastIndex = this.#at;
    const found = name.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #variable(): string {
    this.#at++;
    if (this.#peek() === '{') return this.#braced();
    const found = this.#name();
    return found === '' ? '$' : this.#plainValue(found, `$${found}`);
  }

  /** The value, which must be there for the text to mean something. */
  #plainValue(found: string, written: string): string {
    const value = this.#lookUp(found);
    if (value !== undefined) return value;
    if (this.#options.keepUnset === true) return written;
    this.unset.add(found);
    return '';
  }

  #lookUp(found: string): string | undefined {
    const value = this.#options.variables.get(found);
    if (value === null) this.unset.add(found);
    return value === null ? '' : value;
  }

  #braced(): string {
    this.#at++;
    if (['', '{', '}', ':'].includes(this.#peek())) throw new ExpansionError('expected a variable after "${"');
    const found = this.#name();
    const operator = this.#take();
    if (operator === '}') return this.#plainValue(found, `\${${found}}`);
    if (operator === '/') return this.#replaced(found);
    const colon = operator === ':' ? ':' : '';
    const kind = colon === '' ? operator : this.#take();
    if (!'+-?#%'.includes(kind) || kind === '' || (colon !== '' && '#%'.includes(kind)))
      throw new ExpansionError(`the operator "${colon}${kind}" is not known`);
    return this.#modified(found, colon, kind);
  }

  #modified(found: string, colon: string, kind: string): string {
    const before = new Set(this.unset);
    const inPattern = kind === '#' || kind === '%';
    const word = this.#operand('}', inPattern, inPattern);
    // What an operand lacks matters only where the operand is used.
    const lacking = [...this.unset].filter((each) => !before.has(each));
    for (const each of lacking) this.unset.delete(each);
    const use = (text: string): string => {
      for (const each of lacking) this.unset.add(each);
      return text;
    };
    const value = this.#lookUp(found);
    if (value === undefined && this.#options.keepUnset === true) return `\${${found}${colon}${kind}${word}}`;
    const missing = value === undefined || (colon !== '' && value === '');
    if (kind === '-') return missing ? use(word) : value;
    if (kind === '+') return missing ? '' : use(word);
    if (kind === '?') return required(found, missing ? undefined : value, word);
    const greedy = word.startsWith(kind);
    return removeMatch(
      this.#plainValue(found, ''),
      use(greedy ? word.slice(1) : word),
      kind === '#' ? 'prefix' : 'suffix',
      greedy,
    );
  }

  /** Variables in the operands of variables: each level is a call inside a call. */
  #operand(stop: string, rawEscapes: boolean, pattern: boolean): string {
    if (++this.#depth > deepest) throw new ExpansionError(`expected at most ${deepest} variables inside each other`);
    const { text } = this.readTo(stop, rawEscapes, pattern);
    this.#depth--;
    return text;
  }

  #replaced(found: string): string {
    const all = this.#peek() === '/';
    if (all) this.#at++;
    const pattern = this.#operand('/', true, true);
    const replacement = this.#operand('}', true, false);
    if (this.#lookUp(found) === undefined && this.#options.keepUnset === true)
      return `\${${found}/${pattern}/${replacement}}`;
    return replaceMatches(this.#plainValue(found, ''), pattern, replacement, all);
  }
}

function required(found: string, value: string | undefined, message: string): string {
  if (value === undefined) throw new ExpansionError(`variable ${found}: ${message || 'not set'}`);
  return value;
}

interface Words {
  readonly list: string[];
  inWord: boolean;
}

/**
 * Splits what is read into words. The text of the word under way is shared by all levels, and an operand empties it: so does the
 * frontend, and the ends of here-documents depend on it.
 */
class WordSplitter {
  #word = '';
  #words: Words = { list: [], inWord: false };

  /** Begins a level; what is returned is handed to {@link end}. */
  begin(): Words {
    const outer = this.#words;
    this.#word = '';
    this.#words = { list: [], inWord: false };
    return outer;
  }

  end(outer: Words): readonly string[] {
    const { list } = this.#words;
    if (this.#word !== '') list.push(this.#word);
    this.#word = '';
    this.#words = outer;
    return list;
  }

  keeping(text: string): string {
    this.#word += text;
    this.#words.inWord = true;
    return text;
  }

  splitting(text: string): string {
    for (const character of text) {
      if (!isSpace(character)) this.keeping(character);
      else if (this.#words.inWord && this.#word !== '') {
        this.#words.list.push(this.#word);
        this.#word = '';
        this.#words.inWord = false;
      }
    }
    return text;
  }
}

/** Variables by name; a name that is absent is unset. */
export type Variables = ReadonlyMap<string, string>;

/** A word with its variables put in. */
export interface Expansion {
  readonly text: string;
  /** Names of variables that were used, unset, and had no default. */
  readonly unset: readonly string[];
}

/** A word that cannot be expanded. */
export class ExpansionError extends Error {}

/**
 * Expands a word as the BuildKit frontend does: `$v`, `${v}`, `${v:-w}`, `${v-w}`, `${v:+w}`, `${v+w}`, `${v:?w}`, prefix
 * and suffix removal, replacement, quotes and escapes.
 */
export function expandWord(word: string, variables: Variables, escapeMark: '\\' | '`'): Expansion {
  const reader = new WordReader(word, variables, escapeMark);
  const text = reader.read('');
  return { text, unset: [...reader.unset] };
}

class WordReader {
  readonly unset: Set<string> = new Set();
  readonly #word: string;
  readonly #variables: Variables;
  readonly #escapeMark: string;
  #at = 0;

  constructor(word: string, variables: Variables, escapeMark: string) {
    this.#word = word;
    this.#variables = variables;
    this.#escapeMark = escapeMark;
  }

  /** Reads up to one of the stop characters, outside quotes. */
  read(stop: string): string {
    let text = '';
    while (this.#at < this.#word.length && !stop.includes(this.#peek())) text += this.#next();
    return text;
  }

  #peek(): string {
    return this.#word.charAt(this.#at);
  }

  #next(): string {
    const character = this.#peek();
    if (character === "'") return this.#single();
    if (character === '"') return this.#double();
    if (character === '$') return this.#variable();
    this.#at++;
    return character === this.#escapeMark ? this.#word.charAt(this.#at++) : character;
  }

  #single(): string {
    const end = this.#word.indexOf("'", this.#at + 1);
    if (end < 0) throw new ExpansionError('a single quote has no end');
    const text = this.#word.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  #double(): string {
    this.#at++;
    let text = '';
    while (this.#peek() !== '"') {
      if (this.#at >= this.#word.length) throw new ExpansionError('a double quote has no end');
      text += this.#inDouble();
    }
    this.#at++;
    return text;
  }

  #inDouble(): string {
    const character = this.#peek();
    if (character === '$') return this.#variable();
    this.#at++;
    if (character !== this.#escapeMark || !['"', '$', this.#escapeMark].includes(this.#peek())) return character;
    return this.#word.charAt(this.#at++);
  }

  #variable(): string {
    this.#at++;
    if (this.#peek() === '{') return this.#braced();
    const name = /^(?:[a-zA-Z_][a-zA-Z0-9_]*|[0-9])/.exec(this.#word.slice(this.#at))?.[0] ?? '';
    if (name === '') return '$';
    this.#at += name.length;
    return this.#value(name);
  }

  #value(name: string): string {
    const value = this.#variables.get(name);
    if (value === undefined) this.unset.add(name);
    return value ?? '';
  }

  #braced(): string {
    const [whole = '', name = '', operator = ''] =
      /^\{([a-zA-Z_][a-zA-Z0-9_]*|[0-9])(\}|:[-+?]|[-+?]|##?|%%?|\/\/?)/.exec(this.#word.slice(this.#at)) ?? [];
    if (name === '') throw new ExpansionError('expected a variable after "${"');
    this.#at += whole.length;
    if (operator === '}') return this.#value(name);
    if (operator.startsWith('/')) return this.#replaced(name, operator === '//');
    const operand = this.#operand();
    return this.#apply(name, operator, operand);
  }

  #operand(): string {
    const unset = new Set(this.unset);
    const text = this.read('}');
    if (this.#peek() !== '}') throw new ExpansionError('"${" has no end');
    this.#at++;
    this.#operandUnset = [...this.unset].filter((name) => !unset.has(name));
    for (const name of this.#operandUnset) this.unset.delete(name);
    return text;
  }

  /** Unset variables of the operand read last: they matter only where the operand is used. */
  #operandUnset: readonly string[] = [];

  #use(operand: string): string {
    for (const name of this.#operandUnset) this.unset.add(name);
    return operand;
  }

  #apply(name: string, operator: string, operand: string): string {
    const value = this.#variables.get(name);
    const missing = value === undefined || (operator.startsWith(':') && value === '');
    switch (operator) {
      case ':-':
      case '-':
        return missing ? this.#use(operand) : value;
      case ':+':
      case '+':
        return missing ? '' : this.#use(operand);
      case ':?':
      case '?':
        if (missing) throw new ExpansionError(`variable ${name}: ${operand || 'not set'}`);
        return value;
      default:
        return trim(this.#value(name), operator, operand);
    }
  }

  #replaced(name: string, all: boolean): string {
    const pattern = this.read('/}');
    const replacement = this.#peek() === '/' ? this.#after() : '';
    if (this.#peek() !== '}') throw new ExpansionError('"${" has no end');
    this.#at++;
    return replace(this.#value(name), pattern, replacement, all);
  }

  #after(): string {
    this.#at++;
    return this.read('}');
  }
}

/** `#`, `##`, `%`, `%%`: removes the shortest or longest prefix or suffix that matches. */
function trim(value: string, operator: string, pattern: string): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => (operator.length === 2 ? value.length - i : i));
  const prefix = operator.startsWith('#');
  const matching = lengths.find((length) =>
    matches(pattern, prefix ? value.slice(0, length) : value.slice(value.length - length)),
  );
  if (matching === undefined) return value;
  return prefix ? value.slice(matching) : value.slice(0, value.length - matching);
}

/** `/` and `//`: replaces the first or every match. */
function replace(value: string, pattern: string, replacement: string, all: boolean): string {
  let text = '';
  for (let at = 0; at < value.length; ) {
    let length = value.length - at;
    while (length > 0 && !matches(pattern, value.slice(at, at + length))) length--;
    if (length === 0) {
      text += value.charAt(at++);
      continue;
    }
    text += replacement;
    at += length;
    if (!all) return text + value.slice(at);
  }
  return text;
}

/** Whether a pattern of `*`, `?` and plain characters matches the whole text; never more than pattern × text steps. */
function matches(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern.charAt(p) === '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (pattern.charAt(p) === '?' || pattern.charAt(p) === text.charAt(t))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern.charAt(p) === '*') p++;
  return p === pattern.length;
}

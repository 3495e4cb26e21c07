import { ExpansionError } from './shell-error.js';

/** A wildcard: `any` text, `one` character, or this character. */
type Token = { readonly kind: 'any' | 'one' } | { readonly kind: 'text'; readonly character: string };

// Trimming tries every length: the product of both must stay small.
const longest = 4096;

/** A pattern of `*`, `?`, plain and escaped characters, as in `${name#pattern}`. */
function parsePattern(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] as string;
    if (character === '*') tokens.push({ kind: 'any' });
    else if (character === '?') tokens.push({ kind: 'one' });
    else if (character !== '\\') tokens.push({ kind: 'text', character });
    // A backslash before "}" or "/" was needed to write the expression and is not part of the pattern.
    else if (characters[i + 1] !== '}' && characters[i + 1] !== '/') tokens.push(escaped(characters[++i]));
  }
  return tokens;
}

function escaped(character: string | undefined): Token {
  if (character === '*' || character === '?' || character === '\\') return { kind: 'text', character };
  throw new ExpansionError('expected one of * ? \\ / } after a backslash in a pattern');
}

function bounded(value: string): readonly string[] {
  if (value.length > longest)
    throw new ExpansionError(`expected at most ${longest} characters before a pattern, found ${value.length}`);
  return Array.from(value);
}

/** `#`, `##`, `%`, `%%`: the value without the shortest or longest prefix or suffix that matches. */
export function removeMatch(value: string, pattern: string, side: 'prefix' | 'suffix', greedy: boolean): string {
  const characters = bounded(value);
  const tokens = parsePattern(pattern);
  const { length } = characters;
  for (let step = 0; step <= length; step++) {
    const size = greedy ? length - step : step;
    const part = side === 'prefix' ? characters.slice(0, size) : characters.slice(length - size);
    if (!matches(tokens, part)) continue;
    return (side === 'prefix' ? characters.slice(size) : characters.slice(0, length - size)).join('');
  }
  return value;
}

/** `/` and `//`: the value with the first or every match replaced. */
export function replaceMatches(value: string, pattern: string, replacement: string, all: boolean): string {
  const tokens = parsePattern(pattern);
  // The frontend hands both to a library for regular expressions, where these two mean more than they say.
  if (tokens.every(({ kind }) => kind === 'any'))
    throw new ExpansionError('a pattern to replace matches the empty string');
  if (all && replacement.includes('$')) throw new ExpansionError('"$" in a replacement');
  const characters = bounded(value);
  let text = '';
  for (let at = 0; at < characters.length; ) {
    const length = matchLength(tokens, characters, at);
    text += length === 0 ? characters[at] : replacement;
    at += Math.max(1, length);
    if (length > 0 && !all) return text + characters.slice(at).join('');
  }
  return text;
}

/** How many characters the longest match at a place has; 0 for none. */
function matchLength(tokens: readonly Token[], characters: readonly string[], at: number): number {
  let length = characters.length - at;
  while (length > 0 && !matches(tokens, characters.slice(at, at + length))) length--;
  return length;
}

/** Whether tokens match the whole text; never more than tokens × characters steps. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const token = tokens[p];
    if (token?.kind === 'any') {
      star = p++;
      mark = t;
    } else if (token?.kind === 'one' || (token?.kind === 'text' && token.character === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (tokens[p]?.kind === 'any') p++;
  return p === tokens.length;
}

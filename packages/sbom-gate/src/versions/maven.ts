import { compareText } from '@notarykit/common/internal';
import { compareDigits, type VersionScheme } from './scheme.js';

/** Versions of Maven artifacts, ordered as Maven's ComparableVersion does ("Version Order Specification"). */
export const maven: VersionScheme = {
  isValid: (version) => version !== '' && version.length <= 200 && !/\s/.test(version),
  compare: (a, b) => compareItems(parse(a), parse(b)),
};

type Item =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'both'; readonly text: string; readonly digits: string }
  | { readonly kind: 'list'; readonly items: Item[]; readonly dotted: boolean };

const qualifiers: readonly string[] = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const aliases: ReadonlyMap<string, string> = new Map([
  ['ga', ''],
  ['final', ''],
  ['release', ''],
  ['cr', 'rc'],
]);
const short: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

function textItem(text: string): string {
  return aliases.get(text) ?? text;
}

/** One token: digits, letters, or letters that run into digits with or without a hyphen (`rc1`, `rc-1`). */
function item(token: string): Item {
  const compact = token.replace('-', '');
  const digits = /[0-9]+$/.exec(compact)?.[0];
  if (digits === undefined) return { kind: 'text', text: textItem(compact) };
  const letters = compact.slice(0, -digits.length);
  if (letters === '') return { kind: 'number', digits: digits.replace(/^0+(?=.)/, '') };
  return { kind: 'both', text: textItem(short.get(letters) ?? letters), digits };
}

class Parser {
  readonly root: Item[] = [];
  readonly #lists: Item[][] = [this.root];
  #list: Item[] = this.root;

  add(token: string): void {
    this.#list.push(item(token));
  }

  zero(): void {
    this.#list.push({ kind: 'number', digits: '0' });
  }

  /** Opens a list inside the current one, unless nothing is in that yet. */
  nest(options: { readonly dotted?: boolean } = {}): void {
    if (this.#list.length === 0) return;
    const items: Item[] = [];
    this.#list.push({ kind: 'list', items, dotted: options.dotted === true });
    this.#list = items;
    this.#lists.push(items);
  }

  finish(): Item {
    for (const list of this.#lists.reverse()) normalize(list);
    return { kind: 'list', items: this.root, dotted: false };
  }
}

function parse(version: string): Item {
  const text = version.toLowerCase();
  const parser = new Parser();
  let [start, digit, both] = [0, false, false];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '.') {
      if (i === start) parser.zero();
      else parser.add(text.slice(start, i));
      [both, start] = [false, i + 1];
    } else if (character === '-') {
      if (i === start) parser.zero();
      else if (!digit && isDigit(text.charAt(i + 1))) {
        // "x-1" is read as "x1".
        both = true;
        continue;
      } else parser.add(text.slice(start, i));
      [both, start] = [false, i + 1];
      parser.nest();
    } else if (isDigit(character)) {
      if (!digit && i > start) {
        both = true;
        parser.nest();
      }
      digit = true;
    } else {
      if (digit && i > start) {
        parser.add(text.slice(start, i));
        [both, start] = [false, i];
        parser.nest();
      }
      digit = false;
    }
  }
  if (text.length > start) {
    if (!digit && !both) parser.nest({ dotted: true });
    parser.add(text.slice(start));
  }
  return parser.finish();
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character !== '';
}

/** Takes away trailing nothings: `1.0.0-rc` is `1-rc`. */
function normalize(items: Item[]): void {
  for (let i = items.length - 1; i >= 0; i--) {
    if (!isNull(items[i] as Item)) continue;
    const next = items[i + 1];
    // Zeros before ".x" count, zeros before "-x" do not.
    const first = next?.kind === 'list' && !next.dotted ? next.items[0] : undefined;
    if (next === undefined || next.kind === 'text' || first?.kind === 'text' || first?.kind === 'both')
      items.splice(i, 1);
  }
}

function isNull(value: Item): boolean {
  if (value.kind === 'number') return value.digits === '0';
  if (value.kind === 'text') return value.text === '';
  return value.kind === 'list' && value.items.length === 0;
}

function qualifier(text: string): string {
  const index = qualifiers.indexOf(text);
  return index < 0 ? `${qualifiers.length}-${text}` : String(index);
}

function compareQualifiers(a: string, b: string): number {
  return compareText(qualifier(a), qualifier(b));
}

const kinds: readonly Item['kind'][] = ['both', 'text', 'list', 'number'];

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareItems(b, undefined);
  if (b === undefined) return compareToNothing(a);
  if (a.kind === 'list' && b.kind === 'list') return compareLists(a.items, b.items);
  if (a.kind === 'number' && b.kind === 'number') return compareDigits(a.digits, b.digits);
  if ((a.kind === 'text' || a.kind === 'both') && (b.kind === 'text' || b.kind === 'both')) return compareTexts(a, b);
  const order = (item: Item): number => (item.kind === 'number' ? 2 : item.kind === 'list' ? 1 : 0);
  return order(a) - order(b);
}

type TextItem = Extract<Item, { kind: 'text' | 'both' }>;

function compareTexts(a: TextItem, b: TextItem): number {
  const order = compareQualifiers(a.text, b.text);
  if (order !== 0) return order;
  if (a.kind === 'both' && b.kind === 'both') return compareDigits(a.digits, b.digits);
  return kinds.indexOf(b.kind) - kinds.indexOf(a.kind);
}

function compareToNothing(value: Item): number {
  if (value.kind === 'number') return value.digits === '0' ? 0 : 1;
  if (value.kind !== 'list') return compareQualifiers(value.text, '');
  for (const inner of value.items) {
    const order = compareToNothing(inner);
    if (order !== 0) return order;
  }
  return 0;
}

function compareLists(a: readonly Item[], b: readonly Item[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareItems(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

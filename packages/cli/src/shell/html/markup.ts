/** A piece of HTML. Only {@link markup} makes one, so that text from outside is always escaped. */
export class Markup {
  readonly #text: string;
  private constructor(text: string) {
    this.#text = text;
  }
  /** @internal */
  static of(text: string): Markup {
    return new Markup(text);
  }
  toString(): string {
    return this.#text;
  }
}

/** A value in a template: text is escaped, markup is not, `undefined` is nothing. */
export type Piece = string | number | undefined | Markup | readonly Markup[];

/** HTML of the program itself, with values in it: for text between tags and for values of attributes in double quotes. */
export function markup(template: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return Markup.of(template.map((part, i) => part + written(pieces[i])).join(''));
}

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'object') return piece.map(written).join('');
  return escaped(String(piece));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also shows characters that would change the order of what is read, or hide it. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

import { parseLicenseExpression } from './expression.js';

/** Licence statements that apply together. */
export interface JoinedLicenses {
  /** One expression of all that are expressions. */
  readonly expression?: string;
  /** Free text, each judged on its own, so that it does not make the others unreadable. */
  readonly names: readonly string[];
}

/**
 * Joins licence statements that apply together. Each that has an operator is bracketed: `MIT OR ISC` beside
 * `GPL-2.0-only` must not become a choice in which the second can be left out.
 */
export function joinLicenses(texts: readonly string[]): JoinedLicenses {
  if (texts.length === 0) return { names: [] };
  if (texts.length === 1) return { expression: texts[0] as string, names: [] };
  const readable = texts.filter(isExpression);
  const names = texts.filter((text) => !isExpression(text));
  if (readable.length === 0) return { names };
  const bracketed = readable.map((text) => (/\s/.test(text) ? `(${text})` : text));
  return { expression: bracketed.join(' AND '), names };
}

function isExpression(text: string): boolean {
  try {
    parseLicenseExpression(text);
    return true;
  } catch {
    return false;
  }
}

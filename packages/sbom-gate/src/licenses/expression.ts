import { quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';

/** A licence expression (SPDX specification, annex "License expressions"). */
export type LicenseExpression =
  | { readonly kind: 'license'; readonly id: string; readonly orLater: boolean; readonly exception?: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly LicenseExpression[] };

const tokenPattern = /\s*(\(|\)|[^\s()]+)/y;
const idPattern = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?(?:LicenseRef-|AdditionRef-)?[A-Za-z0-9][A-Za-z0-9.-]*\+?$/;
const maxTokens = 2000;

/**
 * Parses a licence expression. Operators may be written in any case, as tools do.
 *
 * @throws {GateError} `ERR_GATE_SYNTAX`
 */
export function parseLicenseExpression(text: string): LicenseExpression {
  const tokens = tokenize(text);
  const parser = { tokens, at: 0, depth: 0, text };
  const expression = parseOr(parser);
  if (parser.at < tokens.length) throw invalid(text, 'an operator');
  return expression;
}

interface Parser {
  readonly tokens: readonly string[];
  readonly text: string;
  at: number;
  depth: number;
}

function tokenize(text: string): readonly string[] {
  if (text.length > 20_000) throw invalid(text, 'at most 20000 characters');
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match !== null; match = tokenPattern.exec(text))
    tokens.push(match[1] as string);
  if (tokens.length === 0 || tokens.length > maxTokens) throw invalid(text, 'a licence expression');
  return tokens;
}

function isWord(token: string | undefined, word: string): boolean {
  return token !== undefined && token.toUpperCase() === word;
}

function parseOr(parser: Parser): LicenseExpression {
  return parseList(parser, 'or', 'OR', parseAnd);
}

function parseAnd(parser: Parser): LicenseExpression {
  return parseList(parser, 'and', 'AND', parseSimple);
}

function parseList(
  parser: Parser,
  kind: 'and' | 'or',
  word: string,
  next: (parser: Parser) => LicenseExpression,
): LicenseExpression {
  const parts = [next(parser)];
  while (isWord(parser.tokens[parser.at], word)) {
    parser.at++;
    parts.push(next(parser));
  }
  return parts.length === 1 ? (parts[0] as LicenseExpression) : { kind, parts };
}

function parseSimple(parser: Parser): LicenseExpression {
  const token = parser.tokens[parser.at++];
  if (token === '(') {
    if (++parser.depth > 64) throw invalid(parser.text, 'at most 64 levels');
    const inner = parseOr(parser);
    if (parser.tokens[parser.at++] !== ')') throw invalid(parser.text, '")"');
    parser.depth--;
    return inner;
  }
  if (token === undefined || !idPattern.test(token) || /^(and|or|with)$/i.test(token))
    throw invalid(parser.text, 'a licence identifier');
  const id = token.replace(/\+$/, '');
  const license = { kind: 'license' as const, id, orLater: token.endsWith('+') };
  if (!isWord(parser.tokens[parser.at], 'WITH')) return license;
  const exception = parser.tokens[parser.at + 1];
  if (exception === undefined || !idPattern.test(exception)) throw invalid(parser.text, 'an exception after WITH');
  parser.at += 2;
  return { ...license, exception };
}

function invalid(text: string, expected: string): GateError {
  return new GateError('ERR_GATE_SYNTAX', `licence expression: expected ${expected}, found ${quote(text)}`);
}

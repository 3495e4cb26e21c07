import fc from 'fast-check';
import oracle from 'spdx-expression-parse';
import { describe, expect, it } from 'vitest';
import { type LicenseExpression, parseLicenseExpression } from './expression.js';

const ids = ['MIT', 'Apache-2.0', 'GPL-2.0-only', 'LGPL-2.1+', 'LicenseRef-own', 'DocumentRef-other:LicenseRef-own'];
const simple = fc.oneof(fc.constantFrom(...ids), fc.constant('GPL-2.0-only WITH Classpath-exception-2.0'));
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    simple,
    fc.tuple(tie('expression'), fc.constantFrom('AND', 'OR'), tie('expression')).map((parts) => parts.join(' ')),
    tie('expression').map((inner) => `(${inner})`),
  ),
}));

/** One spelling for a tree, whether its lists have two members or many. */
function spelled(tree: LicenseExpression | ReturnType<typeof oracle>): string {
  if ('conjunction' in tree) return list(tree.conjunction, [tree.left, tree.right]);
  if ('parts' in tree) return list(tree.kind, tree.parts);
  const [id, orLater] = 'license' in tree ? [tree.license, tree.plus === true] : [tree.id, tree.orLater];
  return `${id}${orLater ? '+' : ''}${tree.exception === undefined ? '' : ` with ${tree.exception}`}`;
}

function list(kind: string, parts: readonly (LicenseExpression | ReturnType<typeof oracle>)[]): string {
  const texts = parts.map((part) => {
    const text = spelled(part);
    const own = 'conjunction' in part ? part.conjunction : 'parts' in part ? part.kind : undefined;
    return own === kind ? text.slice(kind.length + 1, -1) : text;
  });
  return `${kind}(${texts.join(', ')})`;
}

const accepted = (text: string): string | undefined => {
  try {
    return spelled(oracle(text));
  } catch {
    return undefined;
  }
};

describe('licence expressions, against spdx-expression-parse', () => {
  it('the same tree for every expression', () => {
    fc.assert(
      fc.property(expression, (text) => {
        expect(spelled(parseLicenseExpression(text))).toBe(spelled(oracle(text)));
      }),
    );
  });

  it('reads every expression that the library accepts as the same tree, except empty parentheses', () => {
    const token = fc.constantFrom(...ids, 'AND', 'OR', 'WITH', 'Classpath-exception-2.0', '(', ')', '+');
    const soup = fc.array(token, { maxLength: 9 }).map((tokens) => tokens.join(' '));
    fc.assert(
      fc.property(soup, (text) => {
        const expected = accepted(text);
        // It drops parentheses around nothing, which no grammar has.
        if (expected !== undefined && !text.includes('( )'))
          expect(spelled(parseLicenseExpression(text))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

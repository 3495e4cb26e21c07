import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.js';
import { parseNatively } from './json-native.js';
import { parseStrictly } from './json-strict.js';

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'accepted';
};

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    const text = '{"a":[1,-2.5e3,"x\\u00e9\\n",true,false,null,{}],"":{"b":[]}}';
    expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each([
    ['J1 duplicate member', '{"a":1,"a":1}', 'ERR_CODEC_JSON'],
    ['J1 duplicate by escape', '{"a":1,"\\u0061":1}', 'ERR_CODEC_JSON'],
    ['J4 byte order mark', '\ufeff{}', 'ERR_CODEC_JSON'],
    ['J4 trailing bytes', '{} x', 'ERR_CODEC_JSON'],
    ['J4 two documents', '{}{}', 'ERR_CODEC_JSON'],
    ['J4 comment', '{/**/}', 'ERR_CODEC_JSON'],
    ['J4 NaN', '[NaN]', 'ERR_CODEC_JSON'],
    ['J4 leading zero', '[01]', 'ERR_CODEC_JSON'],
    ['J4 trailing comma', '[1,]', 'ERR_CODEC_JSON'],
    ['J4 control character in a string', '["\n"]', 'ERR_CODEC_JSON'],
    ['J5 lone surrogate', '["\\ud800"]', 'ERR_CODEC_UTF8'],
    ['J6 nesting', '['.repeat(100_000), 'ERR_CODEC_LIMIT'],
    ['J7 too large', '[1e400]', 'ERR_CODEC_JSON'],
  ])('%s', (_, text, expected) => {
    expect(code(() => parseJson(text))).toBe(expected);
  });

  it.each([['ff'], ['22c08022'], ['22eda08022']])('J5 invalid UTF-8 %s', (hex) => {
    expect(code(() => parseJson(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))))).toBe(
      'ERR_CODEC_UTF8',
    );
  });

  it.each([['1.0'], ['1e2'], ['-1'], ['-0'], ['9007199254740993']])('J7 %s is not an integer', (text) => {
    expect(code(() => parseJson(text, { numbers: 'integers' }))).toBe('ERR_CODEC_JSON');
  });

  it('J3 members named like those of Object.prototype are plain data', () => {
    const object = parseJson('{"__proto__":{"alg":1},"constructor":2}') as Record<string, unknown>;
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor']);
    expect(object['toString']).toBeUndefined();
  });
});

describe('parseNatively', () => {
  const outcome = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  const strictly = (text: string): unknown => outcome(() => parseStrictly(text, {}));
  /** Pieces that mean something to a parser, in any order: most texts are nearly JSON. */
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '"a"',
    '"a":',
    '"b":1',
    '"__proto__":{}',
    '1',
    '-0',
    '1e999',
    '\\u0061',
  ];
  const nearly = fc
    .array(fc.constantFrom(...pieces, '\\ud800', '"\\\\"', '"\\""', ' ', '\n', '\u00a0', 'null', '"\u2028"'))
    .map((all) => all.join(''));
  const whole = fc.json({ maxDepth: 6 });

  it.each([
    ['J1 duplicate member', '{"a":1,"a":1}'],
    ['J1 duplicate by escape', '{"a":{"b":1,"\\u0062":1}}'],
    ['J1 duplicate beside a colon in a string', '{"a:":1,"a:":":"}'],
    ['J5 lone surrogate', '["\\ud800"]'],
    ['J5 lone surrogate in a name', '{"\\udc00":1}'],
    ['J6 nesting', '['.repeat(65) + ']'.repeat(65)],
    ['J7 too large', '{"a":[1e400]}'],
    ['J7 too small', '-1e400'],
  ])('%s is left to the strict parser, which refuses it', (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(parseNatively(text, 64)).toBeUndefined();
    expect(() => parseStrictly(text, {})).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_CODEC_/) }),
    );
  });

  it.each([
    ['{"a":"\\\\","b":"\\"","c":":"}'],
    ['{"__proto__":{"a":null},"a":[]}'],
    ['[-0,1.5e3,"\\u00e9"]'],
    ['[]'],
    ['""'],
    ['null'],
    [' {"a" : 1 } '],
  ])('%s needs no other parser', (text) => {
    const native = parseNatively(text, 64);
    expect(native).toEqual(parseStrictly(text, {}));
    expect(Object.is(native, undefined)).toBe(false);
  });

  it('gives the result of the strict parser, or none', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, whole), (text) => {
        const native = parseNatively(text, 64);
        if (native === undefined) return;
        expect(JSON.stringify(native)).toBe(JSON.stringify(strictly(text)));
        expect(native).toStrictEqual(strictly(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('agrees with the strict parser on every mutated document', () => {
    const change = fc.tuple(whole, fc.nat(), fc.constantFrom(...pieces));
    fc.assert(
      fc.property(change, ([text, place, piece]) => {
        const at = place % (text.length + 1);
        const broken = text.slice(0, at) + piece + text.slice(at + 1);
        expect(outcome(() => parseJson(broken))).toStrictEqual(strictly(broken));
      }),
      { numRuns: 3_000 },
    );
  });

  it('J3 gives objects without prototypes, at every depth', () => {
    const value = parseNatively('{"a":[{"b":{}}]}', 64) as { a: [{ b: object }] };
    for (const object of [value, value.a[0], value.a[0].b]) expect(Object.getPrototypeOf(object)).toBeNull();
  });
});

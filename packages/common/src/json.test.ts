import { describe, expect, it } from 'vitest';
import { parseJson } from './json.js';

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

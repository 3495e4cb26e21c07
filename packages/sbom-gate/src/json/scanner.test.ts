import { isCodedError, type JsonValue, utf8 } from '@notarykit/common';
import { describe, expect, test } from 'vitest';
import { JsonScanner } from './scanner.js';
import type { JsonSink, Wanted } from './sink.js';

function scan(text: string | Uint8Array, size: number, want: (name: string) => Wanted): unknown[] {
  const events: unknown[] = [];
  const sink: JsonSink = {
    member: want,
    value: (name, value) => void events.push([name, value]),
    item: (name, value, index) => void events.push([name, index, value]),
    bytes: (name, value) => void events.push([name, new TextDecoder().decode(value)]),
  };
  const scanner = new JsonScanner(sink, { maxDepth: 8 });
  const bytes = typeof text === 'string' ? utf8(text) : text;
  for (let i = 0; i < bytes.length; i += size) scanner.write(bytes.slice(i, i + size));
  scanner.end();
  return events;
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isCodedError(error) ? error.code : `not coded: ${error}`;
  }
}

const wanted: Record<string, Wanted> = { a: 'value', list: 'items', raw: 'bytes' };
const want = (name: string): Wanted => (name === '' ? 'items' : (wanted[name] ?? 'skip'));

const documents: [string, JsonValue[]][] = [
  [
    '{"a":1,"b":{"a":2},"list":[1,{"x":[2]},"é\\n"],"raw":{"q": 1}}',
    [
      ['a', 1],
      ['list', 0, 1],
      ['list', 1, { x: [2] }],
      ['list', 2, 'é\n'],
      ['raw', '{"q": 1}'],
    ],
  ],
  [
    '[1,[2],{"a":3}]',
    [
      ['', 0, 1],
      ['', 1, [2]],
      ['', 2, { a: 3 }],
    ],
  ],
  [
    '{"list":"no array","a":[true,false,null,-0.5e3]}',
    [
      ['list', 'no array'],
      ['a', [true, false, null, -500]],
    ],
  ],
  ['{"\\u0061":"\\ud83d\\ude00"}', [['a', '😀']]],
  ['{"list":[],"a":{}}', [['a', {}]]],
  ['17', []],
];

describe('JsonScanner', () => {
  test.each(documents)('finds the wanted members of %s for every chunk size', (text, expected) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(scan(text, size, want)).toEqual(expected);
  });

  test.each([
    ['{"a":1,"a":2}', 'ERR_CODEC_JSON'],
    ['{"x":{"y":{"b":1,"\\u0062":2}}}', 'ERR_CODEC_JSON'],
    ['{"x":{"b":1},"b":2,"x":3}', 'ERR_CODEC_JSON'],
    ['[[[[[[[[[1]]]]]]]]]', 'ERR_CODEC_LIMIT'],
    ['{"a":"\\ud800"}', 'ERR_CODEC_UTF8'],
    ['{"a":"\\ud800x"}', 'ERR_CODEC_UTF8'],
    ['{"a":"\\ud800\\n"}', 'ERR_CODEC_UTF8'],
    ['{"a":"\\udc00"}', 'ERR_CODEC_UTF8'],
    ['{"a":1e999}', 'ERR_CODEC_JSON'],
    ['{"a":01}', 'ERR_CODEC_JSON'],
    ['{"a":1} {}', 'ERR_CODEC_JSON'],
    ['{"a":1', 'ERR_CODEC_JSON'],
    ['{"a":[1}', 'ERR_CODEC_JSON'],
    ['[1,]', 'ERR_CODEC_JSON'],
    ['{"a":nul}', 'ERR_CODEC_JSON'],
    ['\ufeff{}', 'ERR_CODEC_JSON'],
    ['', 'ERR_CODEC_JSON'],
  ])('refuses %s', (text, code) => {
    for (const size of [1, 3, 1000]) expect(codeOf(() => scan(text, size, want))).toBe(code);
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(codeOf(() => scan(new Uint8Array([0x22, 0xff, 0x22]), 10, want))).toBe('ERR_CODEC_UTF8');
  });
});

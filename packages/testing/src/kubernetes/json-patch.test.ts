import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './json-patch.js';

const document = { list: [1, 2], text: 'a', 'a/b': { '~': 1 } };

describe('applyJsonPatch', () => {
  it.each([
    ['add a member', [{ op: 'add', path: '/new', value: { a: 1 } }], { ...document, new: { a: 1 } }],
    ['add at the end', [{ op: 'add', path: '/list/-', value: 3 }], { ...document, list: [1, 2, 3] }],
    ['add in between', [{ op: 'add', path: '/list/1', value: 3 }], { ...document, list: [1, 3, 2] }],
    ['remove a member', [{ op: 'remove', path: '/text' }], { list: [1, 2], 'a/b': { '~': 1 } }],
    ['remove an item', [{ op: 'remove', path: '/list/0' }], { ...document, list: [2] }],
    ['replace behind escapes', [{ op: 'replace', path: '/a~1b/~0', value: 2 }], { ...document, 'a/b': { '~': 2 } }],
    ['replace the document', [{ op: 'replace', path: '', value: 2 }], 2],
    ['test whatever order members have', [{ op: 'test', path: '', value: { ...document } }], document],
    ['nothing', [], document],
  ])('%s', (_, patch, after) => {
    expect(applyJsonPatch(document, patch)).toEqual(after);
    expect(document).toEqual({ list: [1, 2], text: 'a', 'a/b': { '~': 1 } });
  });

  it.each([
    ['replace what is not there', [{ op: 'replace', path: '/none', value: 1 }]],
    ['remove what is not there', [{ op: 'remove', path: '/none' }]],
    ['an item beyond the list', [{ op: 'add', path: '/list/3', value: 1 }]],
    ['an index with a zero before it', [{ op: 'replace', path: '/list/01', value: 1 }]],
    ['through a text', [{ op: 'replace', path: '/text/a', value: 1 }]],
    ['through nothing', [{ op: 'add', path: '/none/a', value: 1 }]],
    ['a test that fails', [{ op: 'test', path: '/list', value: [2, 1] }]],
    ['no operation', [{ op: 'merge', path: '/text', value: 1 }]],
    ['no pointer', [{ op: 'replace', path: 'text', value: 1 }]],
    ['no value', [{ op: 'replace', path: '/text' }]],
    ['no list', {}],
    ['an item before the list', [{ op: 'add', path: '/list/-1', value: 1 }]],
    ['the item after the last', [{ op: 'replace', path: '/list/-', value: 1 }]],
    ['the document itself', [{ op: 'remove', path: '' }]],
    ['a prototype', [{ op: 'add', path: '/__proto__/a', value: 1 }]],
    ['an operation of the library alone', [{ op: '_get', path: '/text', value: null }]],
  ])('%s: an error', (_, patch) => {
    expect(() => applyJsonPatch(document, patch)).toThrow();
  });
});

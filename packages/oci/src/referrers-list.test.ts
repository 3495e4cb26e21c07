import { utf8 } from '@notarykit/common';
import { describe, expect, it } from 'vitest';
import { mediaTypes } from './media-types.js';
import { parseReferrersList } from './referrers-list.js';
import type { RefusedEntry } from './repository.js';

const entry = (n: number, more: object = {}) => ({
  mediaType: mediaTypes.imageManifest,
  digest: `sha256:${String(n).padStart(64, '0')}`,
  size: n,
  ...more,
});
const annotations = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, '']));
const list = (manifests: unknown, more: object = {}) => utf8(JSON.stringify({ schemaVersion: 2, manifests, ...more }));

function parse(manifests: readonly unknown[]) {
  const refused: RefusedEntry[] = [];
  const entries = parseReferrersList(list(manifests), { onRefused: (one) => void refused.push(one) });
  return { sizes: entries.map(({ size }) => size), refused };
}

describe('parseReferrersList', () => {
  it.each([
    ['1,001 annotations', entry(2, { annotations: annotations(1001) }), 'ERR_OCI_LIMIT', true],
    ['an annotation that is not a string', entry(2, { annotations: { a: 1 } }), 'ERR_OCI_INVALID', true],
    ['an artifact type that is not a string', entry(2, { artifactType: 1 }), 'ERR_OCI_INVALID', true],
    ['a media type that is none', entry(2, { mediaType: 'text' }), 'ERR_OCI_INVALID', false],
    ['a digest that is none', entry(2, { digest: 'latest' }), 'ERR_OCI_INVALID', false],
    ['a size below zero', entry(2, { size: -1 }), 'ERR_OCI_INVALID', false],
    ['no object', 'text', 'ERR_OCI_INVALID', false],
  ])('P6 passes over an entry with %s, and tells', (_, bad, code, readable) => {
    const { sizes, refused } = parse([entry(1), bad, entry(3)]);
    expect(sizes).toEqual([1, 3]);
    expect(refused).toMatchObject([{ cause: { code } }]);
    expect(refused[0]?.descriptor?.digest).toBe(readable ? entry(2).digest : undefined);
  });

  it('takes an empty list that Go wrote', () => {
    expect(parseReferrersList(list(null))).toEqual([]);
  });

  it.each([
    ['no list', list(undefined), 'ERR_OCI_INVALID'],
    ['more entries than may be', list(Array.from({ length: 10_001 }, () => 0)), 'ERR_OCI_LIMIT'],
    ['another kind of document', list([], { layers: [] }), 'ERR_OCI_INVALID'],
    ['another type', list([], { mediaType: mediaTypes.imageManifest }), 'ERR_OCI_INVALID'],
  ])('refuses %s', (_, bytes, code) => {
    expect(() => parseReferrersList(bytes)).toThrow(expect.objectContaining({ code }));
  });
});

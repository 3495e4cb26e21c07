import { describe, expect, it } from 'vitest';
import { acceptMutation, regoView } from './provider-answer.js';

const answer = (response: object, head: object = {}) => ({
  status: 200,
  body: JSON.stringify({
    apiVersion: 'externaldata.gatekeeper.sh/v1beta1',
    kind: 'ProviderResponse',
    response: { idempotent: true, items: [], ...response },
    ...head,
  }),
});
const items = [
  { key: 'a', value: 'a@sha256' },
  { key: 'b', error: 'no' },
];

describe('acceptMutation', () => {
  it('a text or an error for each key', () => {
    expect(acceptMutation(['a', 'b', 'a'], answer({ items, systemError: ' ' }))).toEqual({
      outcome: 'mutated',
      values: new Map([['a', 'a@sha256']]),
      errors: new Map([['b', 'no']]),
    });
  });

  it.each([
    ['a missing key', answer({ items })],
    ['a system error', answer({ items: [...items, { key: 'c', value: 'd' }], systemError: 'down' })],
    ['no promise of equal answers', answer({ items: [...items, { key: 'c', value: 'd' }], idempotent: false })],
    ['a value that is not a string', answer({ items: [...items, { key: 'c', value: {} }] })],
    ['two items for a key', answer({ items: [...items, { key: 'c', value: 'd' }, { key: 'c', value: 'e' }] })],
    ['another kind', answer({ items: [...items, { key: 'c', value: 'd' }] }, { kind: 'ProviderRequest' })],
    ['no JSON', { status: 200, body: 'x' }],
  ])('%s fails the mutation', (_, given) => {
    expect(acceptMutation(['a', 'b', 'c'], given)).toMatchObject({ outcome: 'failed' });
  });
});

describe('regoView', () => {
  it('an item with an error is in no responses', () => {
    expect(regoView(answer({ items: [...items, { key: 'c', value: { a: 1 } }], systemError: 'down' }))).toEqual({
      responses: [
        ['a', 'a@sha256'],
        ['c', { a: 1 }],
      ],
      errors: [['b', 'no']],
      statusCode: 200,
      systemError: 'down',
    });
  });
});

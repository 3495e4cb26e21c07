import { CodedError } from '@notarykit/common';
import { expect, it } from 'vitest';
import { NotaryKitError } from '../errors.js';
import { helpOf } from './help-of.js';

it('an error of a package has the address of its page, and so has one of another copy', () => {
  const error = new NotaryKitError('ERR_NOTARYKIT_FILE', 'x');
  expect(helpOf(error)).toMatch(/^https:\/\/[^?#]+\/errors\/ERR_NOTARYKIT_FILE$/);
  expect(helpOf(Object.assign(new Error('x'), { code: 'ERR_NOTARYKIT_FILE' }))).toBe(helpOf(error));
  expect(helpOf('ERR_NOTARYKIT_FILE')).toBe(helpOf(error));
});

it.each([
  ['an error of Node', Object.assign(new Error('x'), { code: 'ERR_INVALID_URL' })],
  ['a code that no package has', new CodedError('ERR_TRUST_OF_MINE', 'x')],
  ['a code in small letters', new CodedError('err_trust_store', 'x')],
  ['a code that leads elsewhere', new CodedError('ERR_TRUST_STORE/../..', 'x')],
  ['what is not an error', { code: 'ERR_TRUST_STORE' }],
  ['nothing', undefined],
])('%s has no page', (_, error) => {
  expect(helpOf(error)).toBeUndefined();
});

it('the address changes neither the text nor the members of an error', () => {
  const error = new NotaryKitError('ERR_NOTARYKIT_FILE', 'x');
  const [text, members] = [JSON.stringify(error), Reflect.ownKeys(error)];
  helpOf(error);
  expect([JSON.stringify(error), Reflect.ownKeys(error), error.message]).toEqual([text, members, 'x']);
  expect('help' in error).toBe(false);
});

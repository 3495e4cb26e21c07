import { CodedError } from '@notarykit/common/internal';
import type { KeptVerdict } from 'notarykit/internal';
import { expect, it } from 'vitest';
import { verdictOf, verdictOfKept } from './verdict-of.js';

const code = 'ERR_TRUST_NOT_VERIFIED';
const report = { policy: { statement: 'wabbit' } } as NonNullable<KeptVerdict['report']>;

it.each(['refused', 'undecided'] as const)('a verdict that was judged stays what it is: %s', (verdict) => {
  expect(verdictOfKept({ verdict, code, report })).toMatchObject({ verdict, code: 'NO_TRUSTED_SIGNATURE' });
});

it('an error without a report is what its code says', () => {
  const error = new CodedError(code, 'no signature is trusted');
  expect(verdictOf(error)).toMatchObject({ verdict: 'refused', code: 'NO_TRUSTED_SIGNATURE' });
  expect(verdictOf(new Error('secret'))).toMatchObject({ verdict: 'undecided', code: 'UNDECIDED' });
});

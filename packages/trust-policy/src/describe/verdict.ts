import { quote } from '@notarykit/common/internal';
import type { FactTable } from './fact-table.js';

/** Words for facts about referrers and about the verdict as a whole. */
export const verdictFacts: FactTable<
  'notSignature' | 'subjectMismatch' | 'noSignature' | 'tooManySignatures' | 'signersMissing'
> = {
  notSignature: ({ reason }) => ({
    message: `the referrer is not a signature: ${reason}`,
    remedy: 'nothing, unless it was meant to be one: then sign the artifact again',
  }),
  subjectMismatch: ({ expected, found }) => ({
    message: `the registry lists a manifest whose subject is ${found === undefined ? 'missing' : quote(found)} in place of ${expected}`,
    remedy: 'nothing; it belongs to another artifact',
  }),
  noSignature: ({ referrers }) => ({
    message: `the artifact has no signature (${referrers} referrers of the signature type were listed)`,
    remedy: 'sign the artifact, and check that it was copied together with its signatures',
  }),
  tooManySignatures: ({ limit }) => ({
    message: `none of the first ${limit} signatures is trusted, and there are more`,
    remedy: 'raise maxSignatures if you expect so many, or remove signatures that are of no use',
  }),
  signersMissing: ({ required, found, missing }) => ({
    message: `${required} of the signers are required, ${found} signed; missing: ${missing.map(quote).join(', ')}`,
    remedy: 'have the artifact signed by the missing signers',
  }),
};

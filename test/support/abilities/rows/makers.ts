import { checkAllowed } from '@notarykit/sbom-gate';
import { attestSummary } from 'notarykit';
import { summaryGate } from '../making.js';
import { policyOf } from '../policies.js';
import { reported } from '../reported.js';
import type { Cell, VerbRow } from '../table.js';

const asksNobody: Cell = { none: 'It makes what others judge: no trust policy is asked.' };
const noSummary: Cell = { none: 'It signs or attaches what it is given: summaries have their own verbs.' };
const noIndex: Cell = { none: 'What it makes is not an index: it has no platforms.' };
const oneSignature: Cell = { none: 'It is about one signature of a blob, and ends with it.' };
const judgesNothing: Cell = { none: 'It shows what is there and judges nothing.' };
const shows = {
  'plain policy': judgesNothing,
  'extended policy': judgesNothing,
  plugins: judgesNothing,
  'at/now': judgesNothing,
  VSA: judgesNothing,
};
const asked = { 'plain policy': asksNobody, 'extended policy': asksNobody };

/** What verbs have no use for that make or show something; what they do is in the columns. */
export const makerRows: readonly VerbRow[] = [
  { verb: 'sign', cells: { ...asked, VSA: noSummary } },
  { verb: 'signFile', cells: { ...asked, VSA: noSummary, platforms: noIndex } },
  {
    verb: 'attach',
    cells: { ...asked, VSA: noSummary, platforms: noIndex, plugins: { none: 'It signs nothing.' } },
  },
  { verb: 'publish', cells: { ...asked, VSA: noSummary } },
  {
    verb: 'attestSummary',
    policy: {
      selects: 'name',
      reports: false,
      judge: async (setup, one) => {
        const { tag } = one;
        const trust = { policy: policyOf(one), trustStore: setup.trustStore };
        const options = { policy: summaryGate(), trust, sign: { signer: setup.vendor } };
        const made = attestSummary(await setup.aside(), setup.images[tag], options);
        return await reported(made.then(({ decision }) => (checkAllowed(decision) === undefined ? {} : {})));
      },
    },
  },
  {
    verb: 'revokeSummaries',
    cells: { ...asked, platforms: { none: 'It revokes the summaries of the image as a whole.' } },
  },
  { verb: 'discover', cells: shows },
  {
    verb: 'inspect',
    cells: { ...shows, platforms: { none: 'It shows the signatures of the one manifest that is named.' } },
  },
  { verb: 'signBlob', cells: { ...asked, VSA: noSummary, platforms: noIndex, progress: oneSignature } },
  {
    verb: 'verifyBlob',
    cells: {
      'extended policy': { none: 'Policies for blobs have no extended form.' },
      VSA: { none: 'It only looks at signatures: a summary replaces evidence.' },
      platforms: { none: 'A blob has no platforms.' },
      progress: oneSignature,
    },
  },
];

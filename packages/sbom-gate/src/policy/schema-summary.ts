import type { Schema } from './check-schema.js';
import { block, definition, list } from './schema-members.js';

/** Schema of the `summary` block. */
export const summarySchema: Schema = block(
  'Whose verification summaries (SLSA) the gate accepts in place of the evidence. Without it none.',
  {
    signedBy: definition('signerList', 'Who may sign a summary.'),
    verifiers: list(
      { type: 'string', minLength: 1, examples: ['https://gate.wabbit-networks.io/production'] },
      'Verifiers, by the `verifier.id` that their summaries state.',
      {
        minItems: 1,
        uniqueItems: true,
      },
    ),
    maxAge: definition(
      'duration',
      'How old a summary may be. Until then signatures of evidence, scans and rules are not checked again.',
    ),
  },
  ['signedBy', 'verifiers', 'maxAge'],
);

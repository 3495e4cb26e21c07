import type { Schema } from './check-schema.js';
import { block, flag, text, whole } from './schema-members.js';

const packageRule: Schema = {
  ...block('A rule about packages; it has `purl`, or `name`.', {
    id: text('Name of the rule in reports. Without it the package URL, or the name.'),
    purl: text('Package URL without version, such as `pkg:npm/lodash`. Qualifiers that it has must agree.', {
      pattern: '^pkg:',
      examples: ['pkg:npm/lodash'],
    }),
    name: text('Whole name of a package; `*` and `?` are wildcards.', { minLength: 1 }),
    type: text('Type of package URL that packages must have, beside `name`.'),
    versions: text('Range of versions (VERS), such as `vers:npm/<4.17.21`. Without it all versions.', {
      pattern: '^vers:[a-z][a-z0-9.-]*/.+',
      examples: ['vers:npm/<4.17.21'],
    }),
    includeUpstream: flag('Also meet packages that were built from a source package of this name.'),
    reason: text('Shown in reports.'),
  }),
  minProperties: 1,
  anyOf: [{ required: ['purl'] }, { required: ['name'] }],
};

/** Definitions that the parts of the policy schema share. */
export const definitions: Readonly<Record<string, Schema>> = {
  digest: text('A digest, such as `sha256:…`.', {
    pattern: '^sha(256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})$',
  }),
  duration: text('Seconds, minutes, hours or days: `90s`, `15m`, `12h`, `7d`.', {
    pattern: '^[1-9][0-9]{0,5}(s|m|h|d)$',
    examples: ['7d'],
  }),
  action: {
    enum: ['deny', 'warn', 'ignore'],
    description: 'What happens: `deny` refuses, `warn` reports it, `ignore` does neither.',
  },
  signerList: {
    type: 'array',
    description: 'Names of `signers`; one of them is enough.',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string' },
  },
  signer: block(
    'A signer: a statement of the trust policy.',
    {
      trustPolicy: text('Name of the statement in the trust policy document.', { minLength: 1 }),
      minSignatures: whole(
        'How many different signers must have signed; those that share a key or a subject are one.',
        {
          minimum: 1,
          default: 1,
        },
      ),
      requireTimestamp: flag('Only signatures with a trusted timestamp (RFC 3161) count.'),
    },
    ['trustPolicy'],
  ),
  packageRule,
};

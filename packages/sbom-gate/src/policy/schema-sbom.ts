import { defaultSbomFormats, sbomFormatNames } from '../sbom/formats.js';
import type { Schema } from './check-schema.js';
import { block, definition, flag, list, oneOf, text } from './schema-members.js';

const rule: Schema = { $ref: '#/definitions/packageRule' };

const licenses: Schema = block('Rules about licences. Files, devices and whole operating systems need none.', {
  field: oneOf(
    ['concluded', 'declared', 'concluded-then-declared', 'both'],
    'Which statement of a licence is judged.',
    'concluded-then-declared',
  ),
  allow: list(
    { type: 'string' },
    'Licences of the SPDX list, all others are refused. Without it all that are not blocked.',
  ),
  block: list({ type: 'string' }, 'Licences that are refused wherever an expression cannot do without them.', {
    default: [],
  }),
  unknown: definition('action', 'A package that states no licence, or one that cannot be read.', 'warn'),
  exceptPackages: list(rule, 'Packages that are not judged.', { default: [] }),
});

/** Schema of the `sbom` block. */
export const sbomSchema: Schema = block(
  'Rules about SBOMs. Each platform must have one that is trusted.',
  {
    signedBy: definition('signerList', 'Who may sign SBOMs.'),
    formats: list({ enum: sbomFormatNames }, 'Formats that count; documents in others are set aside.', {
      minItems: 1,
      uniqueItems: true,
      default: defaultSbomFormats,
    }),
    binding: oneOf(
      ['subject', 'subject-and-document'],
      'Whether the document itself must name the image by digest, too.',
      'subject',
    ),
    select: oneOf(['union', 'newest'], 'Whether all SBOMs of a platform count together, or the newest one.', 'union'),
    allowEmpty: flag('Whether an SBOM may list no package.'),
    maxAge: definition('duration', 'How old an SBOM may be, by its own words. Without it any age.'),
    requirePackages: list(rule, 'Packages that must be there.', { default: [] }),
    blockPackages: list(rule, 'Packages that must not be there.', { default: [] }),
    licenses,
  },
  ['signedBy'],
);

/** Schema of the `vex` block. */
export const vexSchema: Schema = block(
  'Whose VEX statements take findings away. Without it none do.',
  {
    signedBy: definition('signerList', 'Who may sign VEX documents.'),
    formats: list({ enum: ['openvex', 'cyclonedx', 'csaf'] }, 'Formats that count.', {
      default: ['openvex', 'cyclonedx', 'csaf'],
    }),
    acceptStatuses: list({ enum: ['not_affected', 'fixed'] }, 'Statuses that take a finding away.', {
      default: ['not_affected', 'fixed'],
    }),
    acceptJustifications: list(
      { type: 'string' },
      'Justifications of `not_affected` that are accepted. Without it all, and none at all.',
    ),
    maxAge: definition('duration', 'How old a statement may be. Without it any age.'),
  },
  ['signedBy'],
);

/** Schema of an exception. */
export const exceptionSchema: Schema = block(
  'A finding, package or licence that is let through until a day.',
  {
    id: text('The vulnerability, the rule or the package, or the licence.', { minLength: 3 }),
    rule: oneOf(['vulnerability', 'package', 'license'], 'What the exception is from.', 'vulnerability'),
    packages: list(rule, 'Only for these packages; without any, for all.', { default: [] }),
    images: list({ type: 'string' }, 'Only for these images: reference, repository or digest; without any, for all.', {
      default: [],
    }),
    reason: text('Why; shown in reports.', { minLength: 8 }),
    approvedBy: text('Who has approved it.'),
    expires: text('When it ends (RFC 3339).', { format: 'date-time' }),
  },
  ['id', 'reason', 'expires'],
);

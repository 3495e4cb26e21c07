import type { Schema } from './check-schema.js';
import { definitions } from './schema-definitions.js';
import { block, definition, list, oneOf, text, whole } from './schema-members.js';
import { provenanceSchema } from './schema-provenance.js';
import { exceptionSchema, sbomSchema, vexSchema } from './schema-sbom.js';
import { scanSchema } from './schema-scan.js';
import { summarySchema } from './schema-summary.js';

const platforms: Schema = {
  description: 'Platforms that must be there and are judged, such as `linux/amd64`; others are not looked at.',
  default: 'all',
  oneOf: [
    { const: 'all' },
    {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$', examples: ['linux/amd64'] },
    },
  ],
};

const limits: Schema = block('Limits of evidence. What is beyond them refuses.', {
  documentBytes: whole('Bytes of a document.', { minimum: 1024, maximum: 268_435_456, default: 134_217_728 }),
  depth: whole('Levels in a document.', { minimum: 8, maximum: 1024, default: 256 }),
  items: whole('Packages or findings in a document.', { minimum: 1, default: 500_000 }),
  referrers: whole('Attachments of a manifest that are looked at.', { minimum: 1, maximum: 10_000, default: 200 }),
});

const output: Schema = block('What is written after a decision.', {
  attestation: oneOf(['none', 'vsa'], 'The statement: a verification summary of SLSA, or none.', 'none'),
  verifierId: text('Who decides, in the statement.', { format: 'uri' }),
  promote: block(
    'How `promote` goes on.',
    {
      signWith: text('Signer of `signers` whose statement the production signatures must satisfy.'),
      evidence: oneOf(
        ['used', 'all-trusted'],
        'What travels: what the decision rests on, or all that is trusted.',
        'used',
      ),
    },
    ['signWith'],
  ),
});

/** The JSON Schema (draft-07) of a gate policy; {@link parseGatePolicy} checks against this very object. */
export const gatePolicySchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'gate-policy.schema.json',
  title: 'NotaryKit gate policy 1.0',
  ...block(
    'What an image must show before it may be deployed.',
    {
      version: { const: '1.0', description: 'Version of the policy format.' },
      name: text('Name of the policy in reports.', { pattern: '^[a-z0-9][a-z0-9.-]{0,62}$', examples: ['production'] }),
      trustPolicy: block(
        'The trust policy that the signers are statements of, for tools that read files.',
        { path: text('Path of the document.'), digest: definition('digest', 'Digest that it must have.') },
        ['path'],
      ),
      signers: {
        type: 'object',
        description: 'Signers, by the name under which the classes of evidence know them.',
        minProperties: 1,
        propertyNames: { pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
        additionalProperties: { $ref: '#/definitions/signer' },
      },
      image: block('The image itself.', { signedBy: definition('signerList', 'Who may sign the image.'), platforms }, [
        'signedBy',
      ]),
      sbom: sbomSchema,
      scan: scanSchema,
      vex: vexSchema,
      provenance: provenanceSchema,
      summary: summarySchema,
      exceptions: list(exceptionSchema, 'What is let through until a day.', { default: [] }),
      limits,
      output,
    },
    ['version', 'name', 'signers', 'image'],
  ),
  definitions,
};

import type { Schema } from './check-schema.js';

/** Schema of the `sbom` block. */
export const sbomSchema: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['signedBy'],
  properties: {
    signedBy: {
      $ref: '#/definitions/signerList',
    },
    formats: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: {
        enum: ['spdx-2', 'spdx-3', 'cyclonedx', 'syft', 'origin-simple'],
      },
    },
    binding: {
      enum: ['subject', 'subject-and-document'],
    },
    select: {
      enum: ['union', 'newest'],
    },
    allowEmpty: {
      type: 'boolean',
    },
    maxAge: {
      $ref: '#/definitions/duration',
    },
    requirePackages: {
      type: 'array',
      items: {
        $ref: '#/definitions/packageRule',
      },
    },
    blockPackages: {
      type: 'array',
      items: {
        $ref: '#/definitions/packageRule',
      },
    },
    licenses: {
      type: 'object',
      additionalProperties: false,
      properties: {
        field: {
          enum: ['concluded', 'declared', 'concluded-then-declared', 'both'],
        },
        allow: {
          type: 'array',
          items: {
            type: 'string',
          },
        },
        block: {
          type: 'array',
          items: {
            type: 'string',
          },
        },
        unknown: {
          $ref: '#/definitions/action',
        },
        exceptPackages: {
          type: 'array',
          items: {
            $ref: '#/definitions/packageRule',
          },
        },
      },
    },
  },
};

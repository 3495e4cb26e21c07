import type { Schema } from './check-schema.js';
import { definitions } from './schema-definitions.js';
import { sbomSchema } from './schema-sbom.js';
import { scanSchema } from './schema-scan.js';

/** The JSON Schema (draft-07) of a gate policy; {@link parseGatePolicy} checks against this very object. */
export const gatePolicySchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'NotaryKit gate policy 1.0',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'name', 'signers', 'image'],
  properties: {
    version: {
      const: '1.0',
    },
    name: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9.-]{0,62}$',
    },
    trustPolicy: {
      type: 'object',
      additionalProperties: false,
      required: ['path'],
      properties: {
        path: {
          type: 'string',
        },
        digest: {
          $ref: '#/definitions/digest',
        },
      },
    },
    signers: {
      type: 'object',
      minProperties: 1,
      propertyNames: {
        pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      },
      additionalProperties: {
        $ref: '#/definitions/signer',
      },
    },
    image: {
      type: 'object',
      additionalProperties: false,
      required: ['signedBy'],
      properties: {
        signedBy: {
          $ref: '#/definitions/signerList',
        },
        platforms: {
          oneOf: [
            {
              const: 'all',
            },
            {
              type: 'array',
              minItems: 1,
              items: {
                type: 'string',
                pattern: '^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$',
              },
            },
          ],
        },
      },
    },
    sbom: sbomSchema,
    scan: scanSchema,
    vex: {
      type: 'object',
      additionalProperties: false,
      required: ['signedBy'],
      properties: {
        signedBy: {
          $ref: '#/definitions/signerList',
        },
        formats: {
          type: 'array',
          items: {
            enum: ['openvex', 'cyclonedx', 'csaf'],
          },
        },
        acceptStatuses: {
          type: 'array',
          items: {
            enum: ['not_affected', 'fixed'],
          },
        },
        acceptJustifications: {
          type: 'array',
          items: {
            type: 'string',
          },
        },
        maxAge: {
          $ref: '#/definitions/duration',
        },
      },
    },
    exceptions: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'reason', 'expires'],
        properties: {
          id: {
            type: 'string',
            minLength: 3,
          },
          rule: {
            enum: ['vulnerability', 'package', 'license'],
          },
          packages: {
            type: 'array',
            items: {
              $ref: '#/definitions/packageRule',
            },
          },
          images: {
            type: 'array',
            items: {
              type: 'string',
            },
          },
          reason: {
            type: 'string',
            minLength: 8,
          },
          approvedBy: {
            type: 'string',
          },
          expires: {
            type: 'string',
            format: 'date-time',
          },
        },
      },
    },
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: {
        documentBytes: {
          type: 'integer',
          minimum: 1024,
          maximum: 268435456,
        },
        depth: {
          type: 'integer',
          minimum: 8,
          maximum: 1024,
        },
        items: {
          type: 'integer',
          minimum: 1,
        },
        referrers: {
          type: 'integer',
          minimum: 1,
          maximum: 10000,
        },
      },
    },
    output: {
      type: 'object',
      additionalProperties: false,
      properties: {
        attestation: {
          enum: ['none', 'vsa'],
        },
        verifierId: {
          type: 'string',
          format: 'uri',
        },
        promote: {
          type: 'object',
          additionalProperties: false,
          required: ['signWith'],
          properties: {
            signWith: {
              type: 'string',
            },
            evidence: {
              enum: ['used', 'all-trusted'],
            },
          },
        },
      },
    },
  },
  definitions,
};

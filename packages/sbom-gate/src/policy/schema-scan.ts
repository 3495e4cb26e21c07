import type { Schema } from './check-schema.js';

/** Schema of the `scan` block. */
export const scanSchema: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['signedBy', 'maxAge', 'block'],
  properties: {
    signedBy: {
      $ref: '#/definitions/signerList',
    },
    formats: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: {
        enum: ['trivy', 'grype', 'snyk', 'cyclonedx', 'in-toto-vulns', 'cosign-vuln', 'scout', 'sarif'],
      },
    },
    scanners: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'string',
      },
    },
    combine: {
      enum: ['newest-per-scanner', 'newest', 'any'],
    },
    binding: {
      enum: ['subject', 'subject-and-document'],
    },
    maxAge: {
      $ref: '#/definitions/duration',
    },
    dbMaxAge: {
      $ref: '#/definitions/duration',
    },
    clockSkew: {
      $ref: '#/definitions/duration',
    },
    timeEvidence: {
      enum: ['authentic', 'signed-content'],
    },
    block: {
      type: 'object',
      additionalProperties: false,
      properties: {
        severityAtOrAbove: {
          enum: ['critical', 'high', 'medium', 'low', 'negligible'],
        },
        knownExploited: {
          type: 'boolean',
        },
        onlyFixable: {
          type: 'boolean',
        },
        ids: {
          type: 'array',
          items: {
            type: 'string',
          },
        },
        unknownSeverity: {
          $ref: '#/definitions/action',
        },
      },
    },
    severitySource: {
      enum: ['reported', 'max', 'cvss'],
    },
    requireCoverage: {
      type: 'array',
      items: {
        enum: ['os', 'language'],
      },
    },
    endOfLifeOs: {
      $ref: '#/definitions/action',
    },
    suppressedByScanner: {
      $ref: '#/definitions/action',
    },
    onMissing: {
      enum: ['deny', 'rescan'],
    },
    onStale: {
      enum: ['deny', 'rescan'],
    },
  },
};

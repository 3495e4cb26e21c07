import type { Schema } from './check-schema.js';

/** Definitions that the parts of the policy schema share. */
export const definitions: Readonly<Record<string, Schema>> = {
  digest: {
    type: 'string',
    pattern: '^sha(256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})$',
  },
  duration: {
    type: 'string',
    pattern: '^[1-9][0-9]{0,5}(s|m|h|d)$',
  },
  action: {
    enum: ['deny', 'warn', 'ignore'],
  },
  signerList: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: {
      type: 'string',
    },
  },
  signer: {
    type: 'object',
    additionalProperties: false,
    required: ['trustPolicy'],
    properties: {
      trustPolicy: {
        type: 'string',
        minLength: 1,
      },
      minSignatures: {
        type: 'integer',
        minimum: 1,
      },
      requireTimestamp: {
        type: 'boolean',
      },
    },
  },
  packageRule: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      id: {
        type: 'string',
      },
      purl: {
        type: 'string',
        pattern: '^pkg:',
      },
      name: {
        type: 'string',
        minLength: 1,
      },
      type: {
        type: 'string',
      },
      versions: {
        type: 'string',
        pattern: '^vers:[a-z][a-z0-9.-]*/.+',
      },
      includeUpstream: {
        type: 'boolean',
      },
      reason: {
        type: 'string',
      },
    },
    anyOf: [
      {
        required: ['purl'],
      },
      {
        required: ['name'],
      },
    ],
  },
};

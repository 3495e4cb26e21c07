import { verdictNames } from '@notarykit/common/internal';
import { maxImages } from './request.js';

const verdict = { enum: verdictNames };
const text = { type: 'string' };
const trusted = { type: 'boolean' };

const verificationRequest = {
  type: 'object',
  required: ['images'],
  additionalProperties: false,
  properties: {
    images: {
      type: 'array',
      minItems: 1,
      maxItems: maxImages,
      items: { type: 'string', minLength: 1, description: 'A name as a container runtime reads it' },
      examples: [['registry.example.com/net-monitor:v1']],
    },
  },
};

const result = {
  type: 'object',
  required: ['image', 'trusted', 'verdict', 'code', 'message'],
  properties: {
    image: { ...text, description: 'As it was asked' },
    trusted,
    verdict,
    code: { ...text, description: 'Stable, for machines: TRUSTED, NO_SIGNATURE, GATE_DENIED…' },
    message: text,
    digest: {
      ...text,
      pattern: '^[a-z0-9]+:[a-f0-9]+$',
      description: 'What was decided about: deploy this, not the tag',
    },
    validUntil: { ...text, format: 'date-time', description: 'When the verdict would change by itself' },
    report: {
      type: 'object',
      required: ['reportVersion', 'verdict', 'subject', 'policy', 'signatures'],
      properties: { reportVersion: { const: '2.0' }, verdict },
      description: 'On the signatures, as trust-report.schema.json of @notarykit/trust-policy describes it',
    },
    decision: {
      type: 'object',
      required: ['reportVersion', 'verdict'],
      properties: { reportVersion: { const: '1.0' }, verdict: { enum: ['ALLOW', 'DENY', 'RESCAN'] } },
      description: 'Of the gate; only in explanations',
    },
    explanation: { ...text, description: 'For people; only in explanations' },
  },
};

const answer = {
  type: 'object',
  required: ['trusted', 'verdict', 'results'],
  properties: {
    trusted: { ...trusted, description: 'Whether every image is trusted' },
    verdict,
    results: { type: 'array', minItems: 1, maxItems: maxImages, items: { $ref: '#/components/schemas/Result' } },
  },
};

const failure = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: text,
        message: text,
        help: { ...text, format: 'uri', description: 'The page that says what the code means and what to do' },
      },
    },
  },
};

/** The schemas of requests and answers (JSON Schema 2020-12, as OpenAPI 3.1 has it). */
export const schemas: Readonly<Record<'Request' | 'Result' | 'Answer' | 'Failure', object>> = {
  Request: verificationRequest,
  Result: result,
  Answer: answer,
  Failure: failure,
};

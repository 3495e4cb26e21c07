import { failureStatuses } from './failure.js';
import { paths } from './paths.js';
import { schemas } from './schemas.js';

const refTo = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: keyof typeof schemas, description: string) => ({
  description,
  content: { 'application/json': { schema: refTo(name) } },
});
const plainText = (description: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});

/** A status that is a failure and a verdict at once has either body. */
function either(description: string) {
  const schema = { oneOf: [refTo('Answer'), refTo('Failure')] };
  return { description, content: { 'application/json': { schema } } };
}

const failures = (statuses: readonly number[]) =>
  Object.fromEntries(
    Object.entries(failureStatuses)
      .filter(([, status]) => statuses.includes(status))
      .map(([code, status]) => [String(status), json('Failure', code)]),
  );

function question(operationId: string, summary: string) {
  return {
    operationId,
    summary,
    parameters: [
      {
        name: 'refusal',
        in: 'query',
        required: false,
        description: 'HTTP status of a refusal; use 200 if your client discards the body of other statuses',
        schema: { enum: ['200', '403'], default: '403' },
      },
    ],
    requestBody: { required: true, content: { 'application/json': { schema: refTo('Request') } } },
    responses: {
      200: json('Answer', 'Every image is trusted; with refusal=200 also a refusal, which says "trusted": false'),
      403: json('Answer', 'An image is refused, or skipped by the policy'),
      ...failures([400, 401, 404, 405, 408, 413]),
      500: json('Failure', 'ERR_ADMISSION_INTERNAL'),
      503: either('An image could not be decided now, or too many requests are under way'),
    },
  };
}

const health = (operationId: string, summary: string, more: object = {}) => ({
  get: { operationId, summary, security: [], responses: { 200: plainText('ok'), ...more } },
});

const reading = (operationId: string, summary: string, mediaType: string, schema: object) => ({
  get: {
    operationId,
    summary,
    responses: { 200: { description: summary, content: { [mediaType]: { schema } } }, ...failures([401, 405]) },
  },
});

/** The OpenAPI 3.1 document of a verification service. Statuses and codes of failures are those that the server answers with. */
export const openApiDocument: object = {
  openapi: '3.1.0',
  info: {
    title: 'NotaryKit verification service',
    version: '1.0.0',
    description: 'Verdicts on images by Notary Project signatures. Policy, trust stores and accounts are the server’s.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ token: [] }],
  paths: {
    [paths.verify]: { post: question('verify', 'Whether images are signed as the trust policy demands') },
    [paths.gate]: { post: question('gate', 'Whether images may be deployed, by their signatures and evidence') },
    [paths.explain]: {
      post: question('explain', 'Every check of the images, evaluated without caches, and its reason'),
    },
    [paths.health]: health('health', 'Whether the server is running'),
    [paths.ready]: health('ready', 'Whether the server accepts requests', { 503: plainText('not ready') }),
    [paths.metrics]: reading('metrics', 'Counts and times, OpenMetrics', 'application/openmetrics-text', {
      type: 'string',
    }),
    [paths.document]: reading('document', 'This document', 'application/json', { type: 'object' }),
  },
  components: {
    schemas,
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'Servers may ask for a client certificate, too' },
    },
  },
};

import { createVerificationRoutes, openApiDocument } from '@notarykit/admission/internal';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import trustReport from '../../../packages/trust-policy/schemas/trust-report.schema.json' with { type: 'json' };
import { type AdmissionLab, createAdmissionLab, holding, host } from '../admission/lab.js';
import { type ClientRequest, type ServerAnswer, send } from '../admission/webhook-client.js';
import { bearer, createServiceLab, type ServiceLab } from './lab.js';

interface Operation {
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { schema: object }>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const document = openApiDocument as Document;
let lab: ServiceLab;
let setup: AdmissionLab;
beforeAll(async () => {
  lab = await createServiceLab();
  setup = await createAdmissionLab();
  await setup.image('signed', 'v1', true);
  await setup.image('bare', 'v1', false);
});
afterAll(() => lab.close());

/** The same schema without room for members that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [name, closed(value)] as const);
  const own = Object.fromEntries(entries) as { properties?: { reportVersion?: object } };
  const open = own.properties === undefined || own.properties.reportVersion !== undefined;
  return open ? own : { ...own, additionalProperties: false };
}

const ajv = new Ajv2020({ formats: { 'date-time': true, uri: true }, allErrors: true });
ajv.addVocabulary(['components']);
const components = closed(document.components.schemas);

/** What is wrong with an answer by the document. */
function problemsOf({ method, path }: ClientRequest, { status, body, headers }: ServerAnswer): string {
  const { pathname } = new URL(path, 'https://service.test');
  const response = document.paths[pathname]?.[method.toLowerCase()]?.responses[String(status)];
  const mediaType = String(headers['content-type']).split(';')[0] ?? '';
  const schema = response?.content[mediaType]?.schema;
  if (schema === undefined) return `${method} ${pathname}: no ${status} of ${mediaType}`;
  const fits = ajv.compile({ ...(closed(schema) as object), components: { schemas: components } });
  return fits(mediaType === 'application/json' ? JSON.parse(body) : body)
    ? ''
    : `${path}: ${ajv.errorsText(fits.errors)}`;
}

describe('the OpenAPI document', () => {
  it('is served, and describes every path and real answers of every kind', async () => {
    const gate = {
      policy: parseGatePolicy(
        JSON.stringify({
          version: '1.0',
          name: 'production',
          signers: { any: { trustPolicy: 'cluster' } },
          image: { signedBy: ['any'] },
        }),
      ),
    };
    const policy = { trust: setup.trust, gate };
    const routes = createVerificationRoutes({ policy, open: ({ repository }) => setup.repository(repository) });
    const server = await lab.serve({ routes });
    const seen = new Set<string>();
    const ask = async (request: ClientRequest) => {
      const answer = await send(server, lab.client, { headers: bearer, ...request });
      expect(problemsOf(request, answer)).toBe('');
      seen.add(`${request.path.replace(/\?.*/, '')} ${answer.status}`);
      return answer;
    };
    for (const path of ['/v1/verify', '/v1/gate', '/v1/explain'])
      for (const [query, images] of [
        ['', [`${host}/signed:v1`, `${host}/bare:v1`]],
        ['', [`${host}/signed:v1`]],
        ['', [`${host}/signed:none`]],
        ['?refusal=200', [`${host}/bare:v1`]],
      ] as const)
        await ask({ method: 'POST', path: `${path}${query}`, body: JSON.stringify({ images }) });
    await ask({ method: 'POST', path: '/v1/verify', body: '{' });
    await ask({ method: 'POST', path: '/v1/verify', body: '{}', headers: {} });
    await ask({ method: 'POST', path: '/v1/verify', body: ' '.repeat(70_000) });
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) await ask({ method: 'GET', path });
    expect(JSON.parse((await ask({ method: 'GET', path: '/openapi.json' })).body)).toEqual(openApiDocument);
    for (const path of Object.keys(document.paths))
      expect([...seen].filter((each) => each.startsWith(path))).not.toEqual([]);
    for (const status of [200, 400, 401, 403, 413, 503]) expect(seen).toContain(`/v1/verify ${status}`);
  });

  it('describes answers that take a slow server', async () => {
    const slow = holding(async () => ({ verdict: 'undecided', code: 'X', message: '' }));
    const body = JSON.stringify({ images: ['r.io/x:1'] });
    const asking = { method: 'POST', path: '/v1/verify', headers: bearer, body } as const;
    const server = await lab.serve({ routes: { verify: slow.verify }, maxInFlight: 1 });
    const first = send(server, lab.client, asking);
    await slow.reached;
    expect(problemsOf(asking, await send(server, lab.client, asking))).toBe('');
    slow.go();
    expect(problemsOf(asking, await first)).toBe('');
    const none = { ...asking, path: '/v1/gate' };
    const answer = await send(server, lab.client, none);
    expect([answer.status, problemsOf(none, answer)]).toEqual([404, '']);
  });

  it('asks for a token everywhere but at health', () => {
    const without = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).some(({ security }) => security?.length === 0) ? [path] : [],
    );
    expect(without).toEqual(['/healthz', '/readyz']);
    expect(document.openapi).toBe('3.1.0');
  });

  it('its report is the report of the library', async () => {
    const routes = createVerificationRoutes({
      policy: { trust: setup.trust },
      open: ({ repository }) => setup.repository(repository),
    });
    const server = await lab.serve({ routes });
    const fits = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(trustReport);
    const { answer } = await lab.ask(server, '/v1/verify', [`${host}/signed:v1`, `${host}/bare:v1`]);
    for (const { report } of answer.results) expect(fits(report)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { createGatekeeperProvider } from '../gatekeeper/provider.js';
import type { VerifyImage } from '../review/verdict.js';
import { createAdmissionHandler } from './handler.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const verify: VerifyImage = async (image) =>
  image.reference.repository === 'evil'
    ? { outcome: 'denied', code: 'NO_TRUSTED_SIGNATURE', message: 'none' }
    : { outcome: 'trusted', digest, code: 'TRUSTED', message: 'signed' };

const body = (image: string, apiVersion = 'admission.k8s.io/v1') =>
  JSON.stringify({
    apiVersion,
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      object: { spec: { containers: [{ image }] } },
    },
  });
const post = (path: string, content: string) =>
  new Request(`https://gate.test${path}`, {
    method: 'POST',
    body: content,
    headers: { 'content-type': 'application/json' },
  });

describe('createAdmissionHandler', () => {
  it('mutates, validates and echoes the version', async () => {
    const handler = createAdmissionHandler({ review: { verify }, tags: 'digests' });
    const mutated = await (
      await handler(post('/mutate?timeout=10s', body('r.io/x:1', 'admission.k8s.io/v1beta1')))
    ).json();
    expect(mutated).toMatchObject({
      apiVersion: 'admission.k8s.io/v1beta1',
      kind: 'AdmissionReview',
      response: { uid: 'u', allowed: true, patchType: 'JSONPatch' },
    });
    const validated = await (await handler(post('/validate', body('r.io/x:1')))).json();
    expect(validated.response).toMatchObject({ allowed: false, status: { code: 403 } });
    expect(validated.response.patch).toBeUndefined();
  });

  it('bad input: a status and a code, no stack', async () => {
    const handler = createAdmissionHandler({ review: { verify }, maxBodySize: 100 });
    expect((await handler(post('/validate', '{'))).status).toBe(400);
    expect((await handler(post('/validate', 'x'.repeat(101)))).status).toBe(413);
    expect((await handler(new Request('https://gate.test/validate'))).status).toBe(405);
    expect((await handler(new Request('https://gate.test/toString'))).status).toBe(404);
  });

  it('deadline of 1 s from the query', async () => {
    const handler = createAdmissionHandler({ review: { verify: () => new Promise(() => undefined) }, timeoutMs: 20 });
    const { response } = await (await handler(post('/validate?timeout=1s', body('r.io/x:1')))).json();
    expect(response).toMatchObject({ allowed: false, status: { code: 504 } });
  });

  it('too many at once: a clean refusal', async () => {
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: VerifyImage = async (...asked) => {
      await gate;
      return verify(...asked);
    };
    const handler = createAdmissionHandler({ review: { verify: slow }, maxInFlight: 1 });
    const first = handler(post('/validate', body('r.io/x:1')));
    const second = await (await handler(post('/validate', body('r.io/x:1')))).json();
    release?.();
    expect(second.response).toMatchObject({ allowed: false, status: { code: 429 } });
    expect((await (await first).json()).response).toMatchObject({ allowed: true });
  });

  it('health and metrics', async () => {
    let ready = false;
    const handler = createAdmissionHandler({ review: { verify }, ready: () => ready });
    const get = async (path: string) => handler(new Request(`https://gate.test${path}`));
    expect([(await get('/healthz')).status, (await get('/readyz')).status]).toEqual([200, 503]);
    ready = true;
    await handler(post('/validate', body('r.io/evil:1')));
    const metrics = await (await get('/metrics')).text();
    expect((await get('/readyz')).status).toBe(200);
    expect(metrics).toContain('notarykit_admission_reviews_total{route="validate",decision="denied"} 1');
    expect(metrics).toContain('notarykit_admission_images_total{code="NO_TRUSTED_SIGNATURE"} 1');
    expect(metrics.endsWith('# EOF\n')).toBe(true);
  });
});

describe('createGatekeeperProvider', () => {
  const keys = (...list: string[]) =>
    post(
      '/',
      JSON.stringify({
        apiVersion: 'externaldata.gatekeeper.sh/v1beta1',
        kind: 'ProviderRequest',
        request: { keys: list },
      }),
    );

  it('mutation: a text for each key, or its error', async () => {
    const { mutate } = createGatekeeperProvider({ verify });
    expect(await (await mutate(keys('r.io/x:1', 'r.io/x:1', 'r.io/evil:1', 'a b'))).json()).toMatchObject({
      apiVersion: 'externaldata.gatekeeper.sh/v1beta1',
      kind: 'ProviderResponse',
      response: {
        idempotent: true,
        systemError: '',
        items: [
          { key: 'r.io/x:1', value: `r.io/x:1@${digest}` },
          { key: 'r.io/evil:1', error: 'NO_TRUSTED_SIGNATURE: none' },
          { key: 'a b', error: expect.stringContaining('ERR_OCI_INVALID') },
        ],
      },
    });
  });

  it('validation: a verdict for each key; namespaces in the key', async () => {
    const seen: (string | undefined)[] = [];
    const { validate } = createGatekeeperProvider({
      namespacedKeys: true,
      verify: (image, context) => {
        seen.push(context.namespace);
        return verify(image, context);
      },
    });
    const { response } = await (await validate(keys('[team-a]r.io/x:1', 'r.io/x:1'))).json();
    expect(response.items).toEqual([
      { key: '[team-a]r.io/x:1', value: { outcome: 'trusted', code: 'TRUSTED', message: 'signed', digest } },
      { key: 'r.io/x:1', error: expect.stringContaining('KEY_INVALID') },
    ]);
    expect(seen).toEqual(['team-a']);
  });

  it.each([['{'], ['{"kind":"ProviderRequest","request":{"keys":[1]}}'], ['{"kind":"X","request":{"keys":[]}}']])(
    'bad input %s: a system error in a body that parses',
    async (text) => {
      const { validate } = createGatekeeperProvider({ verify });
      const answer = await validate(post('/', text));
      expect(answer.status).toBe(200);
      expect((await answer.json()).response.systemError).toMatch(/^ERR_/);
    },
  );
});

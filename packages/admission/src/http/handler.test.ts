import { acceptAdmissionAnswer } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import type { VerifyImage } from '../verdict.js';
import { createAdmissionHandler } from './handler.js';
import type { AdmissionHandler } from './plain.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const verify: VerifyImage = async (image) =>
  image.reference.repository === 'evil'
    ? { verdict: 'refused', code: 'NO_TRUSTED_SIGNATURE', message: 'none' }
    : { verdict: 'trusted', digest, code: 'TRUSTED', message: 'signed' };

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

/** What the API server makes of the handler's answer. */
async function ask(handler: AdmissionHandler, path: string, content: string) {
  const answer = await handler(post(path, content));
  const mutating = path.startsWith('/mutate');
  return acceptAdmissionAnswer(content, { status: answer.status, body: await answer.text() }, { mutating });
}

describe('createAdmissionHandler', () => {
  it('mutates, validates and echoes the version', async () => {
    const handler = createAdmissionHandler({ review: { verify }, tags: 'digests' });
    const mutated = await ask(handler, '/mutate?timeout=10s', body('r.io/x:1', 'admission.k8s.io/v1beta1'));
    const object = { spec: { containers: [{ image: `r.io/x:1@${digest}` }] } };
    expect(mutated).toMatchObject({ outcome: 'allow', patched: true, object, lost: [] });
    const validated = await ask(handler, '/validate', body('r.io/x:1'));
    expect(validated).toMatchObject({ outcome: 'deny', code: 403, lost: [] });
  });

  it('bad input: answers with a status and a code, without a stack trace', async () => {
    const handler = createAdmissionHandler({ review: { verify }, maxBodySize: 100 });
    expect((await handler(post('/validate', '{'))).status).toBe(400);
    expect((await handler(post('/validate', 'x'.repeat(101)))).status).toBe(413);
    expect((await handler(new Request('https://gate.test/validate'))).status).toBe(405);
    expect((await handler(new Request('https://gate.test/toString'))).status).toBe(404);
  });

  it('too many reviews at once: refuses with OVERLOADED', async () => {
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: VerifyImage = async (...asked) => {
      await gate;
      return verify(...asked);
    };
    const handler = createAdmissionHandler({ review: { verify: slow }, maxInFlight: 1 });
    const first = ask(handler, '/validate', body('r.io/x:1'));
    const second = await ask(handler, '/validate', body('r.io/x:1'));
    release?.();
    expect(second).toMatchObject({ outcome: 'deny', code: 429, lost: [] });
    expect(await first).toMatchObject({ outcome: 'allow' });
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
    expect(metrics).toContain('notarykit_admission_reviews_total{route="validate",decision="refused"} 1');
    expect(metrics).toContain('notarykit_admission_images_total{code="NO_TRUSTED_SIGNATURE"} 1');
    expect(metrics.endsWith('# EOF\n')).toBe(true);
  });
});

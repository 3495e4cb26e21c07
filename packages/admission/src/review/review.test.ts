import { decodeBase64, decodeUtf8 } from '@notarykit/common';
import { acceptAdmissionAnswer } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import type { AdmissionResponse, PatchOperation } from '../types.js';
import type { VerifyImage } from '../verdict.js';
import { parseReview } from './request.js';
import { type ReviewOptions, review } from './review.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const trusting: VerifyImage = async (image) => ({
  verdict: 'trusted',
  digest: image.reference.digest ?? digest,
  code: 'TRUSTED',
  message: 'signed',
});

const podSpec = (...images: (string | undefined)[]) => ({
  containers: images.map((image, i) => ({ name: `c${i}`, ...(image === undefined ? {} : { image }) })),
});
const request = (object: unknown, more: Record<string, unknown> = {}) =>
  parseReview(
    JSON.stringify({
      uid: 'u1',
      operation: 'CREATE',
      namespace: 'team',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      object,
      ...more,
    }),
  ).request;
const pod = (...images: (string | undefined)[]) => request({ spec: podSpec(...images) });
/** The answer, after the API server's own rules were held against it. */
async function run(asked: ReturnType<typeof request>, options: Partial<ReviewOptions> = {}) {
  const response = await review(asked, { verify: trusting, ...options });
  const head = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
  const outcome = acceptAdmissionAnswer(
    JSON.stringify({ ...head, request: asked }),
    { status: 200, body: JSON.stringify({ ...head, response }) },
    { mutating: options.tags === 'pin' },
  );
  expect(outcome).toMatchObject({ outcome: response.allowed ? 'allow' : 'deny', lost: [] });
  return response;
}
const patchOf = (response: AdmissionResponse): PatchOperation[] =>
  response.patch === undefined ? [] : JSON.parse(decodeUtf8(decodeBase64(response.patch)));
const replaced = (response: AdmissionResponse) =>
  patchOf(response).flatMap(({ op, path, value }) => (op === 'replace' ? [[path, value]] : []));

describe('review', () => {
  it('pins tags and tests each before it replaces', async () => {
    const response = await run(pod('r.io/x:1', 'busybox', `r.io/y:2@${digest}`), { tags: 'pin' });
    expect(response).toMatchObject({ uid: 'u1', allowed: true, patchType: 'JSONPatch' });
    expect(replaced(response)).toEqual([
      ['/spec/containers/0/image', `r.io/x:1@${digest}`],
      ['/spec/containers/1/image', `busybox:latest@${digest}`],
    ]);
    expect(patchOf(response)[0]).toEqual({ op: 'test', path: '/spec/containers/0/image', value: 'r.io/x:1' });
  });

  it.each([{ outcome: 'maybe' }, {}, { outcome: 'Trusted' }])(
    'unknown values admit nothing: a verdict of %j',
    async (verdict) => {
      const verify = (async () => ({ code: 'X', message: 'm', ...verdict })) as unknown as VerifyImage;
      const response = await review(pod('r.io/x:1'), { verify });
      expect(response).toMatchObject({ allowed: false, auditAnnotations: { decision: 'deny' } });
    },
  );

  it.each(['Warn', 'off', undefined])('unknown values admit nothing: the mode %j', async (mode) => {
    const verify: VerifyImage = async () => ({ verdict: 'refused', code: 'X', message: 'm' });
    for (const given of [mode, () => mode])
      expect(await review(pod('r.io/x:1'), { verify, mode: given } as unknown as ReviewOptions)).toMatchObject({
        allowed: false,
      });
  });

  it.each<readonly [string, unknown]>([
    ['tags', 'Pin'],
    ['tags', 'require-Digest'],
    ['tags', true],
    ['exemptNamespaces', 'kube-system'],
    ['exemptNamespaces', { includes: () => true }],
  ])('unknown values admit nothing: %s %j', async (option, value) => {
    const verify: VerifyImage = async () => ({ verdict: 'trusted', code: 'X', message: 'm' });
    const options = { verify, [option]: value } as unknown as ReviewOptions;
    const response = await review(request({ spec: podSpec('r.io/x:1') }, { namespace: 'system' }), options);
    expect(response).toMatchObject({ allowed: false, auditAnnotations: { codes: 'CONFIG_INVALID' } });
    // A DELETE brings no image.
    expect(await review(request({}, { operation: 'DELETE' }), options)).toMatchObject({ allowed: true });
  });

  it('an old object in a request that is not an update exempts no image', async () => {
    const verify: VerifyImage = async () => ({ verdict: 'refused', code: 'X', message: 'm' });
    const object = { spec: podSpec('r.io/x:1') };
    const ask = async (operation: string): Promise<boolean> =>
      (await review(request(object, { operation, oldObject: object }), { verify, unchanged: 'allow' })).allowed;
    expect([await ask('CREATE'), await ask('UPDATE')]).toEqual([false, true]);
  });

  it('two entries for one kind: the stricter one decides about an object without images', async () => {
    const kind = { group: 'x.test', kind: 'Y' };
    const asked = request({ spec: {} }, { kind: { ...kind, version: 'v1' } });
    const strict = { ...kind, pointers: ['/spec/image'] };
    const lax = { ...kind, pointers: ['/spec/other'], absent: 'allow' } as const;
    const allowed = async (...kinds: NonNullable<ReviewOptions['kinds']>): Promise<boolean> =>
      (await review(asked, { verify: trusting, kinds })).allowed;
    expect([await allowed(lax), await allowed(lax, strict), await allowed(strict, lax)]).toEqual([true, false, false]);
  });

  it('image missing or empty: nothing to verify, the API server refuses it', async () => {
    expect(await run(pod(undefined, ''))).toMatchObject({ allowed: true });
  });

  it.each([['R.io/UPPER'], ['a b'], ['[ns]reg/x:1'], ['http://reg/x'], ['x@sha256:short'], ['x@sha512:bb']])(
    'unparseable image %s is refused by its own code',
    async (image) => {
      const response = await run(pod('r.io/good:1', image));
      expect(response).toMatchObject({ allowed: false, status: { code: 403 } });
      expect(response.status?.message).toContain('spec.containers[1].image');
      expect(response.status?.message).toContain('NAME_INVALID');
    },
  );

  it('same image in many containers: one verification, many patches', async () => {
    let count = 0;
    const verify: VerifyImage = async (...asked) => {
      count++;
      return trusting(...asked);
    };
    const response = await run(pod(...Array.from({ length: 250 }, () => 'r.io/x:1')), { verify, tags: 'pin' });
    expect([count, replaced(response).length]).toEqual([1, 250]);
    expect(response.warnings?.length).toBeLessThanOrEqual(20);
  });

  it('distinguishes an image volume from an rbd volume', async () => {
    const seen: string[] = [];
    const verify: VerifyImage = async (image, context) => {
      seen.push(image.written);
      return trusting(image, context);
    };
    const volumes = [{ rbd: { image: 'disk' } }, { image: { reference: 'r.io/model:1' } }];
    const response = await run(
      request({ spec: { ...podSpec('r.io/x:1'), volumes }, status: { containerStatuses: [{ image: 'evil' }] } }),
      { verify, tags: 'pin' },
    );
    expect(seen).toEqual(['r.io/x:1', 'r.io/model:1']);
    expect(replaced(response)[1]).toEqual(['/spec/volumes/1/image/reference', `r.io/model:1@${digest}`]);
  });

  it('update of a pod that has an ephemeral container: it is verified and never patched', async () => {
    const spec = { ...podSpec('r.io/x:2'), ephemeralContainers: [{ image: 'r.io/debug:1' }] };
    const response = await run(
      request({ spec }, { operation: 'UPDATE', oldObject: { spec: { ...spec, ...podSpec('r.io/x:1') } } }),
      { tags: 'pin' },
    );
    expect(replaced(response).map(([path]) => path)).toEqual(['/spec/containers/0/image']);
  });

  it.each([
    [
      'new kind',
      { group: '', version: 'v1', kind: 'Pod' },
      { spec: { ephemeralContainers: [{ image: 'r.io/debug:1' }] } },
      '/spec/ephemeralContainers/0/image',
    ],
    [
      'old kind',
      { group: '', version: 'v1', kind: 'EphemeralContainers' },
      { ephemeralContainers: [{ image: 'r.io/debug:1' }] },
      '/ephemeralContainers/0/image',
    ],
  ])('EphemeralContainers, %s', async (_, kind, object, path) => {
    const response = await run(
      request(object, { kind, subResource: 'ephemeralcontainers', operation: 'UPDATE', oldObject: {} }),
      { tags: 'pin' },
    );
    expect(replaced(response)).toEqual([[path, `r.io/debug:1@${digest}`]]);
  });

  it('deletionTimestamp: admits an update of an object that is being deleted', async () => {
    const verify: VerifyImage = () => Promise.reject(new Error('not asked'));
    const gone = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, spec: podSpec('r.io/x:1') };
    expect(await run(request(gone, { operation: 'UPDATE', oldObject: gone }), { verify })).toMatchObject({
      allowed: true,
    });
    expect(await run(request(gone), { verify })).toMatchObject({ allowed: false });
    expect(await run(request(undefined, { operation: 'DELETE', oldObject: gone }), { verify })).toMatchObject({
      allowed: true,
    });
  });

  it('refuses a null request and other malformed reviews', () => {
    for (const text of [
      'null',
      '[]',
      '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":null}',
      '{"uid":1}',
      '{',
    ]) {
      expect(() => parseReview(text)).toThrowError(expect.objectContaining({ code: 'ERR_ADMISSION_REQUEST' }));
    }
  });

  it('ignores a forged verdict annotation', async () => {
    const verify: VerifyImage = async () => ({ verdict: 'refused', code: 'NO_TRUSTED_SIGNATURE', message: 'none' });
    const forged = { metadata: { annotations: { 'notarykit.dev/verified': 'true' } }, spec: podSpec('r.io/x:1') };
    expect(await run(request(forged), { verify })).toMatchObject({
      allowed: false,
      status: { code: 403, reason: 'Forbidden' },
    });
  });

  it('unknown kind: refused, or allowed by configuration', async () => {
    const kind = { group: 'argoproj.io', version: 'v1', kind: 'Rollout' };
    const rollout = request({ spec: { template: { spec: podSpec('r.io/x:1') } } }, { kind });
    expect((await run(rollout)).status?.message).toContain('UNKNOWN_KIND');
    expect(await run(rollout, { unknownKinds: 'allow' })).toMatchObject({ allowed: true });
    const kinds = [{ group: 'argoproj.io', kind: 'Rollout', pointers: ['/spec/template/spec/containers/*/image'] }];
    expect(replaced(await run(rollout, { kinds, tags: 'pin' }))).toEqual([
      ['/spec/template/spec/containers/0/image', `r.io/x:1@${digest}`],
    ]);
  });

  it('deadline: answers with the images that were decided in time', async () => {
    const abort = new AbortController();
    const verify: VerifyImage = (image, context) => {
      if (image.reference.repository === 'x') return trusting(image, context);
      queueMicrotask(() => abort.abort());
      return new Promise(() => undefined);
    };
    const response = await run(pod('r.io/x:1', 'r.io/slow:1'), { verify, signal: abort.signal });
    expect(response).toMatchObject({ allowed: false, status: { code: 504 } });
    expect(response.status?.message).toContain('1 of 2 images');
  });

  it('a verifier that fails: refuses, without the text of an error that is not a CodedError', async () => {
    const response = await run(pod('r.io/x:1'), { verify: () => Promise.reject(new Error('password=hunter2')) });
    expect(response).toMatchObject({ allowed: false });
    expect(JSON.stringify(response)).not.toContain('hunter2');
  });

  it('modes: warn and audit admit and say so', async () => {
    const verify: VerifyImage = async () => ({ verdict: 'refused', code: 'NO_TRUSTED_SIGNATURE', message: 'none' });
    expect(await run(pod('r.io/x:1'), { verify, mode: 'warn' })).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('NO_TRUSTED_SIGNATURE')],
    });
    const audited = await run(pod('r.io/x:1'), { verify, mode: () => 'audit' });
    expect(audited).toMatchObject({
      allowed: true,
      auditAnnotations: { decision: 'deny-audit', codes: 'NO_TRUSTED_SIGNATURE' },
    });
    expect(audited.warnings).toBeUndefined();
  });

  it('exempt namespaces, unchanged images, bare tags', async () => {
    const verify: VerifyImage = () => Promise.reject(new Error('not asked'));
    expect(await run(pod('r.io/x:1'), { verify, exemptNamespaces: ['team'] })).toMatchObject({ allowed: true });
    const same = { spec: podSpec('r.io/x:1') };
    expect(
      await run(request(same, { operation: 'UPDATE', oldObject: same }), { verify, unchanged: 'allow' }),
    ).toMatchObject({ allowed: true });
    expect((await run(pod('r.io/x:1'), { tags: 'require-digest' })).status?.message).toContain('TAG_WITHOUT_DIGEST');
    expect(await run(pod(`r.io/x@${digest}`), { tags: 'require-digest' })).toMatchObject({ allowed: true });
  });
});

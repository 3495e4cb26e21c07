import { encodeBase64, utf8 } from '@notarykit/common';
import { describe, expect, it } from 'vitest';
import { acceptAdmissionAnswer } from './admission-answer.js';

const head = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
const object = { spec: { containers: [{ image: 'r.io/x:1' }] } };
const sent = JSON.stringify({ ...head, request: { uid: 'u', object } });
const base64 = (patch: unknown): string => encodeBase64(utf8(JSON.stringify(patch)));
const change = [
  { op: 'test', path: '/spec/containers/0/image', value: 'r.io/x:1' },
  { op: 'replace', path: '/spec/containers/0/image', value: 'r.io/x:2' },
];
const patch = { patch: base64(change), patchType: 'JSONPatch' };

const judge = (response: object, more: { mutating?: boolean; status?: number; head?: object } = {}) =>
  acceptAdmissionAnswer(
    sent,
    { status: more.status ?? 200, body: JSON.stringify({ ...(more.head ?? head), response }) },
    { mutating: more.mutating ?? true },
  );

// What a real API server was seen to make of each answer, with `failurePolicy: Fail`.
describe('acceptAdmissionAnswer', () => {
  it.each([
    ['a refusal with a status', { allowed: false, status: { code: 403, reason: 'Forbidden', message: 'm' } }, 403, 'm'],
    ['a refusal with a reason only', { allowed: false, status: { code: 403, reason: 'Forbidden' } }, 403, 'Forbidden'],
    ['a refusal without a status', { allowed: false }, 400, 'without explanation'],
    ['a refusal with a status of success', { allowed: false, status: { code: 200, message: 'm' } }, 400, 'm'],
  ])('%s is a refusal', (_, response, code, text) => {
    const outcome = judge({ uid: 'u', ...response });
    expect(outcome).toMatchObject({ outcome: 'deny', code, message: expect.stringContaining(text) });
  });

  it('a patch is applied', () => {
    const outcome = judge({ uid: 'u', allowed: true, ...patch });
    expect(outcome).toMatchObject({
      outcome: 'allow',
      patched: true,
      object: { spec: { containers: [{ image: 'r.io/x:2' }] } },
    });
    expect(judge({ uid: 'u', allowed: true })).toMatchObject({ outcome: 'allow', patched: false, object });
  });

  it.each([
    ['another uid', { uid: 'v', allowed: true }, {}, 'response.uid'],
    ['no envelope', { uid: 'u', allowed: true }, { head: {} }, 'apiVersion'],
    [
      'an older envelope',
      { uid: 'u', allowed: true },
      { head: { ...head, apiVersion: 'admission.k8s.io/v1beta1' } },
      'v1beta1',
    ],
    ['a patch of a validating webhook', { uid: 'u', allowed: true, ...patch }, { mutating: false }, 'validating'],
    ['a patch without a type', { uid: 'u', allowed: true, patch: patch.patch }, {}, 'patchType'],
    ['a type without a patch', { uid: 'u', allowed: true, patchType: 'JSONPatch' }, {}, 'without response.patch'],
    ['a type that is none', { uid: 'u', allowed: true, ...patch, patchType: 'MergePatch' }, {}, 'MergePatch'],
    [
      'a patch that does not apply',
      { uid: 'u', allowed: true, ...patch, patch: base64([{ ...change[0], value: 'z' }]) },
      {},
      'another value',
    ],
    ['a status of HTTP', { uid: 'u', allowed: true }, { status: 500 }, '500'],
    ['no decision', { uid: 'u' }, {}, 'allowed'],
    ['warnings that are not strings', { uid: 'u', allowed: true, warnings: [1] }, {}, 'warnings'],
  ])('%s: the call counts as failed', (_, response, more, reason) => {
    expect(judge(response, more)).toEqual({ outcome: 'call-failure', reason: expect.stringContaining(reason) });
  });

  it('an answer that is not JSON: the call counts as failed', () => {
    const outcome = acceptAdmissionAnswer(sent, { status: 200, body: '<html>' }, { mutating: true });
    expect(outcome).toMatchObject({ outcome: 'call-failure' });
  });

  it.each([
    ['long warnings', { warnings: Array.from({ length: 20 }, (_, i) => `${i}${'x'.repeat(300)}`) }, 2],
    ['one long warning', { warnings: ['x'.repeat(3_000)] }, 0],
    ['control characters', { warnings: ['a\nb'] }, 1],
    ['a warning twice', { warnings: ['a', 'a'] }, 1],
    ['a key that is none', { auditAnnotations: { 'a/b': 'c', good: 'd' } }, 1],
  ])('%s: what is lost is reported', (_, more, count) => {
    expect(judge({ uid: 'u', allowed: true, ...more })).toHaveProperty('lost.length', count);
  });
});

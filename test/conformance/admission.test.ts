import {
  type AdmissionRequest,
  type AdmissionResponse,
  parseReview,
  type ReviewOptions,
  review,
  type VerifyImage,
} from '@notarykit/admission';
import { decodeBase64, decodeUtf8, type JsonObject } from '@notarykit/common';
import { acceptAdmissionAnswer } from '@notarykit/testing';
import { expect, it } from 'vitest';
import { vectorBytes, vectorJson, vectorSet } from '../vectors.ts';

const digest = `sha256:${'d'.repeat(64)}` as const;

/** Trusts everything, and remembers what it was asked about. */
function recorder(): { verify: VerifyImage; asked: string[] } {
  const asked: string[] = [];
  const verify: VerifyImage = async (image) => {
    asked.push(image.written);
    return { verdict: 'trusted', digest: image.reference.digest ?? digest, code: 'TRUSTED', message: 'signed' };
  };
  return { verify, asked };
}

async function play(path: readonly string[], options: Partial<ReviewOptions> = {}) {
  const { apiVersion, request } = parseReview(vectorBytes('admission', ...path));
  const { verify, asked } = recorder();
  const response = await review(request, { verify, tags: 'pin', ...options });
  const outcome = acceptByServer(request, response, apiVersion);
  const patch = response.patch === undefined ? [] : JSON.parse(decodeUtf8(decodeBase64(response.patch)));
  const pointers = patch.flatMap(({ op, path: at }: { op: string; path: string }) => (op === 'replace' ? [at] : []));
  return { apiVersion, request, response, asked, pointers, outcome };
}

/** What an API server makes of the answer; the frameworks that send a bare request wrap it in the version of today. */
function acceptByServer(request: AdmissionRequest, response: AdmissionResponse, apiVersion: string = v1) {
  const head = { apiVersion, kind: 'AdmissionReview' };
  const answer = { status: 200, body: JSON.stringify({ ...head, response }) };
  const outcome = acceptAdmissionAnswer(JSON.stringify({ ...head, request }), answer, { mutating: true });
  if (outcome.outcome === 'call-failure') throw new Error(outcome.reason);
  expect(outcome.lost).toEqual([]);
  return outcome;
}

const v1 = 'admission.k8s.io/v1';
const v1beta1 = 'admission.k8s.io/v1beta1';

/** What the fixtures' README tells of each: fixture, version of its envelope, distinct images that are asked about, places that are patched. */
const table: readonly [file: string, version: string, asked: number, pointers: readonly string[]][] = [
  ['apiserver-1.20.2/cronjob-create.json', v1, 1, ['/spec/jobTemplate/spec/template/spec/containers/0/image']],
  ['apiserver-1.20.2/deployment-update.json', v1, 1, ['/spec/template/spec/containers/0/image']],
  ['apiserver-1.20.2/ephemeralcontainers-update.json', v1, 1, ['/ephemeralContainers/0/image']],
  ['apiserver-1.20.2/pod-create-after-mutation.json', v1, 2, []],
  [
    'apiserver-1.20.2/pod-create-before-mutation.json',
    v1,
    2,
    ['/spec/initContainers/0/image', '/spec/containers/0/image'],
  ],
  ['apiserver-1.20.2/pod-create-dryrun.json', v1, 1, ['/spec/containers/0/image']],
  ['apiserver-1.20.2/pod-create-image-missing.json', v1, 0, []],
  ['apiserver-1.20.2/podtemplate-create.json', v1, 1, ['/template/spec/containers/0/image']],
  ['connaisseur/04_cronjob.json', v1beta1, 1, ['/spec/jobTemplate/spec/template/spec/containers/0/image']],
  [
    'connaisseur/09_dply_multi_image.json',
    v1beta1,
    3,
    [
      '/spec/template/spec/initContainers/0/image',
      '/spec/template/spec/containers/0/image',
      '/spec/template/spec/containers/1/image',
    ],
  ],
  ['connaisseur/10_update.json', v1, 1, []],
  ['connaisseur/19_pod_initcontainer.json', v1, 2, ['/spec/initContainers/0/image']],
  ['connaisseur/20_pod_ephemeralcontainer.json', v1, 2, []],
  ['connaisseur/24_alice_tag_digest_dpl.json', v1beta1, 1, []],
  // Only the new object says that it goes, which any user can write: it is looked at like every other.
  ['connaisseur/29_deleted_deployment_update_for_delete.json', v1beta1, 1, []],
  ['pepr/admission-create-deployment.json', 'bare', 1, ['/spec/template/spec/containers/0/image']],
  ['pepr/admission-delete-pod.json', 'bare', 0, []],
];

vectorSet('admission', 'admission', () => {
  it.each(table)('%s', async (file, version, asked, pointers) => {
    const played = await play(file.split('/'));
    expect(played.apiVersion ?? 'bare').toBe(version);
    expect(played.response.allowed).toBe(true);
    expect(played.asked.length).toBe(asked);
    expect(played.pointers).toEqual(pointers);
    // What the patch made of the object is trusted as it is: a second pass changes nothing.
    const object = played.outcome.outcome === 'allow' ? played.outcome.object : undefined;
    const again = { ...played.request, ...(object === undefined ? {} : { object: object as JsonObject }) };
    const second = await review(again, { verify: recorder().verify, tags: 'pin' });
    expect(second).toMatchObject({ allowed: true });
    expect(second.patch).toBeUndefined();
  });

  it.each([
    ['Pod.v1.json', '', 'Pod', 'spec'],
    ['CronJob.v1.json', 'batch', 'CronJob', 'spec.jobTemplate.spec.template.spec'],
  ])('%s: exactly four places, every other member called image is none', async (file, group, kind, prefix) => {
    const object = vectorJson('admission', 'kubernetes-api', file);
    delete object.metadata.deletionTimestamp;
    const asked = { uid: 'u', operation: 'CREATE', kind: { group, version: 'v1', kind }, object };
    const { status } = await review(parseReview(JSON.stringify(asked)).request, { verify: recorder().verify });
    // The fixture fills every member with its own name and "Value", which is not an image: each place is refused by its field.
    const fields = [...(status?.message ?? '').matchAll(/(\S+) \S+: NAME_INVALID/g)].map(([, field]) => field);
    const four = [
      'initContainers[0].image',
      'containers[0].image',
      'ephemeralContainers[0].image',
      'volumes[0].image.reference',
    ];
    expect(fields).toEqual(four.map((field) => `${prefix}.${field}`));
  });

  it('AdmissionReview.v1.json: every member is read under its name', () => {
    const { request: written } = vectorJson('admission', 'kubernetes-api', 'AdmissionReview.v1.json');
    const body = JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: { ...written, operation: 'CREATE' },
    });
    const { request } = parseReview(body);
    const { uid, name, namespace, subResource, dryRun, kind } = written;
    expect(request).toMatchObject({ uid, name, namespace, subResource, dryRun, kind, operation: 'CREATE' });
  });
});

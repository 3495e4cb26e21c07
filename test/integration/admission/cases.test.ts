// Every case was a bug somewhere: in a webhook that we know of, or in a version of Kubernetes. One test each, by its name.
import { type AdmissionHandlerOptions, createAdmissionHandler, type VerifyImage } from '@notarykit/admission';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, imagesOf, podRequest, request } from './ask.js';
import { type AdmissionLab, createAdmissionLab, host } from './lab.js';

let lab: AdmissionLab;
let digest: string;
beforeAll(async () => {
  lab = await createAdmissionLab();
  digest = (await lab.image('signed', 'v1', true)).digest;
  await lab.image('bare', 'v1', false);
});

const signed = `${host}/signed:v1`;
const bare = `${host}/bare:v1`;
const pinned = (): string => `${signed}@${digest}`;
const gate = (options: Partial<AdmissionHandlerOptions> = {}) =>
  createAdmissionHandler({ review: { verify: lab.verify }, tags: 'digests', ...options });
const kind = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout' };
const ephemeral = [{ name: 'd', image: signed }];

/** Wraps the lab's verifier, and remembers what it was asked. */
function recorder() {
  const asked: { image: string; dryRun: boolean }[] = [];
  const verify: VerifyImage = async (image, context) => {
    asked.push({ image: image.written, dryRun: context.dryRun });
    return lab.verify(image, context);
  };
  return { asked, verify };
}

describe('cases to keep', () => {
  it('image missing: the API server refuses it, we have nothing to verify', async () => {
    const spec = {
      containers: [{ name: 'a' }, { name: 'b', image: '' }, { name: 'c', image: null }, { name: 'd', image: 5 }],
    };
    expect(await ask(gate(), 'mutate', request('Pod', { spec }))).toMatchObject({ outcome: 'allow', patched: false });
    for (const object of [{}, { spec: null }, { spec: { containers: {} } }, { spec: { containers: [null, 'x'] } }])
      expect(await ask(gate(), 'mutate', request('Pod', object))).toMatchObject({ outcome: 'allow', patched: false });
  });

  it.each([
    ['capitals', 'R.io/UPPER'],
    ['a space', 'a b'],
    ['a namespace before it', '[ns]reg/x:1'],
    ['a scheme', 'http://reg/x'],
    ['a short digest', 'x@sha256:short'],
    ['another hash', 'x@sha512:bb'],
    ['control characters', 'a\nb\u0007'],
    ['5,000 characters', 'x'.repeat(5_000)],
    ['pictures', '💥'.repeat(300)],
  ])('unparseable image with %s: that image is refused, by its place and its own code', async (_, image) => {
    const outcome = await ask(gate(), 'mutate', podRequest([signed, image]));
    expect(outcome).toMatchObject({ outcome: 'deny', code: 403, reason: 'Forbidden' });
    expect(outcome).toHaveProperty(
      'message',
      expect.stringMatching(/spec\.containers\[1\]\.image [^\n]+: NAME_INVALID/),
    );
    const warned = await ask(gate({ review: { verify: lab.verify, mode: 'warn' } }), 'validate', podRequest([image]));
    expect(warned).toMatchObject({ outcome: 'allow', warnings: [expect.stringContaining('spec.containers[0]')] });
  });

  it.each([
    ['EphemeralContainers', { ephemeralContainers: ephemeral }],
    ['Pod', { spec: { containers: [], ephemeralContainers: ephemeral } }],
  ])('EphemeralContainers old and new kind: pinned through the subresource of a %s', async (name, object) => {
    const more = { subResource: 'ephemeralcontainers', operation: 'UPDATE', oldObject: {} };
    const outcome = await ask(gate(), 'mutate', request(name, object, more));
    expect(outcome).toMatchObject({ outcome: 'allow', patched: true });
    expect(JSON.stringify(outcome)).toContain(pinned());
  });

  it('update of a pod that has an ephemeral container: only what the user changed is patched', async () => {
    const old = { spec: { containers: [{ name: 'a', image: `${signed}@${digest}` }], ephemeralContainers: ephemeral } };
    const object = { spec: { ...old.spec, containers: [{ name: 'a', image: signed }] } };
    const outcome = await ask(gate(), 'mutate', request('Pod', object, { operation: 'UPDATE', oldObject: old }));
    expect(outcome).toMatchObject({
      outcome: 'allow',
      object: { spec: { containers: [{ image: pinned() }], ephemeralContainers: [{ image: signed }] } },
    });
  });

  it('deletionTimestamp: an update that takes finalizers away is never held up', async () => {
    const metadata = { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const object = { metadata, spec: { containers: [{ name: 'a', image: bare }] } };
    const update = request('Pod', object, { operation: 'UPDATE', oldObject: object });
    expect(await ask(gate(), 'validate', update)).toMatchObject({ outcome: 'allow', patched: false });
    expect(await ask(gate(), 'validate', request('Pod', object))).toMatchObject({ outcome: 'deny' });
  });

  it('generateName: there is no name before the object is stored, and a new uid after', async () => {
    const spec = { containers: [{ name: 'a', image: signed }] };
    const unnamed = request('Pod', { metadata: { generateName: 'p-' }, spec }, { name: undefined });
    const mutated = await ask(gate(), 'mutate', unnamed);
    expect(imagesOf(mutated)).toEqual([pinned()]);
    const named = { ...('object' in mutated ? (mutated.object as object) : {}), metadata: { name: 'p-x7' } };
    expect(await ask(gate(), 'validate', request('Pod', named, { name: 'p-x7' }))).toMatchObject({ outcome: 'allow' });
  });

  it('dry run: the verifier knows of it, and the answer is the same', async () => {
    const { asked, verify } = recorder();
    for (const dryRun of [true, false]) {
      const handler = gate({ review: { verify } });
      expect(imagesOf(await ask(handler, 'mutate', podRequest([signed], { dryRun })))).toEqual([pinned()]);
      expect(await ask(handler, 'mutate', podRequest([bare], { dryRun }))).toMatchObject({ outcome: 'deny' });
    }
    expect(asked.map(({ dryRun }) => dryRun)).toEqual([true, true, false, false]);
  });

  it('digest with tag: the digest counts, whatever the tag names now, and nothing is patched', async () => {
    const other = await lab.image('signed', 'moved', false);
    const both = `${host}/signed:moved@${digest}`;
    expect(await ask(gate(), 'mutate', podRequest([both]))).toMatchObject({ outcome: 'allow', patched: false });
    expect(await ask(gate(), 'validate', podRequest([both]))).toMatchObject({ outcome: 'allow' });
    const wrong = await ask(gate(), 'validate', podRequest([`${signed}@${other.digest}`]));
    expect(wrong).toMatchObject({ outcome: 'deny', message: expect.stringContaining('NO_SIGNATURE') });
  });

  it('same image in many containers: one verification, many patches', async () => {
    const { asked, verify } = recorder();
    const outcome = await ask(gate({ review: { verify } }), 'mutate', podRequest([signed, signed, signed, pinned()]));
    expect(imagesOf(outcome)).toEqual(Array.from({ length: 4 }, pinned));
    expect(asked.map(({ image }) => image)).toEqual([signed, pinned()]);
  });

  it('250 containers: each is decided about, a few at a time, and the answer is still one', async () => {
    let [running, most] = [0, 0];
    const verify: VerifyImage = async (image, context) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return image.reference.tag === 'bad'
        ? { outcome: 'denied', code: 'NO_SIGNATURE', message: 'none' }
        : lab.verify({ ...image, reference: { ...image.reference, repository: 'signed', tag: 'v1' } }, context);
    };
    const images = Array.from({ length: 250 }, (_, i) => `${host}/image-${i}:v1`);
    const outcome = await ask(gate({ review: { verify } }), 'mutate', podRequest(images));
    expect(imagesOf(outcome)).toEqual(images.map((image) => `${image}@${digest}`));
    expect(most).toBe(8);
    const refused = await ask(
      gate({ review: { verify } }),
      'mutate',
      podRequest(images.map((each) => each.replace('v1', 'bad'))),
    );
    expect(refused).toMatchObject({ outcome: 'deny', code: 403 });
    expect(refused).toHaveProperty('message.length', expect.closeTo(4_020, -2));
  });

  it('image volume beside rbd volume: the one is an image, the other a disk', async () => {
    const volumes = [
      { name: 'disk', rbd: { image: bare, monitors: [] } },
      { name: 'model', image: { reference: signed, pullPolicy: 'Always' } },
    ];
    const spec = { containers: [{ name: 'a', image: pinned() }], volumes };
    expect(await ask(gate(), 'mutate', request('Pod', { spec }))).toMatchObject({
      outcome: 'allow',
      object: {
        spec: { volumes: [{ rbd: { image: bare } }, { image: { reference: pinned(), pullPolicy: 'Always' } }] },
      },
    });
  });

  it('v1beta1 envelope: the answer has the version of the question', async () => {
    const apiVersion = 'admission.k8s.io/v1beta1';
    expect(imagesOf(await ask(gate(), 'mutate', podRequest([signed]), { apiVersion }))).toEqual([pinned()]);
    expect(await ask(gate(), 'validate', podRequest([bare]), { apiVersion })).toMatchObject({ outcome: 'deny' });
  });

  it('unknown kind: refused or admitted as configured, and never a crash', async () => {
    const rollout = request('Pod', { spec: { template: { spec: { containers: [{ image: bare }] } } } }, { kind });
    const refused = await ask(gate(), 'validate', rollout);
    expect(refused).toMatchObject({ outcome: 'deny', message: expect.stringContaining('UNKNOWN_KIND') });
    const lenient = gate({ review: { verify: lab.verify, unknownKinds: 'allow' } });
    expect(await ask(lenient, 'validate', rollout)).toMatchObject({ outcome: 'allow' });
    for (const name of ['toString', '__proto__', 'constructor'])
      expect(await ask(gate(), 'validate', { ...rollout, kind: { ...kind, kind: name, group: '' } })).toMatchObject({
        outcome: 'deny',
      });
    const pointers = ['/spec/template/spec/containers/*/image'];
    const taught = gate({ review: { verify: lab.verify, kinds: [{ group: kind.group, kind: kind.kind, pointers }] } });
    expect(await ask(taught, 'mutate', rollout)).toMatchObject({
      outcome: 'deny',
      message: expect.stringContaining('NO_SIGNATURE'),
    });
  });

  it.each([
    'null',
    '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}',
    '{"request":{}}',
    '[]',
    '',
  ])('null request: %j is answered by a status and a code', async (body) => {
    const answer = await gate()(new Request('https://gate.test/validate', { method: 'POST', body }));
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/^ERR_ADMISSION_REQUEST: /)]);
  });

  it('forged verdict annotation: what the object says of itself counts for nothing', async () => {
    const annotations = { 'notarykit.dev/decision': 'allow', 'notarykit.dev/verified': 'true', digests: digest };
    const object = { metadata: { name: 'p', annotations }, spec: { containers: [{ name: 'a', image: bare }] } };
    const outcome = await ask(gate(), 'mutate', request('Pod', object));
    expect(outcome).toMatchObject({ outcome: 'deny', message: expect.stringContaining('NO_SIGNATURE') });
  });
});

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

describe('regression cases', () => {
  it('image missing: the API server refuses it, we have nothing to verify', async () => {
    const spec = {
      containers: [{ name: 'a' }, { name: 'b', image: '' }, { name: 'c', image: null }],
    };
    expect(await ask(gate(), 'mutate', request('Pod', { spec }))).toMatchObject({ outcome: 'allow', patched: false });
    for (const object of [{}, { spec: null }, { spec: { containers: {} } }, { spec: { containers: [null] } }])
      expect(await ask(gate(), 'mutate', request('Pod', object))).toMatchObject({ outcome: 'allow', patched: false });
  });

  const pod = { group: '', version: 'v1', kind: 'Pod' };
  const workload = (spec: object): object => ({ template: { spec } });
  it.each<[string, object, object]>([
    ['a number as image', pod, { spec: { containers: [{ image: 5 }] } }],
    ['a list as image', pod, { spec: { containers: [{ image: ['r.io/x'] }] } }],
    ['an object as image', pod, { spec: { initContainers: [{ image: { repository: 'r.io/x', tag: '1' } }] } }],
    ['a boolean as image', pod, { spec: { ephemeralContainers: [{ image: true }] } }],
    ['a text as container', pod, { spec: { containers: [null, 'r.io/x'] } }],
    ['a list as container', pod, { spec: { containers: [['r.io/x']] } }],
    ['a text as list of containers', pod, { spec: { containers: 'r.io/x' } }],
    ['a text as spec', pod, { spec: 'r.io/x' }],
    ['a list as spec', pod, { spec: [{ containers: [{ image: 'r.io/x' }] }] }],
    ['a text as image of a volume', pod, { spec: { volumes: [{ image: 'r.io/x' }] } }],
    ['a number as reference of a volume', pod, { spec: { volumes: [{ image: { reference: 5 } }] } }],
    [
      'a number in a Deployment',
      { group: 'apps', version: 'v1', kind: 'Deployment' },
      { spec: workload({ containers: [{ image: 5 }] }) },
    ],
    [
      'a number in a Job',
      { group: 'batch', version: 'v1', kind: 'Job' },
      { spec: workload({ initContainers: [{ image: 5 }] }) },
    ],
    [
      'a number in a CronJob',
      { group: 'batch', version: 'v1', kind: 'CronJob' },
      { spec: { jobTemplate: { spec: workload({ containers: [{ image: 5 }] }) } } },
    ],
    [
      'a number in a PodTemplate',
      { group: '', version: 'v1', kind: 'PodTemplate' },
      workload({ containers: [{ image: 5 }] }),
    ],
    [
      'a number in old EphemeralContainers',
      { ...pod, kind: 'EphemeralContainers' },
      { ephemeralContainers: [{ image: 5 }] },
    ],
  ])('image unreadable: %s is refused, and so are unchanged ones', async (_, asked, object) => {
    const { verify } = recorder();
    const lenient = gate({ review: { verify, unchanged: 'allow' } });
    for (const more of [{ kind: asked }, { kind: asked, operation: 'UPDATE', oldObject: object }])
      expect(await ask(lenient, 'mutate', request('Pod', object, more))).toMatchObject({
        outcome: 'deny',
        message: expect.stringContaining('IMAGE_UNREADABLE'),
      });
  });

  it.each(['CREATE', 'UPDATE'])(
    'no object: a %s without one is refused, whatever is in its place',
    async (operation) => {
      const old = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, spec: { containers: [] } };
      for (const object of [undefined, null, [], 'text', 7, true])
        for (const oldObject of [undefined, null, old])
          expect(await ask(gate(), 'validate', request('Pod', object, { operation, oldObject }))).toMatchObject({
            outcome: 'deny',
            message: expect.stringContaining('NO_OBJECT'),
          });
      const gone = request('Pod', null, { operation: 'DELETE', oldObject: old });
      expect(await ask(gate(), 'validate', gone)).toMatchObject({ outcome: 'allow' });
    },
  );

  it('deletionTimestamp: counts only in the stored object of an update', async () => {
    const metadata = { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const spec = { containers: [{ name: 'a', image: bare }] };
    const claiming = { metadata, spec };
    for (const oldObject of [
      { metadata: { name: 'p' }, spec },
      { metadata: { deletionTimestamp: 1 } },
      {},
      null,
      undefined,
    ])
      expect(await ask(gate(), 'validate', request('Pod', claiming, { operation: 'UPDATE', oldObject }))).toMatchObject(
        { outcome: 'deny' },
      );
    const created = request('Pod', claiming, { oldObject: claiming });
    expect(await ask(gate(), 'validate', created)).toMatchObject({ outcome: 'deny' });
  });

  const resource = (group: string, name: string, version = 'v1') => ({ group, version, resource: name });
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a Pod among config maps', { resource: resource('', 'configmaps') }],
    ['a Pod among deployments', { resource: resource('apps', 'deployments') }],
    ['a Pod among the pods of another group', { resource: resource('evil.test', 'pods') }],
    ['a ConfigMap among pods', { resource: resource('', 'pods'), kind: { ...pod, kind: 'ConfigMap' } }],
    [
      'another kind written through status',
      { resource: resource('', 'pods'), subResource: 'status', kind: { ...pod, kind: 'X' } },
    ],
    [
      'a Deployment of another group',
      { resource: resource('apps', 'deployments'), kind: { group: 'x.test', version: 'v1', kind: 'Deployment' } },
    ],
    ['an object of another kind', { object: { kind: 'ConfigMap', spec: { containers: [] } } }],
    ['an object whose kind is not a string', { object: { kind: ['Pod'], spec: { containers: [] } } }],
    ['an object of another group', { object: { kind: 'Pod', apiVersion: 'evil.test/v1', spec: { containers: [] } } }],
  ])('kinds that contradict each other: %s is refused', async (_, more) => {
    const { verify } = recorder();
    const lenient = gate({ review: { verify, unknownKinds: 'allow' } });
    const asked = request('Pod', { spec: { containers: [{ image: signed }] } }, more);
    expect(await ask(lenient, 'mutate', asked)).toMatchObject({
      outcome: 'deny',
      message: expect.stringContaining('KIND_MISMATCH'),
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['pods', { resource: resource('', 'pods') }],
    ['the status of pods', { resource: resource('', 'pods'), subResource: 'status', operation: 'UPDATE' }],
    [
      'ephemeral containers',
      { resource: resource('', 'pods'), subResource: 'ephemeralcontainers', operation: 'UPDATE' },
    ],
  ])('kinds that fit each other: %s are decided about', async (_, more) => {
    const asked = request('Pod', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ image: signed }] } }, more);
    expect(await ask(gate(), 'mutate', asked)).toMatchObject({ outcome: 'allow', patched: true });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['operation', { operation: 'PATCH' }],
    ['operation in lower case', { operation: 'delete' }],
    ['operation that is not a string', { operation: ['DELETE'] }],
    ['namespace that is not a string', { namespace: ['kube-system'] }],
    ['subresource that is not a string', { subResource: 1 }],
    ['dry run that is not a boolean', { dryRun: 'true' }],
    ['group that is not a string', { kind: { group: 1, version: 'v1', kind: 'Pod' } }],
    ['kind without a name', { kind: { group: '', version: 'v1', kind: '' } }],
    ['resource that is not an object', { resource: 'pods' }],
    ['user that is not an object', { userInfo: 'admin' }],
  ])('a request with an unknown %s is answered by a status and a code', async (_, more) => {
    const asked = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request: request('Pod', {}, more) };
    const answer = await gate()(
      new Request('https://gate.test/validate', { method: 'POST', body: JSON.stringify(asked) }),
    );
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/^ERR_ADMISSION_REQUEST: /)]);
  });

  const rolloutWith = (...pointers: string[]) => ({ kinds: [{ group: kind.group, kind: kind.kind, pointers }] });
  const rolled = (object: object) => request('Pod', object, { kind });
  it.each<[string, string, object]>([
    ['a name with a slash', '/spec/images/example.com~1app', { spec: { images: { 'example.com/app': bare } } }],
    ['a name with a tilde', '/spec/images/a~0b', { spec: { images: { 'a~b': bare } } }],
    ['an index', '/spec/steps/1/image', { spec: { steps: [{ image: signed }, { image: bare }] } }],
    ['every value of a map', '/spec/images/*/name', { spec: { images: { a: { name: signed }, b: { name: bare } } } }],
    ['every text of a list', '/spec/images/*', { spec: { images: [signed, bare] } }],
    ['every text of a map', '/spec/images/*', { spec: { images: { a: bare } } }],
    ['lists in lists', '/spec/*/*/image', { spec: { a: [{ image: bare }] } }],
    ['a name of digits', '/spec/images/0', { spec: { images: { '0': bare } } }],
  ])('custom pointers: %s leads to the image', async (_, pointer, object) => {
    const taught = gate({ review: { verify: lab.verify, ...rolloutWith(pointer) } });
    expect(await ask(taught, 'mutate', rolled(object))).toMatchObject({
      outcome: 'deny',
      message: expect.stringContaining('NO_SIGNATURE'),
    });
    const good = JSON.parse(JSON.stringify(object).replaceAll(bare, signed));
    const outcome = await ask(taught, 'mutate', rolled(good));
    expect(outcome).toMatchObject({ outcome: 'allow', patched: true });
    expect(JSON.stringify(outcome)).toContain(pinned());
  });

  it.each<[string, string, object, string]>([
    [
      'a repository and a tag',
      '/spec/image',
      { spec: { image: { repository: 'r.io/x', tag: '1' } } },
      'IMAGE_UNREADABLE',
    ],
    ['a list at the end', '/spec/image', { spec: { image: [signed] } }, 'IMAGE_UNREADABLE'],
    ['a name in a list', '/spec/steps/image', { spec: { steps: [{ image: signed }] } }, 'IMAGE_UNREADABLE'],
    ['a text on the way', '/spec/steps/*/image', { spec: { steps: signed } }, 'IMAGE_UNREADABLE'],
    ['a padded index', '/spec/steps/00/image', { spec: { steps: [{ image: signed }] } }, 'IMAGE_UNREADABLE'],
    ['nothing at all', '/spec/other/*/image', { spec: { steps: [{ image: signed }] } }, 'NO_IMAGE_FOUND'],
    ['an index past the end', '/spec/steps/3/image', { spec: { steps: [{ image: signed }] } }, 'NO_IMAGE_FOUND'],
    ['an empty list', '/spec/steps/*/image', { spec: { steps: [] } }, 'NO_IMAGE_FOUND'],
    ['a member that is inherited', '/spec/constructor/name', { spec: {} }, 'NO_IMAGE_FOUND'],
    ['a last member that is missing', '/spec/image', { spec: { picture: bare } }, 'NO_IMAGE_FOUND'],
    ['an image that is null', '/spec/image', { spec: { image: null } }, 'NO_IMAGE_FOUND'],
    ['an image that is empty', '/spec/images/*', { spec: { images: [''] } }, 'NO_IMAGE_FOUND'],
    ['items without image', '/spec/steps/*/image', { spec: { steps: [{ picture: bare }] } }, 'NO_IMAGE_FOUND'],
  ])('custom pointers: %s is refused', async (_, pointer, object, code) => {
    const taught = gate({ review: { verify: lab.verify, ...rolloutWith(pointer) } });
    expect(await ask(taught, 'mutate', rolled(object))).toMatchObject({
      outcome: 'deny',
      message: expect.stringContaining(code),
    });
  });

  it.each([
    ['', 'PodTemplate', 'podtemplates'],
    ['', 'ReplicationController', 'replicationcontrollers'],
    ...['apps', 'extensions'].flatMap((group) => [
      [group, 'Deployment', 'deployments'],
      [group, 'ReplicaSet', 'replicasets'],
      [group, 'DaemonSet', 'daemonsets'],
    ]),
    ['apps', 'StatefulSet', 'statefulsets'],
    ['batch', 'Job', 'jobs'],
    ['batch', 'CronJob', 'cronjobs'],
  ] as [string, string, string][])(
    'workloads: %j %s is decided about, in all its lists',
    async (group, name, plural) => {
      const more = { kind: { group, version: 'v1', kind: name }, resource: resource(group, plural) };
      const wrap = (spec: object): object => {
        if (name === 'PodTemplate') return { template: { spec } };
        const inner = { spec: { template: { spec } } };
        return name === 'CronJob' ? { spec: { jobTemplate: inner } } : inner;
      };
      const container = { image: bare };
      for (const spec of [
        { containers: [container] },
        { initContainers: [container] },
        { ephemeralContainers: [container] },
        { volumes: [{ image: { reference: bare } }] },
      ])
        expect(await ask(gate({ tags: 'keep' }), 'validate', request('Pod', wrap(spec), more))).toMatchObject({
          outcome: 'deny',
          message: expect.stringContaining('NO_SIGNATURE'),
        });
    },
  );

  it('custom pointers: admits an object without images where configured', async () => {
    const kinds = [{ ...rolloutWith('/spec/steps/*/image').kinds[0]!, absent: 'allow' as const }];
    const taught = gate({ review: { verify: lab.verify, kinds } });
    expect(await ask(taught, 'validate', rolled({ spec: {} }))).toMatchObject({ outcome: 'allow' });
    expect(await ask(taught, 'validate', rolled({ spec: { steps: 5 } }))).toMatchObject({ outcome: 'deny' });
  });

  it('custom pointers: merges two entries of a kind, and removes no known place', async () => {
    const [first, second] = [rolloutWith('/spec/a').kinds, rolloutWith('/spec/b').kinds];
    const taught = gate({ review: { verify: lab.verify, kinds: [...first, ...second] } });
    const object = { spec: { a: signed, b: bare } };
    expect(await ask(taught, 'mutate', rolled(object))).toMatchObject({ outcome: 'deny' });
    const narrowed = gate({
      review: { verify: lab.verify, kinds: [{ group: '', kind: 'Pod', pointers: ['/spec/only'] }] },
    });
    expect(await ask(narrowed, 'validate', podRequest([bare]))).toMatchObject({ outcome: 'deny' });
  });

  it.each([
    ['spec/containers/*/image'],
    [''],
    ['/'],
    ['#/spec/image'],
    ['$.spec.image'],
    ['/spec//image'],
    ['/spec/image/'],
    ['/spec/containers/**/image'],
    ['/spec/containers[*]/image'],
    ['/spec/containers[0]/image'],
    ['/spec/container*/image'],
    ['/spec/containers/-/image'],
    ['/spec/a~2b'],
    ['/spec/a~'],
    ['/spec/image '],
    [5 as unknown as string],
  ])('custom pointers: %j can never match and is refused when it is configured', async (pointer) => {
    const kinds = rolloutWith(pointer);
    const refused = expect.objectContaining({ code: 'ERR_ADMISSION_CONFIG' });
    expect(() => gate({ review: { verify: lab.verify, ...kinds } })).toThrow(refused);
    // What is configured for each request is refused with each request.
    const late = gate({ review: () => ({ verify: lab.verify, ...kinds }) });
    expect(await ask(late, 'validate', podRequest([signed]))).toMatchObject({
      outcome: 'deny',
      message: expect.stringContaining('CONFIG_INVALID'),
    });
  });

  it('custom pointers: a kind without pointers or without a name is refused when it is configured', () => {
    const refused = expect.objectContaining({ code: 'ERR_ADMISSION_CONFIG' });
    for (const entry of [
      { group: '', kind: 'X', pointers: [] },
      { group: '', kind: '', pointers: ['/a'] },
    ])
      expect(() => gate({ review: { verify: lab.verify, kinds: [entry] } })).toThrow(refused);
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

  it('deletionTimestamp: admits an update that removes finalizers', async () => {
    const metadata = { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const object = { metadata, spec: { containers: [{ name: 'a', image: bare }] } };
    const update = request('Pod', object, { operation: 'UPDATE', oldObject: object });
    expect(await ask(gate(), 'validate', update)).toMatchObject({ outcome: 'allow', patched: false });
    expect(await ask(gate(), 'validate', request('Pod', object))).toMatchObject({ outcome: 'deny' });
  });

  it('deletionTimestamp: an update that brings another image is decided like any other', async () => {
    const metadata = { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const oldObject = { metadata, spec: { containers: [{ name: 'a', image: signed }] } };
    for (const spec of [
      { containers: [{ name: 'a', image: bare }] },
      { ...oldObject.spec, ephemeralContainers: [{ name: 'd', image: bare }] },
      { containers: [{ name: 'a', image: [signed] }] },
    ])
      expect(
        await ask(gate(), 'validate', request('Pod', { metadata, spec }, { operation: 'UPDATE', oldObject })),
      ).toMatchObject({ outcome: 'deny' });
  });

  it('generateName: works without a name, and with a new uid', async () => {
    const spec = { containers: [{ name: 'a', image: signed }] };
    const unnamed = request('Pod', { metadata: { generateName: 'p-' }, spec }, { name: undefined });
    const mutated = await ask(gate(), 'mutate', unnamed);
    expect(imagesOf(mutated)).toEqual([pinned()]);
    const named = { ...('object' in mutated ? (mutated.object as object) : {}), metadata: { name: 'p-x7' } };
    expect(await ask(gate(), 'validate', request('Pod', named, { name: 'p-x7' }))).toMatchObject({ outcome: 'allow' });
  });

  it('dry run: is passed to the verifier, with the same answer', async () => {
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
        ? { verdict: 'refused', code: 'NO_SIGNATURE', message: 'none' }
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

  it('image volume and rbd volume: verifies the image, ignores the disk', async () => {
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

  it('unknown kind: refused or admitted as configured', async () => {
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
  ])('null request: answers %j with a status and a code', async (body) => {
    const answer = await gate()(new Request('https://gate.test/validate', { method: 'POST', body }));
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/^ERR_ADMISSION_REQUEST: /)]);
  });

  it('forged verdict annotation: is ignored', async () => {
    const annotations = { 'notarykit.dev/decision': 'allow', 'notarykit.dev/verified': 'true', digests: digest };
    const object = { metadata: { name: 'p', annotations }, spec: { containers: [{ name: 'a', image: bare }] } };
    const outcome = await ask(gate(), 'mutate', request('Pod', object));
    expect(outcome).toMatchObject({ outcome: 'deny', message: expect.stringContaining('NO_SIGNATURE') });
  });
});

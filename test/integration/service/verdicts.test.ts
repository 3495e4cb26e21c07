import type { VerifyImage } from '@notarykit/admission';
import { createVerificationRoutes, type VerificationRoutesOptions } from '@notarykit/admission/internal';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { parseTrustPolicy } from '@notarykit/trust-policy';
import type { Trust } from 'notarykit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdmissionLab, createAdmissionLab, host, policyFor, signedImage } from '../admission/lab.js';
import { send } from '../admission/webhook-client.js';
import { bearer, codeOf, createServiceLab, type ServiceLab } from './lab.js';

let lab: ServiceLab;
let setup: AdmissionLab;
let digest: string;
beforeAll(async () => {
  lab = await createServiceLab();
  setup = await createAdmissionLab();
  ({ digest } = await setup.image('signed', 'v1', true));
  await setup.image('bare', 'v1', false);
});
afterAll(() => lab.close());

/** A service of the lab, and what it asked for. */
async function start(options: Partial<VerificationRoutesOptions> = {}) {
  const opened: string[] = [];
  const routes = createVerificationRoutes({
    policy: { trust: setup.trust },
    open: ({ registry, repository }) => {
      opened.push(`${registry}/${repository}`);
      return setup.repository(repository);
    },
    ...options,
  });
  const server = await lab.serve({ routes });
  const ask = (path: string, ...images: string[]) => lab.ask(server, path, images);
  const post = (path: string, body: string) =>
    send(server, lab.client, { method: 'POST', path, headers: bearer, body });
  return { server, opened, ask, post };
}

const listings = (): number => setup.lab.registry.requests.filter(({ path }) => path.includes('/referrers/')).length;
const gatePolicy = (packages: object = {}) =>
  parseGatePolicy(
    JSON.stringify({
      version: '1.0',
      name: 'production',
      signers: { any: { trustPolicy: 'cluster' } },
      image: { signedBy: ['any'] },
      ...packages,
    }),
  );

describe('verdicts', () => {
  it('trusted: the digest that was decided about, and the report of the library', async () => {
    const { ask } = await start();
    const { status, answer } = await ask('/v1/verify', `${host}/signed:v1`);
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      trusted: true,
      verdict: 'trusted',
      results: [{ image: `${host}/signed:v1`, trusted: true, verdict: 'trusted', code: 'TRUSTED', digest }],
    });
    expect(answer.results[0]?.report).toMatchObject({ reportVersion: '2.0', verdict: 'trusted', subject: { digest } });
    expect(answer.results[0]).not.toHaveProperty('explanation');
  });

  it('status: a refusal is not a success, unless the query asks for 200', async () => {
    const { ask } = await start();
    for (let i = 0; i < 2; i++)
      expect(await ask('/v1/verify', `${host}/bare:v1`)).toMatchObject({
        status: 403,
        answer: {
          trusted: false,
          verdict: 'refused',
          results: [{ trusted: false, code: 'NO_SIGNATURE', report: { verdict: 'refused' } }],
        },
      });
    const asked = await ask('/v1/verify?refusal=200', `${host}/bare:v1`);
    expect(asked).toMatchObject({ status: 200, answer: { trusted: false, verdict: 'refused' } });
  });

  it('status: what cannot be found out is 503 under either', async () => {
    const { ask } = await start();
    for (const query of ['', '?refusal=200', '?refusal=403'])
      expect(await ask(`/v1/verify${query}`, `${host}/signed:none`)).toMatchObject({
        status: 503,
        answer: { trusted: false, verdict: 'undecided', results: [{ code: 'IMAGE_NOT_FOUND' }] },
      });
  });

  it('status: one untrusted image makes the whole answer untrusted; each has its own result, in order', async () => {
    const { ask } = await start();
    const names = [`${host}/signed:v1`, `${host}/bare:v1`, `${host}/signed:none`, `${host}/signed:v1`];
    const { status, answer } = await ask('/v1/verify', ...names);
    expect(status).toBe(403);
    expect(answer).toMatchObject({ trusted: false, verdict: 'refused' });
    expect(answer.results.map(({ image }) => image)).toEqual(names);
    expect(answer.results.map(({ verdict }) => verdict)).toEqual(['trusted', 'refused', 'undecided', 'trusted']);
  });

  it('status: skipped is not trusted', async () => {
    const skip = { name: 's', registryScopes: [`${host}/bare`], signatureVerification: { level: 'skip' } };
    const policy = parseTrustPolicy({ version: '1.0', trustPolicies: [skip] });
    const { ask } = await start({ policy: { trust: { ...setup.trust, policy } } });
    expect(await ask('/v1/verify', `${host}/bare:v1`)).toMatchObject({
      status: 403,
      answer: { trusted: false, verdict: 'skipped', results: [{ trusted: false, code: 'SKIPPED' }] },
    });
  });

  it.each(['allowed', 'denied', 'notTrusted'])('an unknown verdict is undecided: %s', async (verdict) => {
    const odd = (async () => ({ verdict, code: 'X', message: '' })) as unknown as VerifyImage;
    const server = await lab.serve({ routes: { verify: odd } });
    expect(await lab.ask(server, '/v1/verify', ['r.io/x:1'])).toMatchObject({
      status: 503,
      answer: { trusted: false, verdict: 'undecided' },
    });
  });

  it('a gate: without a policy it refuses, with one it decides by it', async () => {
    const { ask } = await start();
    expect(await ask('/v1/gate', `${host}/signed:v1`)).toMatchObject({
      status: 403,
      answer: { results: [{ trusted: false, code: 'NO_GATE_POLICY' }] },
    });
    const image = await signedImage(setup.repository('gated'), setup.lab.signer);
    const name = `${host}/gated@${image.digest}`;
    const allows = await start({ policy: { trust: setup.trust, gate: { policy: gatePolicy() } } });
    expect(await allows.ask('/v1/gate', name)).toMatchObject({ status: 200, answer: { trusted: true } });
    const denying = gatePolicy({ sbom: { signedBy: ['any'] } });
    const denies = await start({ policy: { trust: setup.trust, gate: { policy: denying } } });
    expect(await denies.ask('/v1/gate', name)).toMatchObject({
      status: 403,
      answer: { results: [{ code: 'GATE_DENIED', report: { verdict: 'trusted' } }] },
    });
    expect(await denies.ask('/v1/verify', name)).toMatchObject({ status: 200, answer: { trusted: true } });
    const { status, answer } = await denies.ask('/v1/explain', name);
    expect(status).toBe(403);
    expect(answer.results[0]).toMatchObject({ verdict: 'refused', code: 'GATE_DENIED', decision: { verdict: 'DENY' } });
    expect(answer.results[0]?.explanation).toMatch(/^Trusted: [\s\S]*\nDENY /);
  });

  it('a gate is decided by the policy that was checked, whatever is loaded meanwhile', async () => {
    const denying = { trust: setup.trust, gate: { policy: gatePolicy({ sbom: { signedBy: ['any'] } }) } };
    for (const gated of [1, 2, 3]) {
      let reads = 0;
      const { ask } = await start({ policy: () => (++reads <= gated ? denying : { trust: setup.trust }) });
      expect(await ask('/v1/gate', `${host}/signed:v1`)).toMatchObject({
        status: 403,
        answer: { results: [{ trusted: false, code: 'GATE_DENIED' }] },
      });
      expect(reads).toBe(1);
    }
  });

  it('every part of the policy holds on every route', async () => {
    for (const gate of [{}, { gate: { policy: gatePolicy() } }]) {
      const { ask } = await start({ policy: { trust: setup.trust, platforms: 'both', ...gate } });
      for (const path of ['/v1/verify', '/v1/explain'])
        expect(await ask(path, `${host}/signed:v1`)).toMatchObject({
          status: 403,
          answer: { results: [{ code: 'NO_PLATFORM' }] },
        });
    }
  });

  it('an explanation says why for people, and is found out anew', async () => {
    const { ask } = await start();
    const before = listings();
    const [first, again] = [await ask('/v1/explain', `${host}/bare:v1`), await ask('/v1/explain', `${host}/bare:v1`)];
    expect([first.status, again.status]).toEqual([403, 403]);
    expect(first.answer.results[0]?.explanation).toContain('the artifact has no signature');
    expect(listings() - before).toBe(2);
    const { answer } = await ask('/v1/explain', `${host}/signed:none`);
    expect(answer.results[0]?.explanation).toContain('IMAGE_NOT_FOUND');
  });

  it('equal work is done once, and remembered', async () => {
    const { ask } = await start();
    const before = listings();
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask('/v1/verify', `${host}/signed:v1`)));
    expect(asked.every(({ answer }) => answer.trusted)).toBe(true);
    await ask('/v1/verify', `${host}/signed@${digest}`);
    expect(listings() - before).toBe(1);
  });
});

describe('a request cannot widen the configuration', () => {
  const images = [`${host}/bare:v1`];

  it.each([
    ['policy', { images, policy: { version: '1.0' } }],
    ['policyFile', { images, policyFile: '/tmp/policy.json' }],
    ['trustStore', { images, trustStore: {} }],
    ['now', { images, now: '1999-01-01T00:00:00Z' }],
    ['at', { images, at: '1999-01-01T00:00:00Z' }],
    ['plugin', { images, plugin: 'x' }],
    ['credentials', { images, credentials: { username: 'a', password: 'b' } }],
    ['namespace', { images, namespace: 'kube-system' }],
    ['plainHttp', { images, plainHttp: true }],
    ['Images', { images, Images: [] }],
    ['__proto__', `{"images":${JSON.stringify(images)},"__proto__":{}}`],
  ])('by a member: %s is refused, and nothing is asked', async (name, document) => {
    const { post, opened } = await start();
    const answer = await post('/v1/verify', typeof document === 'string' ? document : JSON.stringify(document));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'ERR_ADMISSION_REQUEST']);
    expect(answer.body).toContain(name);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { help: expect.stringMatching(/\/errors\/ERR_ADMISSION_REQUEST$/) },
    });
    expect(opened).toEqual([]);
  });

  it.each(['policy=x', 'at=1999', 'refusal=204', 'refusal=200&refusal=x', 'timeout=10h', 'Refusal=200'])(
    'by a query: %s is refused, and nothing is asked',
    async (query) => {
      const { post, opened } = await start();
      const answer = await post(`/v1/verify?${query}`, JSON.stringify({ images }));
      expect([answer.status, codeOf(answer)]).toEqual([400, 'ERR_ADMISSION_REQUEST']);
      expect(opened).toEqual([]);
    },
  );

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{}',
    '{"images":[]}',
    '{"images":"registry.test/bare"}',
    '{"images":[1]}',
    '{"images":["registry.test/UPPER"]}',
    '{"images":[""]}',
    '{"images":["registry.test/a:b@sha256:c"]}',
    '{"images":["https://registry.test/a"]}',
    '{"images":["registry.test/a"],"images":["registry.test/b"]}',
    JSON.stringify({ images: Array.from({ length: 65 }, () => 'registry.test/a') }),
  ])('no request: %.40s', async (text) => {
    const { post, opened } = await start();
    const answer = await post('/v1/verify', text);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'ERR_ADMISSION_REQUEST']);
    expect(opened).toEqual([]);
  });

  it('no route: unknown paths and methods have their codes', async () => {
    const { server, post } = await start();
    const get = await send(server, lab.client, { method: 'GET', path: '/v1/verify', headers: bearer });
    expect([get.status, codeOf(get), get.headers['allow']]).toEqual([405, 'ERR_ADMISSION_METHOD', 'POST']);
    const metrics = await post('/metrics', '{}');
    expect([metrics.status, metrics.headers['allow']]).toEqual([405, 'GET']);
    for (const path of ['/', '/v1', '/v1/verify/', '/v1/toString', '/constructor', '/v1/..%2fhealthz'])
      expect(codeOf(await post(path, '{}'))).toBe('ERR_ADMISSION_NOT_FOUND');
  });
});

describe('registries', () => {
  it('outside: an image without a statement is refused without a request', async () => {
    const trust: Trust = { ...setup.trust, policy: policyFor([`${host}/signed`]) };
    const { ask, opened } = await start({ policy: { trust } });
    for (const path of ['/v1/verify', '/v1/gate', '/v1/explain'])
      expect(await ask(path, `${host}/bare:v1`, '169.254.169.254/latest:x')).toMatchObject({
        status: 403,
        answer: { results: [{ code: 'NO_APPLICABLE_POLICY' }, { code: 'NO_APPLICABLE_POLICY' }] },
      });
    expect(opened).toEqual([]);
    expect(await ask('/v1/verify', `${host}/signed:v1`)).toMatchObject({ status: 200 });
  });

  it('allowed: a list says what may be asked about, with all below it and nothing beside it', async () => {
    const { ask, opened } = await start({ allow: [`${host}/signed`, 'docker.io/team', 'other.test:5000'] });
    const beside = [`${host}/signed-too:v1`, `${host}:81/signed:v1`, `${host}.evil.test/signed:v1`, `${host}/sign:v1`];
    for (const path of ['/v1/verify', '/v1/gate', '/v1/explain']) {
      const { answer } = await ask(path, ...beside, 'nginx', 'other.test/signed:v1');
      expect(answer.results.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 'REGISTRY_NOT_ALLOWED'));
    }
    expect(opened).toEqual([]);
    await ask('/v1/verify', `${host}/signed/below:v1`, 'team/x', 'OTHER.test:5000/any/where');
    expect(new Set(opened)).toEqual(new Set([`${host}/signed/below`, 'docker.io/team/x', 'OTHER.test:5000/any/where']));
    expect(await ask('/v1/verify', `${host.toUpperCase()}/signed:v1`)).toMatchObject({ status: 200 });
  });

  it('allowed: entries that are not names, and an empty list, allow nothing', async () => {
    const refused = expect.objectContaining({ code: 'ERR_ADMISSION_CONFIG' });
    const options = { policy: { trust: setup.trust }, open: () => setup.repository('x') };
    for (const allow of [['*'], [''], ['https://r.io'], ['r.io/x:v1'], ['r.io/'], 'r.io', [1]])
      expect(() => createVerificationRoutes({ ...options, allow: allow as string[] })).toThrow(refused);
    const { ask } = await start({ allow: [] });
    expect((await ask('/v1/verify', `${host}/signed:v1`)).answer.results[0]?.code).toBe('REGISTRY_NOT_ALLOWED');
  });

  it('addresses: where only public ones are asked, no image name leads into the network of the service', async () => {
    const { ask, opened } = await start({ literals: 'public' });
    const names = ['127.0.0.1:5000/x', '[::1]:5000/x', '169.254.169.254/x', '10.0.0.1/x', 'localhost:5000/x'];
    const { status, answer } = await ask('/v1/verify', ...names);
    expect([status, answer.trusted]).toEqual([503, false]);
    expect(opened).toEqual([]);
  });
});

describe('metrics', () => {
  it('count answers, images, failures and time by route', async () => {
    const { server, ask, post } = await start();
    await ask('/v1/verify', `${host}/signed:v1`, `${host}/bare:v1`);
    await post('/v1/verify', '{');
    const { body, headers } = await send(server, lab.client, { method: 'GET', path: '/metrics', headers: bearer });
    expect(headers['content-type']).toContain('application/openmetrics-text');
    for (const line of [
      'notarykit_service_answers_total{route="/v1/verify",verdict="refused"} 1',
      'notarykit_service_images_total{route="/v1/verify",code="TRUSTED"} 1',
      'notarykit_service_images_total{route="/v1/verify",code="NO_SIGNATURE"} 1',
      'notarykit_service_failures_total{code="ERR_ADMISSION_REQUEST"} 1',
      'notarykit_service_seconds_count{route="/v1/verify"} 2',
    ])
      expect(body).toContain(`${line}\n`);
    expect(body.endsWith('# EOF\n')).toBe(true);
  });
});

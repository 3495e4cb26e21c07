import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptMutation, regoView } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onlyTrusted } from '../../../examples/admission-webhook/src/pepr/action.js';
import { placeholder, renderManifest } from '../../../examples/admission-webhook/src/webhook/render.js';
import { readSettings } from '../../../examples/admission-webhook/src/webhook/settings.js';
import { providerPaths } from '../../../examples/admission-webhook/src/webhook/start.js';
import { onlyObject, parseManifest } from '../../support/kubernetes.js';
import { judge, podRequest } from '../admission/ask.js';
import { createReplicaLab, type ReplicaLab } from '../admission/replicas.js';
import { post, trusting } from '../admission/webhook-client.js';

const timeout = 60_000;
let setup: ReplicaLab;
beforeAll(async () => {
  setup = await createReplicaLab();
}, timeout);
afterAll(() => setup.close());

const review = (image: string): string =>
  JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: podRequest([image]) });

describe('the admission webhook', { timeout }, () => {
  it('admits what is signed, refuses what is not, serves Gatekeeper, reloads what it trusts, and ends in order', async () => {
    const { digest } = await setup.image('signed', true);
    await setup.image('bare', false);
    const replica = await setup.start();
    const server = { ...replica, reload: async () => undefined, close: async () => undefined };
    const client = trusting(setup.caFile);
    const signed = `${setup.host}/signed:v1`;
    const bare = `${setup.host}/bare:v1`;
    const mutate = async (image: string) => {
      const body = review(image);
      return judge(body, await post(server, client, '/mutate?timeout=10s', body), 'mutate');
    };
    expect(await mutate(signed)).toMatchObject({
      outcome: 'allow',
      object: { spec: { containers: [{ image: `${signed}@${digest}` }] } },
    });
    expect(await mutate(bare)).toMatchObject({ outcome: 'deny', message: expect.stringContaining('NO_SIGNATURE') });

    const keys = [`[team]${signed}`, `[team]${bare}`];
    const head = { apiVersion: 'externaldata.gatekeeper.sh/v1beta1', kind: 'ProviderRequest' };
    const asked = JSON.stringify({ ...head, request: { keys } });
    const view = regoView(await post(server, client, providerPaths.validate, asked));
    expect(view.responses.map(([, value]) => value)).toMatchObject([{ verdict: 'trusted' }, { code: 'NO_SIGNATURE' }]);
    const mutation = acceptMutation(keys, await post(server, client, providerPaths.mutate, asked));
    expect(mutation).toMatchObject({ outcome: 'mutated', values: new Map([[keys[0], `${signed}@${digest}`]]) });

    setup.trust([`${setup.host}/other`]);
    await vi.waitFor(() => expect(replica.log()).toContain('trust reloaded'), { timeout: 30_000 });
    expect(await mutate(signed)).toMatchObject({
      outcome: 'deny',
      message: expect.stringContaining('NO_APPLICABLE_POLICY'),
    });
    writeFileSync(join(setup.folder, 'trust', 'trustpolicy.json'), '{');
    await vi.waitFor(() => expect(replica.log()).toContain('trust not reloaded'), { timeout: 30_000 });
    expect(await post(server, client, '/readyz', '')).toMatchObject({ status: 200 });
    expect(await replica.stop()).toBe(0);
    setup.trust(['*']);
  });

  it('refuses missing settings', async () => {
    expect(() => readSettings({ ADMISSION_MODE: 'lenient' })).toThrow(/MODE/);
    expect(() => readSettings({ PORT: 'https' })).toThrow(/PORT/);
    await expect(setup.start({ TRUST_FOLDER: join(setup.folder, 'none') })).rejects.toThrow(/none/);
  });

  it('Pepr: approved or denied with our words', async () => {
    const Approve = (warnings?: string[]) => ({ allowed: true, ...(warnings === undefined ? {} : { warnings }) });
    const Deny = (statusMessage = '', statusCode = 400) => ({ allowed: false, statusCode, statusMessage });
    const verify = async ({ reference }: { reference: { repository: string } }) =>
      reference.repository === 'bare'
        ? ({ verdict: 'refused', code: 'NO_SIGNATURE', message: 'none' } as const)
        : ({ verdict: 'trusted', code: 'TRUSTED', message: 'signed' } as const);
    const act = onlyTrusted({ verify });
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(await act({ Request: podRequest([`r.io/signed@${digest}`]), Approve, Deny })).toEqual({ allowed: true });
    expect(await act({ Request: podRequest([`r.io/bare@${digest}`]), Approve, Deny })).toMatchObject({
      allowed: false,
      statusCode: 403,
      statusMessage: expect.stringContaining('NO_SIGNATURE'),
    });
    expect(await act({ Request: podRequest(['r.io/signed:v1']), Approve, Deny })).toMatchObject({ allowed: false });
  });
});

describe('the manifests', () => {
  const folder = 'examples/admission-webhook/manifests';
  const read = (name: string, edit = (text: string) => text) =>
    parseManifest(edit(readFileSync(join(folder, name), 'utf8')));

  it('the program listens where probes, service and webhooks look', () => {
    const objects = read('webhook.yaml');
    const { metadata, spec } = onlyObject(objects, 'Deployment');
    const service = onlyObject(objects, 'Service');
    const [container] = spec.template.spec.containers;
    const [port] = container.ports;
    const [servicePort] = service.spec.ports;
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
    expect(service.spec.selector).toEqual(spec.selector.matchLabels);
    expect(servicePort.targetPort).toBe(port.name);
    expect([container.readinessProbe, container.livenessProbe].map((probe) => probe.httpGet)).toEqual([
      { path: '/readyz', port: port.name, scheme: 'HTTPS' },
      { path: '/healthz', port: port.name, scheme: 'HTTPS' },
    ]);
    expect(spec.template.spec.serviceAccountName).toBe(onlyObject(objects, 'ServiceAccount').metadata.name);
    for (const [kind, path] of [
      ['MutatingWebhookConfiguration', '/mutate'],
      ['ValidatingWebhookConfiguration', '/validate'],
    ] as const) {
      const [webhook] = onlyObject(read('webhooks.yaml'), kind).webhooks;
      const { name, namespace } = service.metadata;
      expect(webhook.clientConfig.service).toEqual({ name, namespace, path, port: servicePort.port });
      expect(webhook).toMatchObject({ failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'] });
      expect(webhook.timeoutSeconds).toBeGreaterThanOrEqual(10);
      const [exempt] = webhook.namespaceSelector.matchExpressions;
      expect(exempt).toMatchObject({ key: 'kubernetes.io/metadata.name', operator: 'NotIn' });
      expect(exempt.values).toEqual(expect.arrayContaining(['kube-system', metadata.namespace]));
    }
    const { url, timeout: seconds } = onlyObject(read('gatekeeper.yaml'), 'Provider').spec;
    expect(url).toBe(`https://${service.metadata.name}.${metadata.namespace}.svc:443${providerPaths.validate}`);
    expect(seconds).toBeGreaterThan(0);
  });

  it('every setting is one that the program reads, and every file is mounted', () => {
    const { spec } = onlyObject(read('webhook.yaml'), 'Deployment').spec.template;
    const [container] = spec.containers;
    const env = Object.fromEntries(
      container.env.map(({ name, value = 'from a secret' }): [string, string] => [name, value]),
    );
    const settings = readSettings(env);
    expect(settings).toMatchObject({
      port: container.ports[0].containerPort,
      mode: 'enforce',
      redisUrl: 'from a secret',
    });
    for (const name of Object.keys(env)) expect(readSettings({ ...env, [name]: '7' })).not.toEqual(settings);
    expect(settings.drainMs / 1_000).toBeLessThan(spec.terminationGracePeriodSeconds);
    const mounts = container.volumeMounts.map(({ mountPath }) => `${mountPath}/`);
    for (const file of [settings.certFile, settings.keyFile, `${settings.trustFolder}/`, settings.dockerConfig ?? ''])
      expect(mounts.filter((path) => file.startsWith(path))).toHaveLength(1);
    const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();
    expect(names(container.volumeMounts)).toEqual(names(spec.volumes));
    expect(spec.containers[0].securityContext).toMatchObject({ readOnlyRootFilesystem: true });
  });

  it('the authority is put in place of the placeholder, which no cluster would take', () => {
    const ca = readFileSync(setup.caFile, 'utf8');
    expect(placeholder).toMatch(/[^A-Za-z0-9+/=]/);
    for (const name of ['webhooks.yaml', 'gatekeeper.yaml']) {
      const bundles = [
        ...JSON.stringify(read(name, (text) => renderManifest(text, ca))).matchAll(/"caBundle":"([^"]*)"/g),
      ];
      expect(bundles.length).toBeGreaterThan(0);
      for (const [, bundle = ''] of bundles)
        expect(Buffer.from(bundle, 'base64').toString('utf8').replace(/\s/g, '')).toBe(ca.replace(/\s/g, ''));
    }
    expect(() => renderManifest('caBundle: <CA_BUNDLE>', 'no certificate')).toThrow();
  });
});

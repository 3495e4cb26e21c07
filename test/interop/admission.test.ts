import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VerifyImage } from '@notarykit/admission';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderManifest } from '../../examples/admission-webhook/src/webhook/render.js';
import { peer } from '../../scripts/peers.mjs';
import { type AdmissionLab, createAdmissionLab, host, serveLab } from '../integration/admission/lab.js';
import { temporaryFolder } from './support/folder.js';
import { succeed } from './support/program.js';

/** What the API server's own dispatchers made of a request and our answers to it. */
interface Outcome {
  readonly allowed: boolean;
  readonly code?: number;
  readonly message?: string;
  readonly object?: object;
  readonly warnings?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly millis: number;
}

const template = fileURLToPath(new URL('../../examples/admission-webhook/manifests/webhooks.yaml', import.meta.url));
const folder = temporaryFolder();
let program: string;
let lab: AdmissionLab;

interface DispatchOptions {
  readonly verify?: VerifyImage;
  readonly flags?: readonly string[];
  readonly timeoutMs?: number;
}

async function dispatch(
  requests: readonly object[],
  { verify = lab.verify, flags = [], timeoutMs = 9_500 }: DispatchOptions = {},
): Promise<readonly Outcome[]> {
  const { server, caFile } = await serveLab(verify, folder, { timeoutMs });
  try {
    const manifest = join(folder, 'webhooks.yaml');
    writeFileSync(manifest, renderManifest(readFileSync(template, 'utf8'), readFileSync(caFile, 'utf8')));
    const args = ['-manifest', manifest, '-server', `https://127.0.0.1:${server.port}`, '-ca', caFile, ...flags];
    const input = requests.map((request) => JSON.stringify(request)).join('\n');
    const output = await succeed(program, args, { input });
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Outcome);
  } finally {
    await server.close();
  }
}

const pod = (spec: object, more: object = {}): object => ({
  operation: 'CREATE',
  namespace: 'default',
  name: 'p',
  apiVersion: 'v1',
  kind: 'Pod',
  resource: 'pods',
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec },
  ...more,
});
const containers = (...images: string[]) => images.map((image, i) => ({ name: `c${i}`, image }));

describe('kubernetes-dispatcher', () => {
  beforeAll(async () => {
    program = await peer('k8s-dispatcher');
    lab = await createAdmissionLab();
  });

  it('a signed image is admitted and pinned, an image volume too; an unsigned one is refused', async () => {
    const signed = await lab.image('signed', 'v1', true);
    await lab.image('bare', 'v1', false);
    const volumes = [{ name: 'model', image: { reference: `${host}/signed:v1` } }];
    const badVolumes = [{ name: 'model', image: { reference: `${host}/bare:v1` } }];
    const [admitted, refused, volume] = await dispatch([
      pod({ containers: containers(`${host}/signed:v1`), volumes }),
      pod({ containers: containers(`${host}/signed:v1`, `${host}/bare:v1`) }),
      pod({ containers: containers(`${host}/signed:v1`), volumes: badVolumes }),
    ]);
    const pinned = `${host}/signed:v1@${signed.digest}`;
    expect(admitted).toMatchObject({
      allowed: true,
      object: { spec: { containers: [{ image: pinned }], volumes: [{ image: { reference: pinned } }] } },
      annotations: { 'validate.admission.notarykit.dev/decision': 'allow' },
    });
    expect(admitted?.warnings?.[0]).toContain(signed.digest);
    expect(refused).toMatchObject({ allowed: false, code: 403 });
    expect(refused?.message).toContain('admission webhook "mutate.admission.notarykit.dev" denied the request');
    expect(refused?.message).toContain('spec.containers[1].image');
    expect(refused?.message).toContain('NO_SIGNATURE');
    expect(volume).toMatchObject({ allowed: false, code: 403 });
    expect(volume?.message).toContain('spec.volumes[0].image.reference');
  });

  it('workloads, dry run, an exempt namespace, and what the rules leave out', async () => {
    const signed = await lab.image('workload', 'v1', true);
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: containers(`${host}/workload:v1`) } };
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'default' },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    };
    const [deployment, exempt, scale] = await dispatch([
      {
        operation: 'CREATE',
        namespace: 'default',
        name: 'd',
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        resource: 'deployments',
        object,
        dryRun: true,
      },
      pod({ containers: containers('never.test/asked:1') }, { namespace: 'kube-system' }),
      pod({ containers: containers('never.test/asked:1') }, { subResource: 'status', operation: 'UPDATE' }),
    ]);
    expect(deployment).toMatchObject({
      allowed: true,
      object: { spec: { template: { spec: { containers: [{ image: `${host}/workload:v1@${signed.digest}` }] } } } },
    });
    expect([exempt?.allowed, scale?.allowed]).toEqual([true, true]);
  });

  it('an update of a pod with an ephemeral container changes only what the user changed', async () => {
    const first = await lab.image('first', 'v1', true);
    await lab.image('debug', 'v1', true);
    const ephemeralContainers = [{ name: 'd', image: `${host}/debug:v1` }];
    const old = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' } };
    const oldObject = { ...old, spec: { containers: containers(`${host}/x:0@${first.digest}`), ephemeralContainers } };
    const spec = { containers: containers(`${host}/first:v1`), ephemeralContainers };
    const [updated] = await dispatch([pod(spec, { operation: 'UPDATE', oldObject })], { flags: ['-only', 'mutating'] });
    expect(updated).toMatchObject({
      allowed: true,
      object: {
        spec: {
          containers: [{ image: `${host}/first:v1@${first.digest}` }],
          ephemeralContainers: [{ image: `${host}/debug:v1` }],
        },
      },
    });
  });

  it('without the mutating call, a bare tag is refused', async () => {
    await lab.image('signed', 'v1', true);
    const [bare] = await dispatch([pod({ containers: containers(`${host}/signed:v1`) })], {
      flags: ['-only', 'validating'],
    });
    expect(bare?.message).toContain('TAG_WITHOUT_DIGEST');
  });

  it('a verifier that hangs: refused by us before the API server gives up, so that Ignore lets nothing through', async () => {
    const verify: VerifyImage = () => new Promise(() => undefined);
    const [late] = await dispatch([pod({ containers: containers(`${host}/signed:v1`) })], {
      verify,
      flags: ['-timeout', '5', '-ignore'],
      timeoutMs: 500,
    });
    expect(late).toMatchObject({ allowed: false, code: 504 });
    expect(late?.message).toContain('DEADLINE');
    expect(late?.millis).toBeLessThan(5_000);
  });
});

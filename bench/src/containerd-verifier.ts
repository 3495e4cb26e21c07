// The start of the verifier as containerd runs it before a pull, one process for each image, beside `notation verify` of the same image with the
// same policy, store and registry in the same run. Node starts slower than a program of Go: what is remembered is to make up for that.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import type { Descriptor } from '@notarykit/oci';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab } from '@notarykit/testing';
import { sign } from 'notarykit';
import { startDistribution } from './copy/distribution.js';

// Not bundled: the list of peers finds its own files by where it stands.
const { peer } = (await import(new URL('../../scripts/peers.mjs', import.meta.url).href)) as {
  peer(name: string): Promise<string>;
};

const rounds = Number(process.env['ROUNDS'] ?? 20);
const verifier = 'packages/containerd-verifier/dist/notarykit-containerd-verifier.cjs';

/** Seconds of one run: on the wall, and of the processor. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** One run, measured by the shell that starts it. */
function cost(program: string, words: readonly string[], env: Readonly<Record<string, string>>, input = ''): Cost {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
  const ran = spawnSync('bash', ['-c', script, '_', program, ...words], {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  // Both say so of an image that they trust, and of no other.
  if (ran.status !== 0 || !/^(?:trusted: |Successfully verified )/m.test(ran.stdout))
    throw new Error(`${program} ended with status ${ran.status}: ${ran.stdout}${ran.stderr}`);
  const [wall = Number.NaN, user = 0, system = 0] = (ran.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: user + system };
}

/** The lower quartile: other work on the machine only ever adds time. */
const quartile = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 2] as number;
const quartiles = (costs: readonly Cost[]): Cost => ({
  wall: quartile(costs.map(({ wall }) => wall)),
  cpu: quartile(costs.map(({ cpu }) => cpu)),
});

/** Each of the programs in turn, so that what else the machine does falls on all of them. */
function measure(programs: Readonly<Record<string, () => Cost>>): Readonly<Record<string, Cost>> {
  const costs = Object.keys(programs).map((name) => [name, [] as Cost[]] as const);
  // The first round warms the page cache, and fills the verifier's own, and is not counted.
  for (let round = 0; round <= rounds; round++)
    for (const [name, found] of costs) {
      const one = programs[name]?.();
      if (round > 0 && one !== undefined) found.push(one);
    }
  return Object.fromEntries(costs.map(([name, found]) => [name, quartiles(found)]));
}

const folder = await mkdtemp(join(tmpdir(), 'notarykit-bench-'));
const [program, notation] = await Promise.all([peer('docker-registry'), peer('notation')]);
const registry = await startDistribution(program, join(folder, 'registry'));
const lab = await createTrustLab();
try {
  const image = await pushImage(registry.host);
  await writeFiles(registry.host);
  report(measure(programsFor(`${registry.host}/image`, image)));
} finally {
  await Promise.all([registry.stop(), lab.close()]);
  await rm(folder, { recursive: true, force: true });
}

async function pushImage(host: string): Promise<Descriptor> {
  const repository = createRegistry({ registry: host }).repository('image');
  const { descriptor } = await packArtifact(repository, { artifactType: 'a/b', layers: [] });
  await sign(repository, descriptor, { signer: lab.signer });
  return descriptor;
}

/** Notation's files, and beside each other the verifier's settings with and without memory. */
async function writeFiles(host: string): Promise<void> {
  const statement = {
    name: 'bench',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:bench'],
    trustedIdentities: ['*'],
  };
  const settings = { version: '1.0', credentials: { dockerConfigs: [] }, network: { hostsDirs: [] } };
  for (const [name, cache] of [['cold', false] as const, ['remembered', { folder: join(folder, 'cache') }] as const]) {
    const files = {
      'trustpolicy.json': JSON.stringify({ version: '1.0', trustPolicies: [statement] }),
      'truststore/x509/ca/bench/root.pem': encodePem('CERTIFICATE', lab.authority.root.certificate),
      'config.json': JSON.stringify({ insecureRegistries: [host] }),
      'verifier.json': JSON.stringify({ ...settings, cache }),
    };
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name, file)), { recursive: true, mode: 0o755 });
      await writeFile(join(folder, name, file), content, { mode: 0o600 });
    }
  }
}

function programsFor(repository: string, descriptor: Descriptor): Readonly<Record<string, () => Cost>> {
  const { digest } = descriptor;
  const type = 'application/vnd.oci.descriptor.v1+json';
  const words = ['-name', `${repository}:v1`, '-digest', digest, '-stdin-media-type', type];
  const verify = (name: string) => () =>
    cost(verifier, words, { NOTARYKIT_CONTAINERD_VERIFIER: join(folder, name) }, JSON.stringify(descriptor));
  return {
    cold: verify('cold'),
    remembered: verify('remembered'),
    notation: () =>
      cost(notation, ['verify', '--insecure-registry', `${repository}@${digest}`], {
        NOTATION_CONFIG: join(folder, 'cold'),
      }),
    node: () => cost(process.execPath, ['-p', '"trusted: nothing"'], {}),
  };
}

function report(found: Readonly<Record<string, Cost>>): void {
  const {
    cold,
    remembered,
    notation: theirs,
    node,
  } = found as Record<'cold' | 'remembered' | 'notation' | 'node', Cost>;
  const ms = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;
  const line = (name: string, { wall, cpu }: Cost): void =>
    console.log(`containerd-verifier.${name}: wall ${ms(wall)}, CPU ${ms(cpu)}`);
  for (const [name, one] of Object.entries(found)) line(name === 'node' ? 'empty node' : name, one);
  for (const [name, one] of [['cold', cold] as const, ['remembered', remembered] as const])
    console.log(
      `containerd-verifier.${name}: wall ${(theirs.wall / one.wall).toFixed(2)} x, CPU ${(theirs.cpu / one.cpu).toFixed(2)} x notation verify; of its CPU ${ms(node.cpu)} are Node's own start`,
    );
}

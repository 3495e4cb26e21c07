import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachReferrer, copyGraph, discover, referrersOf } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { createAuthority, createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, type Notation } from './support/notation.ts';
import { succeed } from './support/program.ts';
import { type RunningServer, startServer } from './support/server.ts';

const folder = temporaryFolder();
const name = 'net-monitor';

interface Setup {
  readonly source: RunningServer;
  /** Ours, which has the referrers API. */
  readonly target: { readonly host: string };
  readonly from: RegistryEndpoint;
  readonly to: RegistryEndpoint;
  readonly notation: Notation;
  readonly root: Descriptor;
  readonly image: Descriptor;
  /** The same in a layout on disk. */
  readonly layout: string;
}
const registry = createEmbeddedRegistry();
let setup: Setup;

/** Distribution 2.8, which knows the tag schema alone. */
async function startDistribution(): Promise<RunningServer> {
  return await startServer(await peer('docker-registry'), (port) => {
    const config = join(folder, 'registry.yml');
    writeFileSync(config, `version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: "127.0.0.1:${port}"}\n`);
    return ['serve', config];
  });
}

/** An index over one image, tagged `v1`, in the source. */
async function pushIndex(from: RegistryEndpoint): Promise<{ root: Descriptor; image: Descriptor }> {
  const lab = createEmbeddedRegistry();
  const image = await pushImage(lab, name, 'v1');
  const repository = from.repository(name);
  await copyGraph(createRegistry({ registry: 'lab.test', fetch: lab.fetch }).repository(name), repository, {
    reference: image.digest,
  });
  const platform = { os: 'linux', architecture: 'amd64' };
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [{ ...image, platform }] }),
  );
  const root = describeBytes(mediaTypes.imageIndex, bytes);
  await repository.push(root, bytes);
  await repository.tag(root, 'v1');
  return { root, image };
}

async function signWithNotation(notation: Notation, reference: string): Promise<void> {
  const result = await notation('sign', '--insecure-registry', '--key', 'lab', reference);
  expect(result, result.stderr).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  const [source, target] = [await startDistribution(), await registry.listen()];
  const [from, to] = [source, target].map(({ host }) => createRegistry({ registry: host })) as [
    RegistryEndpoint,
    RegistryEndpoint,
  ];
  const authority = await createAuthority();
  const home = join(folder, 'notation');
  mkdirSync(home, { recursive: true });
  const notation = await createNotation(home, {
    root: authority.root.certificate,
    keys: { lab: await authority.issueLeaf() },
  });
  const { root, image } = await pushIndex(from);
  const sbom = await attachReferrer(from.repository(name), image, {
    artifactType: 'application/spdx+json',
    layers: [{ mediaType: 'application/spdx+json', content: utf8('{"spdxVersion":"SPDX-2.3"}') }],
  });
  for (const { digest } of [root, image, sbom.descriptor])
    await signWithNotation(notation, `${source.host}/${name}@${digest}`);
  await copyGraph(from.repository(name), to.repository(name), { reference: 'v1', assert: 'graph' });
  const layout = join(folder, 'layout');
  await copyGraph(from.repository(name), await openLayout(layout, { create: true }), {
    reference: 'v1',
    assert: 'graph',
  });
  setup = { source, target, from, to, notation, root, image, layout };
});
afterAll(async () => await Promise.all([setup?.source.stop(), registry.close()]));

/** Everything that refers to the artifact, as digests. */
async function referrersAt(endpoint: RegistryEndpoint): Promise<string[]> {
  return [...referrersOf(await discover(endpoint.repository(name), 'v1'))]
    .map(({ node }) => node.descriptor.digest)
    .sort();
}

describe('oras-reads-a-copy', () => {
  test('finds the same tree as we do, though the source has no referrers API', async () => {
    const program = await peer('oras');
    const { target, from, to, image } = setup;
    expect(await referrersAt(to)).toEqual(await referrersAt(from));
    expect(await referrersAt(to)).toHaveLength(4);
    const reference = `${target.host}/${name}@${image.digest}`;
    const tree = await succeed(program, ['discover', '--plain-http', '--format', 'json', reference]);
    const types = (JSON.parse(tree) as { referrers: { artifactType: string; referrers?: object[] }[] }).referrers;
    expect(types.map(({ artifactType }) => artifactType).sort()).toEqual([
      'application/spdx+json',
      'application/vnd.cncf.notary.signature',
    ]);
    await succeed(program, ['pull', '--plain-http', '-o', join(folder, 'pulled'), reference]);
  });

  test('finds the same tree in the layout, directory and tar', async () => {
    const program = await peer('oras');
    const { layout, root, to } = setup;
    const archive = await openLayoutTar(join(folder, 'archive.tar'), { create: true });
    await copyGraph(to.repository(name), archive, { reference: 'v1', assert: 'graph' });
    await archive.save();
    await archive.close();
    for (const place of [layout, join(folder, 'archive.tar')]) {
      const tree = await succeed(program, ['discover', '--oci-layout', '--format', 'json', `${place}:v1`]);
      const { digest, referrers } = JSON.parse(tree) as { digest: string; referrers: { artifactType: string }[] };
      expect(digest).toBe(root.digest);
      expect(referrers.map(({ artifactType }) => artifactType)).toEqual(['application/vnd.cncf.notary.signature']);
    }
  });
});

describe('skopeo-reads-a-copy', () => {
  test('inspects it and copies it on', async () => {
    const program = await peer('skopeo');
    const { target, root } = setup;
    const reference = `docker://${target.host}/${name}:v1`;
    const raw = await succeed(program, ['inspect', '--tls-verify=false', '--raw', reference]);
    expect(describeBytes(mediaTypes.imageIndex, utf8(raw)).digest).toBe(root.digest);
    const layout = `oci:${join(folder, 'skopeo')}:v1`;
    await succeed(program, ['--insecure-policy', 'copy', '--all', '--src-tls-verify=false', reference, layout]);
    const onward = ['--insecure-policy', 'copy', '--all', `oci:${setup.layout}:v1`, `dir:${join(folder, 'dir')}`];
    await succeed(program, onward);
  });
});

describe('notation-verifies-a-copy', () => {
  test('index, image and SBOM verify at the target', async () => {
    const { target, notation, root, image } = setup;
    const sbom = [...referrersOf(await discover(setup.to.repository(name), 'v1'))].find(
      ({ node }) => node.manifest.artifactType === 'application/spdx+json',
    );
    for (const digest of [root.digest, image.digest, sbom?.node.descriptor.digest]) {
      const result = await notation('verify', '--insecure-registry', `${target.host}/${name}@${digest}`);
      expect(result, result.stderr).toMatchObject({ code: 0 });
    }
  });

  test('the signature of the index verifies in the layout', async () => {
    const { layout, notation, root } = setup;
    const scope = ['--oci-layout', '--scope', `local/${name}`];
    const env = { NOTATION_EXPERIMENTAL: '1' };
    const result = await withEnvironment(env, () => notation('verify', ...scope, `${layout}@${root.digest}`));
    expect(result, result.stderr).toMatchObject({ code: 0 });
  });
});

async function withEnvironment<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const key of Object.keys(env)) delete process.env[key];
  }
}

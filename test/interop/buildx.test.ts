import { join } from 'node:path';
import { copyGraph } from '@notarykit/artifact-graph';
import type { Descriptor } from '@notarykit/oci';
import { createRevocationChecker } from '@notarykit/pki';
import { openLayout } from '@notarykit/registry-client/node';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { type Authority, createAuthority, createEmbeddedRegistry, type Issued } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { audit, gate, inspect, promote, sign, type Trust, verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AttestationForm, type BuildxLayout, manifestIn, writeBuildxLayout } from './support/buildx-layout.ts';
import { temporaryFolder } from './support/folder.ts';
import { createNotation, labPolicy, type Notation } from './support/notation.ts';
import { repositoryAt } from './support/signatures.ts';

const registry = createEmbeddedRegistry();
const folder = temporaryFolder();
let authority: Authority;
let leaf: Issued;
let notation: Notation;
let host: string;
let trust: Trust;

beforeAll(async () => {
  authority = await createAuthority();
  leaf = await authority.issueLeaf({ keySpec: 'EC-256' });
  notation = await createNotation(join(folder, 'notation'), {
    root: authority.root.certificate,
    keys: { lab: leaf },
    env: { NOTATION_EXPERIMENTAL: '1' },
  });
  ({ host } = await registry.listen({ name: 'localhost' }));
  const lab = { ca: { lab: [authority.root.certificate] } };
  const revocation = createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) });
  trust = { policy: parseTrustPolicy(labPolicy), trustStore: memoryTrustStore(lab), revocation };
});
afterAll(() => registry.close());

/** The layout, and a copy of it in a registry. */
async function built(name: string, form: AttestationForm) {
  const layout = await writeBuildxLayout(join(folder, name), form);
  const opened = await openLayout(layout.folder, { name: `local/${name}` });
  const pushed = repositoryAt(host, name);
  await copyGraph(opened, pushed, { reference: 'v1', tag: 'v1' });
  return { layout, opened, pushed };
}

/** Signed images, and provenance under the same signer. */
const gatePolicy = parseGatePolicy(
  JSON.stringify({
    version: '1.0',
    name: 'provenance',
    signers: { build: { trustPolicy: 'lab' } },
    image: { signedBy: ['build'], platforms: 'all' },
    provenance: { signedBy: ['build'], binding: 'subject-and-document' },
  }),
);

const forms: readonly AttestationForm[] = ['image', 'artifact'];

const digests = (list: readonly Descriptor[]): readonly string[] => list.map(({ digest }) => digest);
const runnable = ({ index, images }: BuildxLayout): readonly Descriptor[] => [index, ...images];

async function signedByNotation(...reference: string[]): Promise<void> {
  const result = await notation('sign', '--key', 'lab', ...reference);
  expect(result, result.stderr).toMatchObject({ code: 0 });
}

async function verifiedByNotation(name: string, manifests: readonly Descriptor[]): Promise<void> {
  for (const { digest } of manifests) {
    const result = await notation('verify', `${host}/${name}@${digest}`);
    expect(result, result.stderr).toMatchObject({ code: 0 });
  }
}

describe.each(forms)('notation-verifies-notarykit: an image of buildx, attestations in the form of an %s', (form) => {
  test('which BuildKit has written in that form', async () => {
    const { layout } = await built(`written-${form}`, form);
    expect([layout.images.length, layout.attestations.length]).toEqual([2, 2]);
    const subjects = layout.attestations.map((one) => manifestIn(layout.folder, one).subject?.digest);
    expect(subjects).toEqual(form === 'artifact' ? digests(layout.images) : [undefined, undefined]);
  });

  test('index and images that are signed with "both", and no attestation', async () => {
    const { layout, pushed } = await built(`ours-${form}`, form);
    const { signatures } = await sign(pushed, 'v1', { signer: leaf.signer, platforms: 'both' });
    expect(digests(signatures.map(({ subject }) => subject))).toEqual(digests(runnable(layout)));
    await verifiedByNotation(`ours-${form}`, runnable(layout));
    for (const { digest } of layout.attestations)
      expect((await notation('verify', `${host}/ours-${form}@${digest}`)).code).not.toBe(0);
  });

  test('signed in the layout: the index is verified there, and index and images where they are pushed to', async () => {
    const { layout, opened, pushed } = await built(`ours-layout-${form}`, form);
    const refused = await notation('verify', `${host}/ours-layout-${form}@${layout.index.digest}`);
    expect(refused.code).not.toBe(0);
    await sign(opened, 'v1', { signer: leaf.signer, platforms: 'both', manifestForm: 'legacy' });
    const scope = ['--oci-layout', '--scope', `local/ours-layout-${form}`];
    const result = await notation('verify', ...scope, `${layout.folder}@${layout.index.digest}`);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    await copyGraph(opened, pushed, { reference: 'v1', tag: 'v1' });
    await verifiedByNotation(`ours-layout-${form}`, runnable(layout));
  });
});

describe.each(forms)('notarykit-verifies-notation: an image of buildx, attestations in the form of an %s', (form) => {
  test('index and images, with attestations as evidence', async () => {
    const { layout, pushed } = await built(`theirs-${form}`, form);
    const children = (): Promise<unknown> => verify(pushed, 'v1', { ...trust, platforms: 'both' });
    for (const { digest } of runnable(layout)) {
      await expect(children()).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
      await signedByNotation(`${host}/theirs-${form}@${digest}`);
    }
    expect(await children()).toMatchObject({
      verdict: 'trusted',
      manifests: layout.images.map(() => ({ verdict: 'trusted' })),
    });
    for await (const result of audit([{ repository: pushed, reference: 'v1' }], trust))
      expect(digests((result.attestations ?? []).map(({ descriptor }) => descriptor))).toEqual(
        digests(layout.attestations),
      );
  });

  test('provenance counts for the gate by the signature of the index', async () => {
    const { layout, pushed } = await built(`gated-${form}`, form);
    const decided = () => gate(pushed, 'v1', { policy: gatePolicy, trust });
    for (const { digest } of layout.images) await signedByNotation(`${host}/gated-${form}@${digest}`);
    await expect(decided()).rejects.toMatchObject({ code: 'ERR_GATE_DENIED' });
    await signedByNotation(`${host}/gated-${form}@${layout.index.digest}`);
    const { verdict, evidence } = await decided();
    expect(verdict).toBe('ALLOW');
    expect(evidence.used.map(({ manifest }) => manifest).sort()).toEqual([...digests(layout.attestations)].sort());
  });

  test('and is there after a promotion, whose result notation verifies', async () => {
    const { layout, pushed } = await built(`staged-${form}`, form);
    for (const { digest } of runnable(layout)) await signedByNotation(`${host}/staged-${form}@${digest}`);
    const target = repositoryAt(host, `promoted-${form}`);
    const options = { reference: 'v1', tag: 'v1', trust, policy: gatePolicy, signer: leaf.signer };
    const { artifact } = await promote(pushed, target, options);
    expect(artifact.digest).toBe(layout.index.digest);
    await verifiedByNotation(`promoted-${form}`, [layout.index]);
    for (const one of layout.attestations) expect(await target.exists(one)).toBe(true);
    expect(await gate(target, 'v1', { policy: gatePolicy, trust })).toMatchObject({ verdict: 'ALLOW' });
  });

  test('the index, in the layout itself', async () => {
    const { layout } = await built(`theirs-layout-${form}`, form);
    await signedByNotation('--oci-layout', `${layout.folder}:v1`);
    const opened = await openLayout(layout.folder, { name: `local/theirs-layout-${form}` });
    expect(await verify(opened, 'v1', trust)).toMatchObject({ verdict: 'trusted', digest: layout.index.digest });
  });

  test('index and images, in the layout to which they are copied from a registry', async () => {
    const { layout, opened, pushed } = await built(`theirs-carried-${form}`, form);
    const verdict = () => verify(opened, 'v1', { ...trust, platforms: 'both' });
    await expect(verdict()).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    for (const { digest } of runnable(layout)) await signedByNotation(`${host}/theirs-carried-${form}@${digest}`);
    await copyGraph(pushed, opened, { reference: 'v1', tag: 'v1' });
    expect(await verdict()).toMatchObject({ verdict: 'trusted', digest: layout.index.digest });
  });

  // An image that the index.json of a layout does not list itself has no media type for notation.
  test('an image in the layout is signed as content without a type, which is not a signature of the image', async () => {
    const { layout, opened } = await built(`theirs-untyped-${form}`, form);
    const [image] = layout.images as readonly [Descriptor];
    await signedByNotation('--oci-layout', `${layout.folder}@${image.digest}`);
    const { signatures } = await inspect(opened, image.digest);
    expect(signatures).toMatchObject([
      { signedArtifact: { mediaType: 'application/octet-stream', digest: image.digest } },
    ]);
    await expect(verify(opened, image.digest, trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
  });
});

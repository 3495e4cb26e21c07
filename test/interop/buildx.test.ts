import { join } from 'node:path';
import { copy } from '@notarykit/artifact-graph';
import type { Descriptor } from '@notarykit/oci';
import { createRevocationChecker } from '@notarykit/pki';
import { openLayout } from '@notarykit/registry-client/node';
import { type Authority, createAuthority, createEmbeddedRegistry, type Issued } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { audit, sign, type Trust, verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuildxLayout, writeBuildxLayout } from './support/buildx-layout.ts';
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
async function built(name: string) {
  const layout = writeBuildxLayout(join(folder, name));
  const opened = await openLayout(layout.folder, { name: `local/${name}` });
  const pushed = repositoryAt(host, name);
  await copy(opened, pushed, { reference: 'v1', tag: 'v1' });
  return { layout, opened, pushed };
}

const digests = (list: readonly Descriptor[]): readonly string[] => list.map(({ digest }) => digest);
const runnable = ({ index, images }: BuildxLayout): readonly Descriptor[] => [index, ...images];

describe('notation-verifies-notarykit: an image of buildx', () => {
  test('index and images that are signed with "both", and no attestation', async () => {
    const { layout, pushed } = await built('ours');
    const { signatures } = await sign(pushed, 'v1', { signer: leaf.signer, platforms: 'both' });
    expect(digests(signatures.map(({ subject }) => subject))).toEqual(digests(runnable(layout)));
    for (const { digest } of runnable(layout)) {
      const result = await notation('verify', `${host}/ours@${digest}`);
      expect(result, result.stderr).toMatchObject({ code: 0 });
    }
    for (const { digest } of layout.attestations)
      expect((await notation('verify', `${host}/ours@${digest}`)).code).not.toBe(0);
  });

  test('the index, in the layout itself', async () => {
    const { layout, opened } = await built('ours-layout');
    await sign(opened, 'v1', { signer: leaf.signer, manifestForm: 'legacy' });
    const scope = ['--oci-layout', '--scope', 'local/ours-layout'];
    const result = await notation('verify', ...scope, `${layout.folder}@${layout.index.digest}`);
    expect(result, result.stderr).toMatchObject({ code: 0 });
  });
});

describe('notarykit-verifies-notation: an image of buildx', () => {
  test('index and images, with attestations as evidence', async () => {
    const { layout, pushed } = await built('theirs');
    const children = (): Promise<unknown> => verify(pushed, 'v1', { ...trust, platforms: 'both' });
    for (const { digest } of runnable(layout)) {
      await expect(children()).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
      const result = await notation('sign', '--key', 'lab', `${host}/theirs@${digest}`);
      expect(result, result.stderr).toMatchObject({ code: 0 });
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

  test('the index, in the layout itself', async () => {
    const { layout } = await built('theirs-layout');
    const result = await notation('sign', '--oci-layout', '--key', 'lab', `${layout.folder}:v1`);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    const opened = await openLayout(layout.folder, { name: 'local/theirs-layout' });
    expect(await verify(opened, layout.index.digest, trust)).toMatchObject({ verdict: 'trusted' });
  });
});

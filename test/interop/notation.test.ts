import { join } from 'node:path';
import { type Descriptor, fetchBytes, fetchManifest } from '@notarykit/oci';
import type { RegistryRepository } from '@notarykit/registry-client';
import {
  decodeEnvelope,
  type EnvelopeFormat,
  type KeySpec,
  signatureArtifactType,
  signEnvelope,
  type VerifiedEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import { type Authority, createAuthority, createEmbeddedRegistry, type Issued } from '@notarykit/testing';
import { explain } from '@notarykit/trust-policy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, type Notation } from './support/notation.ts';
import { attachSignature, repositoryAt, verifyWithUs } from './support/signatures.ts';

const keySpecs: readonly KeySpec[] = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'EC-256', 'EC-384', 'EC-521'];
const formats: readonly EnvelopeFormat[] = ['jws', 'cose'];
const combinations = formats.flatMap((format) => keySpecs.map((keySpec) => [format, keySpec] as const));

interface Setup {
  readonly authority: Authority;
  readonly leaves: ReadonlyMap<KeySpec, Issued>;
  readonly notation: Notation;
  readonly host: string;
}

const registry = createEmbeddedRegistry();
const folder = temporaryFolder();
let setup: Setup;

beforeAll(async () => {
  const authority = await createAuthority();
  const leaves = new Map<KeySpec, Issued>();
  for (const keySpec of keySpecs) leaves.set(keySpec, await authority.issueLeaf({ keySpec }));
  const notation = await createNotation(join(folder, 'notation'), {
    root: authority.root.certificate,
    keys: Object.fromEntries(leaves),
  });
  const { host } = await registry.listen({ name: 'localhost' });
  setup = { authority, leaves, notation, host };
});
afterAll(() => registry.close());

/** A repository name for each combination: signatures of one do not show up in another. */
const repositoryOf = (prefix: string, format: string, keySpec: string): string =>
  `${prefix}/${format}/${keySpec.toLowerCase()}`;

async function signWithUs(
  name: string,
  image: Descriptor,
  keySpec: KeySpec,
  format: EnvelopeFormat,
  form: 'artifactType' | 'legacy' = 'artifactType',
): Promise<void> {
  const leaf = setup.leaves.get(keySpec);
  if (leaf === undefined) throw new Error(`no leaf of ${keySpec}`);
  const { verified } = await signEnvelope(image, { signer: leaf.signer, format });
  await attachSignature(repository(name), image, verified, { form });
}

describe('notation-verifies-notarykit', () => {
  test.each(combinations)('%s with %s', async (format, keySpec) => {
    const name = repositoryOf('ours', format, keySpec);
    const image = await pushImage(registry, name, 'v1');
    await signWithUs(name, image, keySpec, format);
    const { code, stdout, stderr } = await setup.notation('verify', `${setup.host}/${name}@${image.digest}`);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('Successfully verified');
  });

  test.each(formats)('%s, in the config-media-type form', async (format) => {
    const name = repositoryOf('legacy', format, 'EC-256');
    const image = await pushImage(registry, name, 'v1');
    await signWithUs(name, image, 'EC-256', format, 'legacy');
    expect(await setup.notation('verify', `${setup.host}/${name}@${image.digest}`)).toMatchObject({ code: 0 });
  });

  test('and refuses a signature of an authority that its trust store does not know', async () => {
    const image = await pushImage(registry, 'ours/stranger', 'v1');
    const stranger = await (await createAuthority({ name: 'Stranger' })).issueLeaf();
    const { verified } = await signEnvelope(image, { signer: stranger.signer });
    await attachSignature(repository('ours/stranger'), image, verified);
    const result = await setup.notation('verify', `${setup.host}/ours/stranger@${image.digest}`);
    expect(result.code).not.toBe(0);
  });
});

describe('notarykit-verifies-notation', () => {
  test.each(combinations)('%s with %s', async (format, keySpec) => {
    const name = repositoryOf('theirs', format, keySpec);
    const image = await pushImage(registry, name, 'v1');
    const reference = `${setup.host}/${name}@${image.digest}`;
    const signed = await setup.notation('sign', '--key', keySpec, '--signature-format', format, reference);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const verdict = await verify(name, image);
    expect(verdict.verdict, explain(verdict.report)).toBe('trusted');
  });

  test('with user metadata and an expiry, signed and read', async () => {
    const image = await pushImage(registry, 'theirs/metadata', 'v1');
    const reference = `${setup.host}/theirs/metadata@${image.digest}`;
    const options = ['--user-metadata', 'build=17', '--expiry', '24h'];
    const signed = await setup.notation('sign', '--key', 'EC-256', ...options, reference);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const verdict = await verify('theirs/metadata', image);
    if (verdict.verdict !== 'trusted') throw new Error(explain(verdict.report));
    expect(verdict.signature.envelope?.signedAttributes.expiry).toBeInstanceOf(Date);
  });

  test('and refuses its signature of one artifact on another', async () => {
    const [image, other] = [
      await pushImage(registry, 'theirs/moved', 'v1'),
      await pushImage(registry, 'theirs/moved', 'v2', { comment: 'another' }),
    ];
    const signed = await setup.notation('sign', '--key', 'EC-256', `${setup.host}/theirs/moved@${image.digest}`);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    await attachSignature(repository('theirs/moved'), other, await envelopeOf(repository('theirs/moved'), image));
    await expect(verify('theirs/moved', other)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
  });
});

const repository = (name: string): RegistryRepository => repositoryAt(setup.host, name);

const verify = (name: string, image: Descriptor) =>
  verifyWithUs(repository(name), image, setup.authority.root.certificate);

/** The envelope of the only signature of an image. */
async function envelopeOf(source: RegistryRepository, image: Descriptor): Promise<VerifiedEnvelope> {
  for await (const referrer of source.referrers(image, { artifactType: signatureArtifactType })) {
    const { manifest } = await fetchManifest(source, referrer);
    const [layer] = manifest.kind === 'image' ? manifest.layers : [];
    if (layer === undefined) break;
    return verifyIntegrity(decodeEnvelope(await fetchBytes(source, layer), layer.mediaType));
  }
  throw new Error(`${source.name} has no signature of ${image.digest}`);
}

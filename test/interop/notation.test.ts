import { join } from 'node:path';
import { type Descriptor, describe as describeContent, fetchBytes } from '@notarykit/oci';
import {
  buildSignatureManifest,
  type EnvelopeFormat,
  type KeySpec,
  signatureArtifactType,
  signEnvelope,
} from '@notarykit/signature-envelope';
import { type Authority, createAuthority, createEmbeddedRegistry, type Issued } from '@notarykit/testing';
import { explain, memoryTrustStore, parseTrustPolicy, verifyArtifactSignatures } from '@notarykit/trust-policy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { mirror } from './support/mirror.ts';
import { createNotation, labPolicy, type Notation } from './support/notation.ts';

const keySpecs: readonly KeySpec[] = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'EC-256', 'EC-384', 'EC-521'];
const formats: readonly EnvelopeFormat[] = ['jws', 'cose'];
const combinations = formats.flatMap((format) => keySpecs.map((keySpec) => [format, keySpec] as const));

interface World {
  readonly authority: Authority;
  readonly leaves: ReadonlyMap<KeySpec, Issued>;
  readonly notation: Notation;
  readonly host: string;
}

const registry = createEmbeddedRegistry();
const folder = temporaryFolder();
let world: World;

beforeAll(async () => {
  const authority = await createAuthority();
  const leaves = new Map<KeySpec, Issued>();
  for (const keySpec of keySpecs) leaves.set(keySpec, await authority.issueLeaf({ keySpec }));
  const notation = await createNotation(join(folder, 'notation'), {
    root: authority.root.certificate,
    keys: Object.fromEntries(leaves),
  });
  const { host } = await registry.listen({ name: 'localhost' });
  world = { authority, leaves, notation, host };
});
afterAll(() => registry.close());

/** A repository name for each combination: signatures of one do not show up in another. */
const repositoryOf = (prefix: string, format: string, keySpec: string): string =>
  `${prefix}/${format}/${keySpec.toLowerCase()}`;

async function signWithUs(
  repository: string,
  image: Descriptor,
  keySpec: KeySpec,
  format: EnvelopeFormat,
  form: 'artifactType' | 'legacy' = 'artifactType',
): Promise<void> {
  const { verified } = await signEnvelope(image, { signer: world.leaves.get(keySpec)!.signer, format });
  const built = buildSignatureManifest(image, { envelope: verified, form });
  await registry.seed(repository, {
    blobs: [built.config.bytes, built.envelope.bytes],
    manifests: [{ bytes: built.bytes, mediaType: built.descriptor.mediaType }],
  });
}

describe('notation-verifies-notarykit', () => {
  test.each(combinations)('%s with %s', async (format, keySpec) => {
    const repository = repositoryOf('ours', format, keySpec);
    const image = await pushImage(registry, repository, 'v1');
    await signWithUs(repository, image, keySpec, format);
    const { code, stdout, stderr } = await world.notation('verify', `${world.host}/${repository}@${image.digest}`);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('Successfully verified');
  });

  test.each(formats)('%s, in the config-media-type form', async (format) => {
    const repository = repositoryOf('legacy', format, 'EC-256');
    const image = await pushImage(registry, repository, 'v1');
    await signWithUs(repository, image, 'EC-256', format, 'legacy');
    expect(await world.notation('verify', `${world.host}/${repository}@${image.digest}`)).toMatchObject({ code: 0 });
  });

  test('and refuses a signature of an authority that its trust store does not know', async () => {
    const image = await pushImage(registry, 'ours/stranger', 'v1');
    const stranger = await (await createAuthority({ name: 'Stranger' })).issueLeaf();
    const { verified } = await signEnvelope(image, { signer: stranger.signer });
    const built = buildSignatureManifest(image, { envelope: verified });
    await registry.seed('ours/stranger', {
      blobs: [built.config.bytes, built.envelope.bytes],
      manifests: [{ bytes: built.bytes, mediaType: built.descriptor.mediaType }],
    });
    const result = await world.notation('verify', `${world.host}/ours/stranger@${image.digest}`);
    expect(result.code).not.toBe(0);
  });
});

describe('notarykit-verifies-notation', () => {
  test.each(combinations)('%s with %s', async (format, keySpec) => {
    const repository = repositoryOf('theirs', format, keySpec);
    const image = await pushImage(registry, repository, 'v1');
    const reference = `${world.host}/${repository}@${image.digest}`;
    const signed = await world.notation('sign', '--key', keySpec, '--signature-format', format, reference);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const verdict = await verify(repository, image);
    expect(verdict.verdict, explain(verdict.report)).toBe('trusted');
  });

  test('with user metadata and an expiry, signed and read', async () => {
    const image = await pushImage(registry, 'theirs/metadata', 'v1');
    const reference = `${world.host}/theirs/metadata@${image.digest}`;
    const options = ['--user-metadata', 'build=17', '--expiry', '24h'];
    const signed = await world.notation('sign', '--key', 'EC-256', ...options, reference);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const verdict = await verify('theirs/metadata', image);
    if (verdict.verdict !== 'trusted') throw new Error(explain(verdict.report));
    expect(verdict.signature.envelope?.signedAttributes.expiry).toBeInstanceOf(Date);
  });

  test('and refuses the same signature on another artifact', async () => {
    const image = await pushImage(registry, 'theirs/moved', 'v1');
    const signed = await world.notation('sign', '--key', 'EC-256', `${world.host}/theirs/moved@${image.digest}`);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const repository = await mirror(registry, world.host, 'theirs/moved', image);
    const other = describeContent(image.mediaType, new Uint8Array([...(await fetchBytes(repository, image)), 0x0a]));
    const moved = {
      ...repository,
      referrers: () => repository.referrers(image, { artifactType: signatureArtifactType }),
    };
    await expect(verifyArtifactSignatures(moved, other, await trust())).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
  });
});

async function trust() {
  const { certificate } = world.authority.root;
  return {
    policy: parseTrustPolicy(labPolicy),
    trustStore: memoryTrustStore({ ca: { lab: [certificate] } }),
    revocation: { check: async () => [] },
  };
}

async function verify(repository: string, image: Descriptor) {
  return verifyArtifactSignatures(await mirror(registry, world.host, repository, image), image, await trust());
}

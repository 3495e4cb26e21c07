import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  openPluginSigner,
  type PluginSignerOptions,
  pluginEnvelopeSigner,
  pluginSigner,
} from '@notarykit/kms-providers/plugin';
import type { Descriptor } from '@notarykit/oci';
import { type EnvelopeFormat, type SignEnvelopeOptions, signEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { type Authority, createAuthority, createEmbeddedRegistry } from '@notarykit/testing';
import { explain } from '@notarykit/trust-policy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { createPluginLab, type PluginLab } from '../support/plugin/lab.ts';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, type Notation } from './support/notation.ts';
import { attachSignature, repositoryAt, verifyWithUs } from './support/signatures.ts';

const formats: readonly EnvelopeFormat[] = ['jws', 'cose'];
const keySpecs = signatureAlgorithms.map(({ keySpec }) => keySpec);
const combinations = formats.flatMap((format) => keySpecs.map((keySpec) => [format, keySpec] as const));

const registry = createEmbeddedRegistry();
const folder = temporaryFolder();
let authority: Authority;
let lab: PluginLab;
let notation: Notation;
let host: string;

beforeAll(async () => {
  authority = await createAuthority();
  lab = await createPluginLab();
  for (const keySpec of keySpecs) await lab.addKey(keySpec, await authority.issueLeaf({ keySpec }));
  await installGoPlugin('framework-raw');
  await installGoPlugin('framework-envelope');
  const env = { NOTATION_LIBEXEC: lab.libexec, ...lab.env };
  notation = await createNotation(join(folder, 'notation'), { root: authority.root.certificate, env });
  ({ host } = await registry.listen({ name: 'localhost' }));
});
afterAll(async () => {
  await registry.close();
  await lab.close();
});

/** The plugin of the framework, under a name that says what it makes. */
async function installGoPlugin(name: string): Promise<void> {
  await mkdir(join(lab.directory, name), { recursive: true });
  await copyFile(await peer('notation-plugin'), join(lab.directory, name, `notation-${name}`));
}

/** Both judges accept the one signature of an image. */
async function expectTrusted(name: string, image: Descriptor): Promise<void> {
  const verdict = await verifyWithUs(repositoryAt(host, name), image, authority.root.certificate);
  expect(verdict.verdict, explain(verdict.report)).toBe('trusted');
  const theirs = await notation('verify', `${host}/${name}@${image.digest}`);
  expect(theirs, theirs.stderr).toMatchObject({ code: 0 });
}

const nameOf = (...parts: readonly string[]): string => parts.join('/').toLowerCase();

describe('notation-signs-through-notarykit-plugin', () => {
  const sign = (name: string, image: Descriptor, id: string, ...options: readonly string[]) =>
    notation('sign', '--id', id, '--plugin', 'lab', ...options, `${host}/${name}@${image.digest}`);

  test.each(combinations)('%s with %s', async (format, keySpec) => {
    const name = nameOf('ours', format, keySpec);
    const image = await pushImage(registry, name, 'v1');
    const signed = await sign(name, image, keySpec, '--signature-format', format);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    await expectTrusted(name, image);
  });

  test('with metadata and an expiry, whatever the plugin prints', async () => {
    const image = await pushImage(registry, 'ours/noise', 'v1');
    const options = ['--user-metadata', 'build=17', '--expiry', '24h', '--plugin-config', 'noise=to-be-kept-apart'];
    const signed = await sign('ours/noise', image, 'EC-256', ...options);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    await expectTrusted('ours/noise', image);
  });

  test('and is told what failed', async () => {
    const image = await pushImage(registry, 'ours/none', 'v1');
    const missing = await sign('ours/none', image, 'none', '--plugin-config', 'noise=to-be-kept-apart');
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain('there is no key none');
    expect(missing.stderr).not.toContain('to-be-kept-apart');
    const listed = await notation('plugin', 'list');
    expect(listed.stdout).toMatch(/lab +Signs with keys in files +1\.2\.3 +\[SIGNATURE_GENERATOR\.RAW\] +<nil>/);
  });
});

describe('notarykit-signs-through-notation-plugin', () => {
  const options = (name: string, keyId: string, pluginConfig = {}): PluginSignerOptions => ({
    name,
    directory: lab.directory,
    keyId,
    pluginConfig,
    env: lab.env,
  });

  async function sign(name: string, signing: SignEnvelopeOptions): Promise<Descriptor> {
    const image = await pushImage(registry, name, 'v1');
    const { verified, annotations } = await signEnvelope(image, signing);
    const own = annotations === undefined ? {} : { annotations };
    await attachSignature(repositoryAt(host, name), image, verified, own);
    return image;
  }

  test.each(combinations)('a raw signature, %s with %s', async (format, keySpec) => {
    const name = nameOf('raw', format, keySpec);
    const signer = pluginSigner(options('framework-raw', keySpec));
    await expectTrusted(name, await sign(name, { signer, format }));
  });

  test('a raw signature in DER', async () => {
    const signer = pluginSigner(options('framework-raw', 'EC-521', { encoding: 'der' }));
    await expectTrusted('raw/der', await sign('raw/der', { signer }));
  });

  test.each(combinations)('a whole envelope, %s with %s', async (format, keySpec) => {
    const name = nameOf('envelope', format, keySpec);
    const signer = pluginEnvelopeSigner(options('framework-envelope', keySpec));
    const expiry = new Date(Date.now() + 3600_000);
    await expectTrusted(name, await sign(name, { signer, format, expiry, metadata: { build: '17' } }));
  });

  test('whichever of both the plugin makes, and says when it is the other', async () => {
    const raw = await openPluginSigner(options('framework-raw', 'EC-256'));
    await expectTrusted('either/raw', await sign('either/raw', { signer: raw }));
    const envelope = await openPluginSigner(options('framework-envelope', 'EC-256'));
    await expectTrusted('either/envelope', await sign('either/envelope', { signer: envelope }));
    await expect(pluginSigner(options('framework-envelope', 'EC-256')).describe()).rejects.toThrow(
      /pluginEnvelopeSigner/,
    );
  });

  test.each([
    ['ACCESS_DENIED', 'access-denied', false],
    ['THROTTLED', 'throttled', true],
    ['TIMEOUT', 'timeout', false],
    ['VALIDATION_ERROR', 'invalid-request', false],
    ['UNSUPPORTED_CONTRACT_VERSION', 'plugin', false],
    ['ERROR', 'unknown', false],
  ])('its error %s is the reason %s', async (fail, reason, retryable) => {
    const secret = 'hunter2-hunter2';
    const signer = pluginSigner(options('framework-raw', 'EC-256', { fail, secret }));
    const error: unknown = await signer.describe().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason, retryable, message: expect.stringContaining('asked to fail') });
    expect(String((error as Error).message)).not.toContain(secret);
  });
});

import { join } from 'node:path';
import type { Descriptor } from '@notarykit/oci';
import { createRevocationChecker } from '@notarykit/pki';
import { type SignatureKind, signatureKindKey } from '@notarykit/signature-envelope';
import { type Authority, createAuthority, createEmbeddedRegistry, type Issued } from '@notarykit/testing';
import { memoryTrustStore, parseExtendedTrustPolicy } from '@notarykit/trust-policy';
import { extendedVersion3 } from '@notarykit/trust-policy/internal';
import { sign, type Trust, verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../support/bundle.js';
import { runProgram } from '../support/run-program.js';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, type Notation } from './support/notation.ts';
import { repositoryAt } from './support/signatures.ts';

const registry = createEmbeddedRegistry();
const folder = temporaryFolder();
let authority: Authority;
let leaves: Record<'vendor' | 'certifier', Issued>;
let notation: Notation;
let host: string;

beforeAll(async () => {
  authority = await createAuthority();
  const issue = (CN: string) => authority.issueLeaf({ subject: { C: 'US', ST: 'WA', O: 'NotaryKit Test', CN } });
  leaves = { vendor: await issue('vendor'), certifier: await issue('certifier') };
  notation = await createNotation(join(folder, 'notation'), { root: authority.root.certificate, keys: leaves });
  ({ host } = await registry.listen({ name: 'localhost' }));
});
afterAll(() => registry.close());

/** A policy that demands one signature of each of these kinds. */
function demanding(...kinds: readonly SignatureKind[]): Trust {
  const of = kinds.map((kind) => ({ name: kind, kind, trustStores: ['ca:lab'], trustedIdentities: ['*'] }));
  const statement = { name: 'kinds', registryScopes: ['*'], signatureVerification: { level: 'strict' } };
  return {
    policy: parseExtendedTrustPolicy({
      version: extendedVersion3,
      trustPolicies: [{ ...statement, signers: { required: of.length, of } }],
    }),
    trustStore: memoryTrustStore({ ca: { lab: [authority.root.certificate] } }),
    revocation: createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) }),
  };
}

const said = (kind: string): string => `${signatureKindKey}=${kind}`;
const refused = { code: 'ERR_TRUST_NOT_VERIFIED' };

async function signWithNotation(key: string, reference: string, ...options: string[]): Promise<void> {
  const result = await notation('sign', '--key', key, ...options, reference);
  expect(result, result.stderr).toMatchObject({ code: 0 });
}

async function image(name: string): Promise<{ readonly at: Descriptor; readonly reference: string }> {
  const at = await pushImage(registry, name, 'v1');
  return { at, reference: `${host}/${name}@${at.digest}` };
}

describe('notarykit-verifies-notation: the kind of a signature', () => {
  test.each(['-m', '--user-metadata'])('said with %s counts where a policy demands it', async (option) => {
    const name = `theirs/${option.replaceAll('-', '')}`;
    const { at, reference } = await image(name);
    const verdict = () => verify(repositoryAt(host, name), at, demanding('vendor', 'certifier'));
    await signWithNotation('vendor', reference, option, said('vendor'));
    await expect(verdict()).rejects.toMatchObject(refused);
    await signWithNotation('certifier', reference, option, said('certifier'), option, 'build=17');
    expect(await verdict()).toMatchObject({ verdict: 'trusted', digest: at.digest });
  });

  test('counts as no other kind, nor does what says none', async () => {
    const { at, reference } = await image('theirs/others');
    const verdict = () => verify(repositoryAt(host, 'theirs/others'), at, demanding('vendor'));
    for (const options of [[], ['-m', said('user')], ['-m', said('Vendor')], ['-m', 'kind=vendor']]) {
      await signWithNotation('vendor', reference, ...options);
      await expect(verdict()).rejects.toMatchObject(refused);
    }
    await signWithNotation('vendor', reference, '-m', said('vendor'));
    expect(await verdict()).toMatchObject({ verdict: 'trusted' });
  });

  test('is one of two signers of a policy, with ours as the other', async () => {
    const { at, reference } = await image('mixed');
    await signWithNotation('vendor', reference, '-m', said('vendor'));
    const repository = repositoryAt(host, 'mixed');
    await expect(verify(repository, at, demanding('vendor', 'certifier'))).rejects.toMatchObject(refused);
    await sign(repository, at, { signer: leaves.certifier.signer, kind: 'certifier' });
    expect(await verify(repository, at, demanding('vendor', 'certifier'))).toMatchObject({ verdict: 'trusted' });
  });
});

describe('notation-verifies-notarykit: the kind of a signature', () => {
  test.each(['jws', 'cose'] as const)('in %s is demanded with -m and shown by inspect', async (format) => {
    const { at, reference } = await image(`ours/${format}`);
    const metadata = { build: '17' };
    await sign(repositoryAt(host, `ours/${format}`), at, {
      signer: leaves.vendor.signer,
      kind: 'vendor',
      metadata,
      format,
    });
    expect(await notation('verify', '-m', said('vendor'), '-m', 'build=17', reference)).toMatchObject({ code: 0 });
    expect((await notation('verify', '-m', said('certifier'), reference)).code).not.toBe(0);
    const { stdout } = await notation('inspect', '--output', 'json', reference);
    expect(userDefined(stdout)).toEqual([{ build: '17', [signatureKindKey]: 'vendor' }]);
  });

  test('by the command-line tool with --kind, under the keys of notation', async () => {
    const { reference } = await image('ours/tool');
    const tool = await bundle('packages/cli/src/notarykit.ts');
    try {
      const env = { NOTATION_CONFIG: notation.folder, DOCKER_CONFIG: notation.folder, HOME: notation.folder };
      const signed = await runProgram(tool.path, ['sign', '--key', 'certifier', '--kind', 'certifier', reference], {
        env,
      });
      expect(signed, signed.stderr).toMatchObject({ code: 0 });
    } finally {
      await tool.remove();
    }
    expect(await notation('verify', '-m', said('certifier'), reference)).toMatchObject({ code: 0 });
    const { stdout } = await notation('inspect', '--output', 'json', reference);
    expect(userDefined(stdout)).toEqual([{ [signatureKindKey]: 'certifier' }]);
  });
});

/** The user metadata of each signature, as `notation inspect --output json` lists it. */
function userDefined(output: string): readonly object[] {
  const { Signatures } = JSON.parse(output) as { Signatures: readonly { userDefinedAttributes: object }[] };
  return Signatures.map(({ userDefinedAttributes }) => userDefinedAttributes);
}

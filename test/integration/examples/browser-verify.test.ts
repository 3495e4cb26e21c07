import { decodeBase64, utf8 } from '@notarykit/common';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy, TrustError } from '@notarykit/trust-policy';
import { createBundle, publish, signBlob } from 'notarykit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import example from '../../../examples/browser-verify/src/example/example.json' with { type: 'json' };
import { answerOf } from '../../../examples/browser-verify/src/verify/answer.js';
import type * as page from '../../../examples/browser-verify/src/verify/index.js';
import { bundleForBrowser, runAsBrowser } from '../../support/browser-bundle.js';

const statement = {
  name: 'page',
  signatureVerification: { level: 'strict', override: { revocation: 'log' } },
  trustStores: ['ca:page'],
  trustedIdentities: ['*'],
};
const policyOf = (more: object): string =>
  JSON.stringify({ version: '1.0', trustPolicies: [{ ...statement, ...more }] });

let lab: TrustLab;
let script: string;
let exported: typeof page;
beforeAll(async () => {
  lab = await createTrustLab();
  script = await bundleForBrowser('examples/browser-verify/src/verify/index.ts');
  exported = runAsBrowser<typeof page>(script);
});
afterAll(() => lab.close());

const certificates = () => encodePem('CERTIFICATE', lab.authority.root.certificate);
const stores = () => ({ 'ca:page': certificates() });

describe('the bundle for browsers', () => {
  it('asks for nothing of Node', () => {
    expect(script).not.toMatch(/["']node:/);
    expect(script).not.toMatch(/\brequire\(["'](?:fs|crypto|http|https|net|tls|zlib|stream|path|os)["']\)/);
  });

  it('verifies an artifact of a registry, and explains it', async () => {
    const { fetch } = lab.registry;
    const repository = createRegistry({ registry: 'registry.test', fetch }).repository('net-monitor');
    const push = { artifactType: 'example/app', layers: [] };
    await publish(repository, { push, sign: { signer: lab.signer, format: 'cose' }, tag: 'v1' });
    const trust = { policy: policyOf({ registryScopes: ['*'] }), stores: stores() };
    const answer = await exported.verifyArtifact('registry.test/net-monitor:v1', trust, fetch);
    expect(answer).toMatchObject({ verdict: 'trusted' });
    const { children } = exported.explanationOf(answer);
    expect(children[1]?.children.map(({ state, text }) => `${state} ${text.split(':')[0]}`)).toContain(
      'passed integrity',
    );
    expect(children[1]?.children.map(({ state, text }) => `${state} ${text.split(':')[0]}`)).toContain(
      'logged revocation',
    );
  });

  it('refuses another authority, and decides nothing without an answer', async () => {
    const stranger = await createTrustLab({ name: 'Stranger' });
    const trust = {
      policy: policyOf({ registryScopes: ['*'] }),
      stores: { 'ca:page': encodePem('CERTIFICATE', stranger.authority.root.certificate) },
    };
    const { fetch } = lab.registry;
    expect(await exported.verifyArtifact('registry.test/net-monitor:v1', trust, fetch)).toMatchObject({
      verdict: 'refused',
    });
    expect(await exported.verifyArtifact('registry.test/other:v1', trust, fetch)).toMatchObject({
      verdict: 'undecided',
    });
  });

  it('verifies a file by its bytes', async () => {
    const content = utf8('release');
    const { envelope, fileName } = await signBlob(content, { signer: lab.signer });
    const trust = { policy: policyOf({ globalPolicy: true }), stores: stores() };
    const signature = { name: fileName('release.txt'), bytes: envelope };
    const file = { name: 'release.txt', bytes: content };
    const answer = await exported.verifyFile(file, signature, trust);
    expect(answer.verdict).toBe('trusted');
    expect(exported.headlineOf(answer)).toMatch(/^✓ trusted: release\.txt \(sha256:[0-9a-f]{64}\)$/);
    const changed = { ...file, bytes: utf8('rel3ase') };
    expect(await exported.verifyFile(changed, signature, trust)).toMatchObject({ verdict: 'refused' });
  });

  it('level strict passes with recorded answers, and does not without them', async () => {
    const { authority, services, registry } = lab;
    const { signer } = await authority.issueLeaf({ ocspUrls: [services.ocspUrl('http://pki.test')] });
    const repository = createRegistry({ registry: 'registry.test', fetch: registry.fetch }).repository('strict');
    await publish(repository, { push: { artifactType: 'example/app', layers: [] }, sign: { signer }, tag: 'v1' });
    const policy = policyOf({ registryScopes: ['*'], signatureVerification: { level: 'strict' } });
    const bundle = await createBundle(
      { repository, reference: 'v1' },
      {
        policy: parseTrustPolicy(policy),
        trustStore: memoryTrustStore({ ca: { page: certificates() } }),
        revocation: { fetch: services.fetch },
      },
    );
    const trust = { policy, stores: stores() };
    const verdictOf = async (more: object) =>
      (await exported.verifyArtifact('registry.test/strict:v1', { ...trust, ...more }, registry.fetch)).verdict;
    expect(await verdictOf({ evidence: await bundle.bytes() })).toBe('trusted');
    expect(await verdictOf({})).toBe('undecided');
  });
});

it.each([
  ['ERR_TRUST_POLICY', 'undecided'],
  ['ERR_TRUST_STORE', 'undecided'],
  ['ERR_TRUST_NO_STATEMENT', 'refused'],
  ['ERR_TRUST_NO_SIGNATURE', 'refused'],
  ['ERR_TRUST_TOO_MANY_SIGNATURES', 'refused'],
  ['ERR_TRUST_NOT_VERIFIED', 'refused'],
] as const)('%s is %s', async (code, verdict) => {
  const answer = await answerOf('net-monitor', () => Promise.reject(new TrustError(code, 'no')));
  expect(answer).toMatchObject({ verdict, message: 'no', reports: [] });
});

describe('the example', () => {
  const bundle = { name: 'net-monitor.tar', bytes: decodeBase64(example.bundle) };
  const policy = JSON.stringify(example.policy);
  const verified = (expected: string, more: object = {}) =>
    exported.verifyBundleFile(bundle, expected, { policy, stores: example.stores, at: example.at, ...more });

  it('is trusted at level strict, with every validation passed and a branch for the SBOM', async () => {
    const answer = await verified(example.expected);
    expect(answer).toMatchObject({ verdict: 'trusted', message: 'trusted by the policy' });
    expect(exported.headlineOf(answer)).toMatch(/^✓ trusted: \S+\/net-monitor:v1 \(sha256:[0-9a-f]{64}\)$/);
    const { children } = exported.explanationOf(answer);
    expect(children.map(({ state }) => state)).toEqual(['trusted', 'trusted']);
    const validations = children.flatMap((report) => report.children[1]?.children ?? []);
    expect(validations.map(({ state }) => state)).toEqual(Array(2 * 6).fill('passed'));
  });

  it.each([
    ['another artifact is expected', 'registry.wabbit-networks.test/other:v1', {}],
    ['the policy trusts others', example.expected, { policy: policy.replaceAll('O=Wabbit Networks', 'O=Others') }],
  ])('is refused when %s', async (_, expected, more) => {
    const answer = await verified(expected, more);
    expect(answer).toMatchObject({ verdict: 'refused', help: expect.stringMatching(/\/errors\/ERR_\w+$/) });
    expect(exported.headlineOf(answer)).toMatch(/^✗ refused: /);
  });

  it.each([
    ['a store has no certificate', { stores: {} }],
    ['its evidence is too old', { at: '2034-06-01T12:00:00Z' }],
    ['the date cannot be read', { at: 'yesterday' }],
    ['the policy cannot be read', { policy: '{' }],
  ])('is undecided when %s', async (_, more) => {
    expect(await verified(example.expected, more)).toMatchObject({ verdict: 'undecided' });
  });

  it('names its stores, and so does any policy', () => {
    expect(exported.storesOf(policy)).toEqual(Object.keys(example.stores));
    const named = JSON.stringify({
      trustPolicies: [{ trustStores: ['tsa:a', 'signingAuthority:b', 'tsa:a', '<b>', 1] }],
    });
    expect([exported.storesOf(named), exported.storesOf('{')]).toEqual([['tsa:a', 'signingAuthority:b'], undefined]);
  });
});

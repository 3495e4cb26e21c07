import { utf8 } from '@notarykit/common';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { publish, signBlob } from 'notarykit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const trust = { policy: policyOf({ registryScopes: ['*'] }), certificates: certificates() };
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
      certificates: encodePem('CERTIFICATE', stranger.authority.root.certificate),
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
    const trust = { policy: policyOf({ globalPolicy: true }), certificates: certificates() };
    const signature = { name: fileName('release.txt'), bytes: envelope };
    expect(await exported.verifyFile(content, signature, trust)).toMatchObject({ verdict: 'trusted' });
    expect(await exported.verifyFile(utf8('rel3ase'), signature, trust)).toMatchObject({ verdict: 'refused' });
  });
});

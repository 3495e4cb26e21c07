import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, mediaTypes, type Repository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import { type Authority, createTrustLab, type EmbeddedRegistry, type KmsFaults, serveVault } from '@notarykit/testing';
import { type GithubIdentity, serveGithubIdentity } from './identity.js';

/** The checked-out source of a project, its registry and its Vault, whose keys sign as `build` and `production`. */
export interface Workspace {
  readonly folder: string;
  readonly host: string;
  readonly identity: GithubIdentity;
  readonly build: Signer;
  readonly authority: Authority;
  readonly requests: EmbeddedRegistry['requests'];
  repository(name: string): Repository;
  /** An image that was pushed by digest, with no tag; gives its reference and its descriptor. */
  push(content: string, name?: string): Promise<{ readonly reference: string; readonly descriptor: Descriptor }>;
  close(): Promise<void>;
}

/** Makes the tree of a release of the actions, in the workspace. */
export async function releaseActions(folder: string, name = '.release'): Promise<string> {
  const release = join(folder, name);
  await promisify(execFile)(process.execPath, ['scripts/release-actions.mjs', release]);
  return release;
}

const account = { username: 'builder', password: 'only for the build' };

/** The secrets that a test gives to a step. */
export const stepSecrets: readonly string[] = [account.password];

/** The inputs that name a key of the Vault. */
export const vaultInputs = (workspace: { readonly vault: string }, key: string) => ({
  'vault-address': workspace.vault,
  'vault-role': 'release',
  'vault-key': key,
});

const statement = (name: string, scopes: readonly string[], level: object): object => ({
  name,
  registryScopes: scopes,
  signatureVerification: level,
  ...('level' in level && level.level === 'skip'
    ? {}
    : { trustStores: ['ca:lab'], trustedIdentities: [`x509.subject:C=US,ST=WA,O=Wabbit,CN=${name}`] }),
});

const strict = { level: 'strict', override: { revocation: 'skip' } };

const gatePolicy = `version: '1.0'
name: release
signers: { build: { trustPolicy: build }, production: { trustPolicy: production } }
image: { signedBy: [build] }
sbom: { signedBy: [build], requirePackages: [{ purl: 'pkg:npm/left-pad' }] }
`;

/** Sets up a workspace, with trust policy, trust store, deployment policy and an SBOM as files. */
export async function setUpWorkspace(): Promise<Workspace & { readonly vault: string; readonly faults: KmsFaults }> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-workspace-'));
  const [lab, identity] = await Promise.all([
    createTrustLab({ registry: { auth: { scheme: 'token', accounts: [account] } } }),
    serveGithubIdentity(),
  ]);
  const issue = (CN: string) => lab.authority.issueLeaf({ subject: { C: 'US', ST: 'WA', O: 'Wabbit', CN } });
  const [build, production] = await Promise.all([issue('build'), issue('production')]);
  const keys = Object.entries({ build, production });
  const vault = await serveVault(
    keys.map(([name, { keyPair }]) => ({ name, versions: [keyPair] })),
    {
      token: 'never-used',
      chains: Object.fromEntries(keys.map(([name, { pem }]) => [`${name}:1`, pem])),
      jwt: { role: 'release', accepts: (token) => identity.accepts(token, vault.url) },
    },
  );
  const { host } = await lab.registry.listen();
  const repository = (name: string): Repository =>
    createRegistry({ registry: host, credentials: account }).repository(name);
  const trustPolicies = [
    statement('build', [`${host}/net-monitor`], strict),
    statement('production', [`${host}/production`], strict),
    statement('skipped', [`${host}/skipped`], { level: 'skip' }),
  ];
  await mkdir(join(folder, 'policies/truststore/x509/ca/lab'), { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'policies/trustpolicy.json'), JSON.stringify({ version: '1.0', trustPolicies })),
    writeFile(join(folder, 'policies/truststore/x509/ca/lab/root.pem'), lab.authority.root.pem),
    writeFile(join(folder, 'policies/gate.yaml'), gatePolicy),
  ]);
  return {
    folder,
    host,
    identity,
    build: build.signer,
    authority: lab.authority,
    requests: lab.registry.requests,
    vault: vault.url,
    faults: vault.faults,
    repository,
    async push(content, name = 'net-monitor') {
      const { descriptor } = await packArtifact(repository(name), {
        config: { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"amd64"}') },
        layers: [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(content) }],
      });
      return { reference: `${host}/${name}@${descriptor.digest}`, descriptor };
    },
    async close() {
      await Promise.all([vault.close(), identity.close(), lab.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** The inputs with the account of the registry. */
export const accountInputs: Readonly<Record<'username' | 'password', string>> = account;

/** The inputs with whom to trust. */
export const trustFiles = {
  'trust-policy': 'policies/trustpolicy.json',
  'trust-store': 'policies/truststore',
} as const;

/** An SBOM of an image that lists packages of npm. */
export function sbomOf(digest: string, packages: readonly string[]): string {
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'container', name: 'net-monitor', version: digest } },
    components: packages.map((name) => ({ type: 'library', name, version: '1.3.0', purl: `pkg:npm/${name}@1.3.0` })),
  });
}

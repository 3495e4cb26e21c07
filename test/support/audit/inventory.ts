import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createAuthority, createTrustLab, type EmbeddedRegistryOptions } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy, type TrustPolicy } from '@notarykit/trust-policy';
import { sign, type Trust } from 'notarykit';

export const now = new Date('2026-06-01T00:00:00Z');
const day = 24 * 60 * 60 * 1000;
/** When the signatures of the `ending` artifacts end. */
export const soon = new Date(now.getTime() + 10 * day);

/** A repository in a registry, and whoever may sign there. */
export async function createInventory(registry: EmbeddedRegistryOptions = {}) {
  const [lab, stranger] = await Promise.all([createTrustLab({ registry }), createAuthority({ name: 'Stranger' })]);
  const endpoint = createRegistry({ registry: 'registry.test', fetch: lab.registry.fetch, retry: { maxRetries: 0 } });
  const outsider = await stranger.issueLeaf();
  const trust: Trust = { policy: policyFor(['*']), trustStore: memoryTrustStore(lab.trustStore), now };
  return {
    lab,
    trust,
    repository: (name: string): RegistryRepository => endpoint.repository(name),
    signers: { lab: lab.signer, stranger: outsider.signer },
  };
}

export type Inventory = Awaited<ReturnType<typeof createInventory>>;

/** A policy that skips revocation. */
export function policyFor(registryScopes: readonly string[], patch: object = {}): TrustPolicy {
  const statement = {
    name: 'audit',
    registryScopes,
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:lab'],
    trustedIdentities: ['*'],
    ...patch,
  };
  return parseTrustPolicy({ version: '1.0', trustPolicies: [statement] });
}

/** An image of one layer that says its name. */
export async function pushImage(repository: Repository, name: string, tags: readonly string[] = [name]) {
  const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(name) }];
  return (await packArtifact(repository, { artifactType: 'application/vnd.example', layers, tags })).descriptor;
}

/** An index of images, one for each architecture. */
export async function pushIndex(repository: Repository, name: string, architectures: readonly string[]) {
  const manifests: Descriptor[] = [];
  for (const architecture of architectures) {
    const image = await pushImage(repository, `${name}-${architecture}`, []);
    manifests.push({ ...image, platform: { os: 'linux', architecture } });
  }
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  await repository.tag(index, name);
  return { index, manifests };
}

export const kinds = ['signed', 'unsigned', 'ending', 'foreign', 'index', 'twice'] as const;

/** So many artifacts, of each kind in turn; `a0000-signed`, `a0001-unsigned` and so on. */
export async function fill({ signers }: Inventory, repository: RegistryRepository, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const kind = kinds[i % kinds.length];
    const name = `a${String(i).padStart(4, '0')}-${kind}`;
    if (kind === 'index') {
      const { index, manifests } = await pushIndex(repository, name, ['amd64', 'arm64']);
      for (const subject of [index, ...manifests.slice(0, 1)])
        await sign(repository, subject, { signer: signers.lab, now });
      continue;
    }
    const image = await pushImage(repository, name, kind === 'twice' ? [name, `z-${name}`] : [name]);
    if (kind === 'unsigned') continue;
    const expiry = kind === 'ending' ? { expiry: soon } : {};
    await sign(repository, image, { signer: kind === 'foreign' ? signers.stranger : signers.lab, now, ...expiry });
  }
}

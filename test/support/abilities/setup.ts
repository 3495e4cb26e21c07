import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, memoryRepository, type Repository } from '@notarykit/oci';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, type TrustStore } from '@notarykit/trust-policy';
import { copy, sign } from 'notarykit';
import { createNetwork, type Network, places } from './network.js';

/** Tags of the setup: signed by vendor and certifier, and by the vendor alone. */
export type Tag = 'both' | 'once';

/** A registry on this machine with signed images, their signers, and a folder as an installed notation has it. */
export interface Setup {
  readonly host: string;
  /** `team/app`. */
  readonly repository: RegistryRepository;
  readonly trustStore: TrustStore;
  readonly vendor: Signer;
  readonly certifier: Signer;
  readonly images: Readonly<Record<Tag, Descriptor>>;
  readonly network: Network;
  /** Key and chain of the vendor. */
  readonly keyPem: string;
  readonly chainPem: string;
  /** For what the command-line tool reads and writes. */
  readonly folder: string;
  /** `team/app` with its images and signatures, copied once: what is written there, the verbs that read `repository` do not see. */
  aside(): Promise<Repository>;
  /** A repository that is empty: its name is used once. */
  empty(): RegistryRepository;
  /** A text that was not given before. */
  unique(): string;
  close(): Promise<void>;
}

/** The identity of a signer of the setup. */
export const identityOf = (name: string): string => `x509.subject:C=US,ST=WA,O=Abilities,CN=${name}`;

export async function createSetup(): Promise<Setup> {
  const lab = await createTrustLab({ ocspUrls: [`http://${places.pki}/ocsp`] });
  const { host, port } = await lab.registry.listen();
  const ports = { registry: port, pki: (await lab.services.listen()).port };
  const network = await createNetwork(ports, lab.authority.root.certificate);
  const issue = async (CN: string) => lab.authority.issueLeaf({ subject: { C: 'US', ST: 'WA', O: 'Abilities', CN } });
  const [vendor, certifier] = [await issue('vendor'), await issue('certifier')];
  const endpoint = createRegistry({ registry: host, retry: { maxRetries: 0 } });
  const repository = endpoint.repository('team/app');
  const images = { both: await pushImage(repository, 'both'), once: await pushImage(repository, 'once') };
  for (const tag of ['both', 'once'] as const) await repository.tag(images[tag], tag);
  for (const image of Object.values(images)) await sign(repository, image, { signer: vendor.signer, kind: 'vendor' });
  await sign(repository, images.both, { signer: certifier.signer, kind: 'certifier' });
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-abilities-'));
  const store = join(folder, 'truststore/x509/ca/lab');
  await mkdir(store, { recursive: true });
  await writeFile(join(store, 'root.der'), lab.authority.root.certificate);
  await writeFile(join(folder, 'key.pem'), vendor.privateKeyPem, { mode: 0o600 });
  await writeFile(join(folder, 'chain.pem'), vendor.pem);
  const keys = [{ name: 'vendor', keyPath: join(folder, 'key.pem'), certPath: join(folder, 'chain.pem') }];
  await writeFile(join(folder, 'signingkeys.json'), JSON.stringify({ default: 'vendor', keys }));
  let used = 0;
  let scratch: Promise<Repository> | undefined;
  return {
    host,
    repository,
    trustStore: memoryTrustStore(lab.trustStore),
    vendor: vendor.signer,
    certifier: certifier.signer,
    images,
    network,
    keyPem: vendor.privateKeyPem,
    chainPem: vendor.pem,
    folder,
    aside() {
      scratch ??= copied(repository);
      return scratch;
    },
    empty: () => endpoint.repository(`empty/${used++}`),
    unique: () => `unique ${used++}`,
    async close() {
      await network.close();
      await lab.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function copied(repository: Repository): Promise<Repository> {
  const scratch = memoryRepository(repository.name);
  for (const reference of ['both', 'once']) await copy(repository, scratch, { reference });
  return scratch;
}

/** An index of one image, without a tag. */
export async function pushImage(repository: RegistryRepository, content: string): Promise<Descriptor> {
  const platform = { architecture: 'amd64', os: 'linux' };
  const config = utf8(JSON.stringify({ ...platform, rootfs: { type: 'layers', diff_ids: [] }, config: {} }));
  const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(content) }];
  const packed = { config: { mediaType: mediaTypes.imageConfig, content: config }, layers };
  const { descriptor } = await packArtifact(repository, packed);
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageIndex,
      manifests: [{ ...descriptor, platform }],
    }),
  );
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  return index;
}

import { attachReferrer, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { createHttpTimestamper, parseCertificate } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type Issued } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { createBundle, sign, signFile, verifyBundle } from 'notarykit';

const base = 'http://pki.lab.test';
const day = 24 * 60 * 60 * 1000;

/** An authority whose clock the test moves, and a registry with a signed artifact, a signed SBOM and one that nobody signed. */
export async function createBundleLab() {
  const clock = { now: new Date(Math.floor(Date.now() / 1000) * 1000) };
  const lab = await createTrustLab({ now: () => clock.now });
  const { authority, services, registry } = lab;
  const issue = (): Promise<Issued> =>
    authority.issueLeaf({ ocspUrls: [services.ocspUrl(base)], crlUrls: [services.crlUrl(base)] });
  const leaf = await issue();
  const root = parseCertificate(authority.root.certificate);
  const timestamper = createHttpTimestamper({ url: services.timestampUrl(base), roots: [root], fetch: services.fetch });
  const repository = createRegistry({ registry: 'outside.test', fetch: registry.fetch }).repository('net-monitor');
  const layers = [{ mediaType: 'text/plain', content: utf8('net-monitor 1.0.0') }];
  const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.test', layers, tags: ['v1'] });
  const signing = { signer: leaf.signer, timestamper, timestampRoots: [root] };
  await sign(repository, 'v1', signing);
  const sbom = await signFile(repository, { ...signing, ...sbomOf('good'), subject: 'v1' });
  await attachReferrer(repository, descriptor, { artifactType: 'sbom/unsigned', layers });
  return { ...lab, clock, base, repository, artifact: descriptor, sbom: sbom.artifact, leaf, issue, signing };
}

/** The bundle of the lab's artifact with its content, and what the lab's own policy makes of archives. */
export async function createBundleCase() {
  const lab = await createBundleLab();
  const trust = trustOf(lab, lab.repository.name);
  const options = { ...trust, revocation: { fetch: lab.services.fetch }, content: true };
  const { bytes } = await createBundle({ repository: lab.repository, reference: 'v1' }, options);
  /** The code that verifying an archive ends with, and its reason. */
  const codeOf = (archive: Uint8Array, more: object = {}): Promise<string> =>
    verifyBundle(archive, { ...trust, ...more }).then(
      () => 'verified',
      ({ code, detail }) => [code, detail?.reason].filter((part) => part !== undefined).join(' '),
    );
  return { lab, trust, bundle: await bytes(), codeOf };
}

export type BundleCase = Awaited<ReturnType<typeof createBundleCase>>;

/** An SBOM to attach. */
export function sbomOf(text: string) {
  const files = [{ name: 'sbom.json', mediaType: 'application/json', content: utf8(JSON.stringify({ text })) }];
  return { artifactType: 'sbom/example', files };
}

export type BundleLab = Awaited<ReturnType<typeof createBundleLab>>;

/** What is trusted: strictly, revocation and timestamps included. */
export function trustOf(
  { trustStore }: Pick<BundleLab, 'trustStore'>,
  repository: string,
  options: { readonly level?: object; readonly trustStores?: readonly string[] } = {},
) {
  const { level = { level: 'strict' }, trustStores = ['ca:lab', 'tsa:lab'] } = options;
  const document = JSON.stringify({
    version: '1.0',
    trustPolicies: [
      {
        name: 'lab',
        registryScopes: [repository],
        signatureVerification: level,
        ...(trustStores.length === 0 ? {} : { trustStores, trustedIdentities: ['*'] }),
      },
    ],
  });
  return { policy: parseTrustPolicy(document), trustStore: memoryTrustStore(trustStore), document };
}

/** A date so many days later. */
export const later = (date: Date, days: number): Date => new Date(date.getTime() + days * day);

import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, mediaTypes, memoryRepository, type Repository } from '@notarykit/oci';
import { type GatePolicy, parseGatePolicy } from '@notarykit/sbom-gate';
import type { Signer } from '@notarykit/signature-envelope';
import { type Authority, type AuthorityServices, createAuthority, createAuthorityServices } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign, signFile, type Trust } from 'notarykit';

/** A repository with a signed image and a signed SBOM, whoever may promote it, and what is trusted. */
export interface Staging {
  readonly repository: Repository;
  readonly image: Descriptor;
  readonly sbom: Descriptor;
  readonly trust: Trust;
  /** The same with one more statement. */
  trustWith(statement: object): Trust;
  readonly build: Signer;
  readonly production: Signer;
  readonly authority: Authority;
  /** OCSP, CRLs and timestamps of the authority. */
  readonly services: AuthorityServices;
  policy(output?: object, more?: object): GatePolicy;
}

export async function createStaging(): Promise<Staging> {
  const authority = await createAuthority();
  const issue = async (OU: string): Promise<Signer> =>
    (await authority.issueLeaf({ subject: { CN: OU, OU, O: 'Wabbit', ST: 'WA', C: 'US' } })).signer;
  const [build, production] = await Promise.all([issue('build'), issue('production')]);
  const statement = (OU: string, registryScopes: readonly string[]): object => ({
    name: OU,
    registryScopes,
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:lab'],
    trustedIdentities: [`x509.subject:C=US,ST=WA,O=Wabbit,OU=${OU}`],
  });
  const trustPolicies = [statement('build', ['*']), statement('production', ['production.test/app'])];
  const policy = parseTrustPolicy(JSON.stringify({ version: '1.0', trustPolicies }));
  const trustStore = memoryTrustStore({ ca: { lab: authority.root.certificate } });
  const repository = memoryRepository('staging.test/app');
  const { descriptor: image } = await packArtifact(repository, {
    config: {
      mediaType: mediaTypes.imageConfig,
      content: utf8(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } })),
    },
    layers: [{ mediaType: mediaTypes.imageLayerGzip, content: utf8('a layer') }],
    tags: ['v1'],
  });
  await sign(repository, image, { signer: build });
  const inventory = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'container', name: 'app', version: image.digest } },
    components: [{ type: 'library', name: 'left-pad', version: '1.3.0', purl: 'pkg:npm/left-pad@1.3.0' }],
  };
  const type = 'application/vnd.cyclonedx+json';
  const { artifact: sbom } = await signFile(repository, {
    files: [{ name: 'sbom.cdx.json', mediaType: type, content: utf8(JSON.stringify(inventory)) }],
    subject: image,
    artifactType: type,
    signer: build,
  });
  return {
    repository,
    image,
    sbom,
    build,
    production,
    trust: { policy, trustStore },
    trustWith: (more) => ({
      policy: parseTrustPolicy(JSON.stringify({ version: '1.0', trustPolicies: [...trustPolicies, more] })),
      trustStore,
    }),
    authority,
    services: createAuthorityServices(authority),
    policy: (output, more) =>
      parseGatePolicy(
        JSON.stringify({
          version: '1.0',
          name: 'production-gate',
          signers: { build: { trustPolicy: 'build' }, production: { trustPolicy: 'production' } },
          image: { signedBy: ['build'] },
          sbom: { signedBy: ['build'], requirePackages: [{ purl: 'pkg:npm/left-pad' }] },
          ...(output && { output }),
          ...more,
        }),
      ),
  };
}

/** A statement that a finding does not matter, in OpenVEX. */
export function vexOf(digest: string, finding = 'CVE-2026-0001') {
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://wabbit.test/vex/${finding}`,
    author: 'Wabbit',
    timestamp: '2026-01-01T00:00:00Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: finding },
        products: [{ '@id': `pkg:oci/app@${digest.replace(':', '%3A')}` }],
        status: 'not_affected',
        justification: 'component_not_present',
      },
    ],
  };
  const type = 'application/vnd.openvex+json';
  return {
    files: [{ name: 'vex.json', mediaType: type, content: utf8(JSON.stringify(document)) }],
    artifactType: type,
  };
}

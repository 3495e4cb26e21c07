import { openGraph } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes } from '@notarykit/oci';
import { decide, type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { collectEvidence } from 'notarykit';
import { describe, expect, test } from 'vitest';
import { createGateLab, deniedFor, type GateLab, labNow, policyOf, pushManifest, requestOf } from './gate-lab.ts';

const sbomType = 'application/vnd.cyclonedx+json';
const policy = parseGatePolicy(
  JSON.stringify(policyOf({ sbom: { signedBy: ['build'], blockPackages: [{ name: 'telnetd' }] } })),
);

const sbom = (name: string, digest?: string): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    ...(digest === undefined ? {} : { metadata: { component: { type: 'container', name: 'app', version: digest } } }),
    components: [{ type: 'library', name }],
  });

interface Index {
  readonly lab: GateLab;
  readonly index: Descriptor;
  readonly amd64: Descriptor;
  readonly arm64: Descriptor;
}

/** An index of two platforms, and with `statement` an attestation manifest of BuildKit for the first. */
async function createIndex(statement?: string): Promise<Index> {
  const lab = await createGateLab();
  const { repository, image: amd64 } = lab;
  const config = utf8(JSON.stringify({ os: 'linux', architecture: 'arm64' }));
  await repository.push(describeBytes(mediaTypes.imageConfig, config), config);
  const arm64 = await pushManifest(repository, { config: describeBytes(mediaTypes.imageConfig, config), layers: [] });
  const entry = ({ mediaType, digest, size }: Descriptor, architecture: string): object => ({
    mediaType,
    digest,
    size,
    platform: { os: architecture === 'unknown' ? 'unknown' : 'linux', architecture },
  });
  const manifests: object[] = [entry(amd64, 'amd64'), entry(arm64, 'arm64')];
  if (statement !== undefined) {
    const layer = describeBytes('application/vnd.in-toto+json', utf8(statement));
    await repository.push(layer, utf8(statement));
    const annotated = { ...layer, annotations: { 'in-toto.io/predicate-type': 'https://cyclonedx.org/bom' } };
    const attestation = await pushManifest(repository, {
      config: describeBytes(mediaTypes.imageConfig, config),
      layers: [annotated],
    });
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': amd64.digest,
    };
    manifests.push({ ...entry(attestation, 'unknown'), annotations });
  }
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const index = describeBytes(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  lab.sign(index, 'build');
  return { lab, index, amd64, arm64 };
}

async function judge({ lab, index }: Index): Promise<GateDecision> {
  const evidence = await collectEvidence(openGraph(lab.repository), index, { policy, verify: lab.verify });
  return decide(evidence, requestOf(policy), labNow);
}

describe('platforms of an index', () => {
  test('each needs evidence of its own', async () => {
    const index = await createIndex();
    await index.lab.attach(sbomType, sbom('curl'), { subject: index.amd64 });
    const half = await judge(index);
    expect(half.outcomes.filter(({ level }) => level === 'deny').map(({ code, platform }) => [code, platform])).toEqual(
      [['SBOM_MISSING', 'linux/arm64']],
    );
    await index.lab.attach(sbomType, sbom('wget'), { subject: index.arm64 });
    expect((await judge(index)).verdict).toBe('ALLOW');
  });

  test('a document on the index counts for the platform that it names', async () => {
    const index = await createIndex();
    await index.lab.attach(sbomType, sbom('curl', index.amd64.digest), { subject: index.index });
    const decision = await judge(index);
    expect(
      decision.outcomes.flatMap(({ level, code, platform }) => (level === 'deny' ? [[code, platform]] : [])),
    ).toEqual([['SBOM_MISSING', 'linux/arm64']]);
    expect(decision.outcomes.map(({ code }) => code)).toContain('SBOM_PLATFORM_UNCOVERED');
  });

  test('an attestation manifest counts through the signature of the index', async () => {
    const predicate = JSON.parse(sbom('telnetd')) as object;
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType: 'https://cyclonedx.org/bom',
      predicate,
    };
    const index = await createIndex(JSON.stringify(statement));
    await index.lab.attach(sbomType, sbom('wget'), { subject: index.arm64 });
    const decision = await judge(index);
    expect(decision.image.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(deniedFor(decision)).toEqual(['PACKAGE_BLOCKED']);
  });
});

import { type GraphView, openGraph, packArtifact } from '@notarykit/artifact-graph';
import { decodeUtf8, utf8 } from '@notarykit/common';
import { type Descriptor, memoryRepository, type Repository } from '@notarykit/oci';
import type { RevocationChecker } from '@notarykit/pki';
import type { GateDecision, GatePolicy } from '@notarykit/sbom-gate';
import { predicateTypeAnnotation, statementMediaType, vsaPredicateType } from '@notarykit/sbom-gate/internal';
import type { Signer } from '@notarykit/signature-envelope';
import { attestSummary, type GateOptions, sign, type Trust } from 'notarykit';
import { createGateSetup, decisionOf, type GateSetup, gatePolicyOf } from './gate-setup.js';

export const scanType = 'application/vnd.aquasec.trivy.report+json';
export const sbomType = 'application/vnd.cyclonedx+json';
export const verifierId = 'https://gate.test/production';
export const hour = 3_600_000;

/** A clean scan report, or one with a finding that blocks. */
export const report = (findings: readonly string[] = [], name = 'app'): object => ({
  SchemaVersion: 2,
  ArtifactName: name,
  CreatedAt: new Date().toISOString(),
  Results: [
    {
      Target: 'x',
      Class: 'os-pkgs',
      Vulnerabilities: findings.map((VulnerabilityID) => ({
        VulnerabilityID,
        PkgName: 'zlib',
        InstalledVersion: '1',
        Severity: 'CRITICAL',
      })),
    },
  ],
});
export const inventory = (name: string): object => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name } },
  components: [{ type: 'library', name: 'zlib', purl: 'pkg:deb/debian/zlib1g@1' }],
});

/** The policy of a cluster that accepts summaries of one verifier. */
export const summaryPolicy = (more: object = {}): GatePolicy =>
  gatePolicyOf({
    sbom: { signedBy: ['scanner'] },
    scan: { signedBy: ['scanner'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'high' } },
    summary: { signedBy: ['verifier'], verifiers: [verifierId], maxAge: '1h' },
    output: { attestation: 'vsa', verifierId },
    ...more,
  });

/** A checker that calls the certificates of some subjects revoked, or knows nothing of them. */
export function revocationOf(statuses: ReadonlyMap<string, 'revoked' | 'unavailable'> = new Map()): RevocationChecker {
  return {
    identity: 'lab',
    check: async (chain) =>
      chain.map((certificate) => {
        const name = [...statuses].find(([subject]) => decodeLatin(certificate.der).includes(subject));
        return { certificate, status: name?.[1] ?? 'good', evidence: [] };
      }),
  };
}

const decodeLatin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export interface SummarySetup extends GateSetup {
  /** An index of two platforms, each with SBOM and scan. */
  readonly root: Descriptor;
  readonly platforms: readonly Descriptor[];
  readonly options: GateOptions & { readonly trust: Trust };
  decide(options?: Partial<GateOptions>, image?: Descriptor, repository?: Repository): Promise<GateDecision>;
  attest(options?: Partial<GateOptions>, image?: Descriptor): Promise<Descriptor>;
  /** The statement that `attest` would attach. */
  statement(options?: Partial<GateOptions>, image?: Descriptor): Promise<Statement>;
  /** Attaches a statement and signs it; by the verifier, unless told otherwise. */
  forge(statement: Statement, more?: Forgery): Promise<Descriptor>;
}

/** How a statement is attached. */
export interface Forgery {
  readonly signer?: Signer | null;
  readonly subject?: Descriptor;
  readonly expiry?: Date;
  readonly now?: Date;
  /** When it was made, by the word of the manifest. */
  readonly created?: Date;
  /** Bytes of white space after the statement. */
  readonly padding?: number;
}

/** A statement that a test may change. */
export interface Statement extends Record<string, unknown> {
  subject: unknown;
  predicate: Record<string, unknown>;
}

export async function createSummarySetup(): Promise<SummarySetup> {
  const setup = await createGateSetup();
  const { repository } = setup;
  const platforms = await Promise.all(
    ['amd64', 'arm64'].map((architecture) => setup.image(`of ${architecture}`, { os: 'linux', architecture })),
  );
  const root = await setup.index(platforms);
  for (const [i, platform] of platforms.entries()) {
    await setup.attach(platform, sbomType, inventory(`app ${i}`));
    await setup.attach(platform, scanType, report([], `app ${i}`));
  }
  const options = { policy: summaryPolicy(), trust: setup.trust() };
  return {
    ...setup,
    root,
    platforms,
    options,
    decide: (more = {}, image = root, at = repository) => decisionOf(at, image, { ...options, ...more }),
    attest: async (more = {}, image = root) =>
      (await attestSummary(repository, image, { ...options, ...more, sign: { signer: setup.verifier.signer } }))
        .summary,
    async statement(more = {}, image = root) {
      const scratch = memoryRepository(repository.name);
      const aside: Repository = { ...repository, push: (...content) => scratch.push(...content) };
      const signing = { ...options, ...more, sign: { signer: setup.verifier.signer } };
      const { summary } = await attestSummary(aside, image, signing);
      return JSON.parse(await textOf(openGraph(scratch), summary)) as Statement;
    },
    async forge(statement, { signer = setup.verifier.signer, subject = root, created, padding = 0, ...signing } = {}) {
      const { mediaType, digest, size } = subject;
      const content = utf8(JSON.stringify(statement) + ' '.repeat(padding));
      const annotations = { [predicateTypeAnnotation]: vsaPredicateType };
      const { descriptor } = await packArtifact(repository, {
        artifactType: statementMediaType,
        subject: { mediaType, digest, size },
        layers: [{ mediaType: statementMediaType, content, annotations }],
        ...(created && { annotations: { 'org.opencontainers.image.created': created.toISOString() } }),
      });
      if (signer !== null) await sign(repository, descriptor, { signer, ...signing });
      return descriptor;
    },
  };
}

async function textOf(view: GraphView, artifact: Descriptor): Promise<string> {
  const { manifest } = await view.manifest(artifact);
  const [layer] = manifest.kind === 'image' ? manifest.layers : [];
  if (layer === undefined) throw new Error('a summary without a layer');
  return decodeUtf8(await view.bytes(layer));
}

/** The setup's trust, with the statement about images: a gate selects by name, all else by repository. */
export function inScope({ options: { trust } }: SummarySetup): Trust {
  return { ...trust, scope: 'registry.test/build' } as Trust;
}

/** What {@link pathOf} gives for a decision that rests on a summary. */
export const bySummary = ['ALLOW', 'summary', ''] as const;

/** What a decision rests on, and why no summary was accepted. */
export function pathOf({ verdict, proof, outcomes }: GateDecision): readonly [string, string | undefined, string] {
  const reason = outcomes.find(({ code }) => code === 'SUMMARY_NOT_ACCEPTED')?.message ?? '';
  return [verdict, proof?.by, reason];
}

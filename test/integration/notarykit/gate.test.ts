import { openGraph } from '@notarykit/artifact-graph';
import { type Descriptor, OciError, type Repository } from '@notarykit/oci';
import { type Certificate, formatName, type RevocationChecker } from '@notarykit/pki';
import { RegistryError } from '@notarykit/registry-client';
import { formatDecision, type GateDecision, type GatePolicy } from '@notarykit/sbom-gate';
import { TrustError } from '@notarykit/trust-policy';
import { gate } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGateSetup, decisionOf, type GateSetup } from '../../support/gate-setup.js';

const scanType = 'application/vnd.aquasec.trivy.report+json';
const sbomType = 'application/vnd.cyclonedx+json';
const trivy = (now: Date, more: object = {}): object => ({
  SchemaVersion: 2,
  ArtifactName: 'app',
  CreatedAt: now.toISOString(),
  Results: [{ Target: 'x', Class: 'os-pkgs', Vulnerabilities: [] }],
  ...more,
});
const scan = { signedBy: ['scanner'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'high' } };
const hour = 3_600_000;

const codes = ({ outcomes }: GateDecision): readonly string[] => [
  ...new Set(outcomes.filter(({ level }) => level === 'deny').map(({ code }) => code)),
];

describe('gate', () => {
  let setup: GateSetup;
  let scanPolicy: GatePolicy;
  const now = new Date();
  beforeAll(async () => {
    setup = await createGateSetup();
    scanPolicy = setup.policy({ scan });
  });
  const decide = (image: Descriptor, policy = scanPolicy, repository: Repository = setup.repository) =>
    decisionOf(repository, image, { policy, trust: setup.trust(), now });

  it('GV10 judges a manifest for each platform under which the index lists it', async () => {
    const clean = await setup.image('clean');
    await setup.attach(clean, scanType, trivy(now));
    const never = await setup.image('never scanned');
    const at = (descriptor: Descriptor, architecture: string) => ({
      ...descriptor,
      platform: { os: 'linux', architecture },
    });
    const policy = setup.policy({ scan, image: { signedBy: ['build'], platforms: ['linux/amd64'] } });
    for (const manifests of [
      [at(clean, 'amd64')],
      [at(never, 'arm64'), at(clean, 'amd64')],
      [at(never, 'arm64'), at(never, 'amd64'), at(clean, 'amd64')],
    ]) {
      const decision = await decide(await setup.index(manifests), policy);
      expect(codes(decision)).toEqual(manifests.length === 3 ? ['SCAN_MISSING'] : []);
    }
  });

  it('GV1 judges every manifest of an index, at any position', async () => {
    const clean = await setup.image('clean');
    await setup.attach(clean, scanType, trivy(now));
    const never = await setup.image('never scanned', { os: 'linux', architecture: 'arm64' });
    for (const [before, after] of [
      [0, 250],
      [250, 0],
      [199, 1],
    ]) {
      const many = (count = 0): Descriptor[] =>
        Array.from({ length: count }, (_, i) => ({
          ...clean,
          platform: { os: 'linux', architecture: 'amd64', 'os.version': `${i}` },
        }));
      const decision = await decide(await setup.index([...many(before), never, ...many(after)]));
      expect([decision.verdict, decision.image.platforms.map(({ platform }) => platform).sort()]).toEqual([
        'DENY',
        ['linux/amd64', 'linux/arm64'],
      ]);
    }
  });

  it('PROVENANCE_SIGNERS provenance counts from its own signers only, and base images are those that the caller has verified', async () => {
    const image = await setup.signed('built');
    const base = `sha256:${'b'.repeat(64)}` as const;
    const materials = [{ uri: 'pkg:docker/base@1', digest: { sha256: 'b'.repeat(64) } }];
    await setup.attach(image, 'application/vnd.in-toto+json', {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'app', digest: { sha256: image.digest.slice(7) } }],
      predicateType: 'https://slsa.dev/provenance/v0.2',
      predicate: {
        builder: { id: 'https://builds.example' },
        buildType: 'https://mobyproject.org/buildkit@v1',
        materials,
      },
    });
    const asked = (signer: string) => setup.policy({ provenance: { signedBy: [signer], baseImages: 'verified' } });
    const options = { trust: setup.trust(), now };
    const judged = async (signer: string, more: object) =>
      codes(await decisionOf(setup.repository, image, { ...options, policy: asked(signer), ...more }));
    expect(await judged('scanner', { baseImages: [base] })).toEqual([]);
    expect(await judged('scanner', {})).toEqual(['PROVENANCE_BASE_IMAGE']);
    expect(await judged('build', { baseImages: [base] })).toEqual(['PROVENANCE_MISSING']);
  });

  it('GV1 more manifests than are looked at deny', async () => {
    const digest = (i: number): `sha256:${string}` => `sha256:${i.toString(16).padStart(64, '0')}`;
    const clean = await setup.image('one of too many');
    const more = Array.from({ length: 1001 }, (_, i) => ({ ...clean, digest: digest(i) }));
    expect(codes(await decide(await setup.index(more)))).toContain('LIMIT_EXCEEDED');
  });

  it('GV2 more artifacts than the policy looks at deny, and signatures are none of them', async () => {
    const image = await setup.signed('crowded');
    await setup.attach(image, scanType, trivy(now));
    const two = setup.policy({ scan, limits: { referrers: 2 } });
    await setup.attach(image, scanType, trivy(now, { ArtifactName: 'second' }));
    expect((await decide(image, two)).verdict).toBe('ALLOW');
    await setup.attach(image, scanType, trivy(now, { ArtifactName: 'third' }), null);
    expect(codes(await decide(image, two))).toEqual(['LIMIT_EXCEEDED']);
  });

  it('GV3 reports a signer whose statement does not exist', async () => {
    const image = await setup.signed('statement');
    const policy = setup.policy({ signers: { build: { trustPolicy: 'biuld' } } });
    await expect(gate(setup.repository, image, { policy, trust: setup.trust() })).rejects.toMatchObject({
      code: 'ERR_TRUST_NO_STATEMENT',
    });
  });

  it('GV3 an error that is not about the repository keeps its code', async () => {
    const image = await setup.signed('own-error');
    const failing: Repository = {
      ...setup.repository,
      referrers() {
        throw new TrustError('ERR_TRUST_STORE', 'a store of the port');
      },
    };
    await expect(decide(image, setup.policy(), failing)).rejects.toMatchObject({ code: 'ERR_TRUST_STORE' });
  });

  it('GV4 denies when a document cannot be read now, and lists other referrers as ignored', async () => {
    const image = await setup.signed('unavailable');
    await setup.attach(image, scanType, trivy(now, { ArtifactName: 'unavailable' }));
    const late = await setup.attach(image, sbomType, { bomFormat: 'CycloneDX' }, null);
    const failing = (code: 'ERR_OCI_INVALID' | 'ERR_OCI_NOT_FOUND'): Repository => ({
      ...setup.repository,
      fetch(descriptor, options) {
        if (descriptor.digest === late.digest) throw new OciError(code, 'not now');
        return setup.repository.fetch(descriptor, options);
      },
    });
    const policy = setup.policy();
    const unavailable = await decide(image, policy, failing('ERR_OCI_INVALID'));
    expect(codes(unavailable)).toEqual(['REGISTRY_UNAVAILABLE']);
    expect(unavailable.outcomes.find(({ level }) => level === 'deny')?.message).toMatch(/^ERR_OCI_INVALID: /);
    const missing = await decide(image, policy, failing('ERR_OCI_NOT_FOUND'));
    expect([missing.verdict, missing.evidence.ignored.map(({ manifest }) => manifest)]).toEqual([
      'ALLOW',
      expect.arrayContaining([late.digest]),
    ]);
  });

  it('GV8 denies when a signature of evidence cannot be fetched now: it is not unsigned', async () => {
    const image = await setup.signed('a signature is missed');
    await setup.attach(image, scanType, trivy(new Date(now.getTime() - hour)));
    const worse = { VulnerabilityID: 'CVE-2026-1', PkgName: 'x', InstalledVersion: '1', Severity: 'CRITICAL' };
    const late = await setup.attach(
      image,
      scanType,
      trivy(now, { Results: [{ Target: 'x', Class: 'os-pkgs', Vulnerabilities: [worse] }] }),
    );
    expect(codes(await decide(image))).toEqual(['VULN_SEVERITY']);
    for await (const signature of setup.repository.referrers(late)) {
      const { manifest } = await openGraph(setup.repository).manifest(signature);
      const layers = manifest.kind === 'image' ? manifest.layers : [];
      const failing = (lost: Descriptor['digest']): Repository => ({
        ...setup.repository,
        fetch(descriptor, options) {
          if (descriptor.digest !== lost) return setup.repository.fetch(descriptor, options);
          throw new RegistryError('ERR_REGISTRY_UNAVAILABLE', 'come back later');
        },
      });
      for (const lost of [signature.digest, ...layers.map(({ digest }) => digest)]) {
        const decision = await decide(image, scanPolicy, failing(lost));
        expect([decision.verdict, codes(decision)]).toEqual(['DENY', ['REGISTRY_UNAVAILABLE']]);
      }
    }
  });

  it('GV9 a scan whose signer cannot be judged now denies: left out, an older one would decide', async () => {
    const image = await setup.signed('undecided');
    await setup.attach(image, scanType, trivy(new Date(now.getTime() - hour)), { signer: setup.build.signer });
    const Vulnerabilities = [
      { VulnerabilityID: 'CVE-2026-1', PkgName: 'a', InstalledVersion: '1', Severity: 'CRITICAL' },
    ];
    const Results = [{ Target: 'x', Class: 'os-pkgs', Vulnerabilities }];
    await setup.attach(image, scanType, trivy(now, { Results }));
    const policy = setup.policy({ scan: { ...scan, signedBy: ['scanner', 'build'] } });
    const decideWith = (scanner: 'notRevocable' | 'unavailable') => {
      const statusOf = (certificate: Certificate) =>
        formatName(certificate.subject).includes('CN=scanner') ? scanner : ('notRevocable' as const);
      const revocation: RevocationChecker = {
        check: async (chain) =>
          chain.map((certificate) => ({ certificate, status: statusOf(certificate), evidence: [] })),
      };
      const trust = { ...setup.trust({ level: 'strict' }), revocation };
      return decisionOf(setup.repository, image, { policy, trust, now });
    };
    expect(codes(await decideWith('notRevocable'))).toEqual(['VULN_SEVERITY']);
    expect(codes(await decideWith('unavailable'))).toEqual(['EVIDENCE_UNDECIDED']);
  });

  it('GV5 the time of the gate is the time of the signatures', async () => {
    const tomorrow = new Date(Math.floor(now.getTime() / 1000) * 1000 + 24 * hour);
    const image = await setup.signed('for one day', { expiry: tomorrow });
    await setup.attach(image, scanType, trivy(now));
    const at = (hours: number) => new Date(now.getTime() + hours * hour);
    const verdict = async (options: object): Promise<string> =>
      (await decisionOf(setup.repository, image, { policy: scanPolicy, trust: setup.trust(), ...options })).verdict;
    expect(await verdict({ now: at(1) })).toBe('ALLOW');
    expect(await verdict({ now: at(48) })).toBe('DENY');
    expect(await verdict({ now: () => at(48) })).toBe('DENY');
    expect(await verdict({ trust: { ...setup.trust(), now: at(48) } })).toBe('DENY');
    expect(await verdict({ trust: { ...setup.trust(), now: at(48) }, now: at(1) })).toBe('ALLOW');
  });

  it('GV6 a scan that is made now is judged at the time at which it is there', async () => {
    const image = await setup.signed('scanned late');
    let time = now;
    const rescan = async (): Promise<void> => {
      time = new Date(now.getTime() + 6 * 60_000);
      await setup.attach(image, scanType, trivy(time), { now: time });
    };
    const policy = setup.policy({ scan: { ...scan, onMissing: 'rescan' } });
    const options = { policy, trust: setup.trust(), now: () => time, rescan };
    const decision = await decisionOf(setup.repository, image, options);
    expect([decision.verdict, decision.evaluatedAt]).toEqual(['ALLOW', time]);
  });

  it('an image asks for a scan, for a newer one, and is then judged by the newest', async () => {
    const image = await setup.signed('through its life');
    const policy = setup.policy({
      scan: { ...scan, block: { severityAtOrAbove: 'critical' }, onMissing: 'rescan', onStale: 'rescan' },
    });
    const said = async () => {
      const { verdict, outcomes } = await decide(image, policy);
      return [verdict, outcomes.filter(({ level }) => level === 'rescan' || level === 'deny').map(({ code }) => code)];
    };
    const found = (severity: string, made: Date) =>
      setup.attach(image, scanType, {
        ...trivy(made),
        Results: [
          {
            Target: 'x',
            Class: 'os-pkgs',
            Vulnerabilities: [
              { VulnerabilityID: 'CVE-1', PkgName: 'openssl', InstalledVersion: '1.1.1c', Severity: severity },
            ],
          },
        ],
      });
    expect(await said()).toEqual(['RESCAN', ['SCAN_MISSING']]);
    await found('MEDIUM', new Date(now.getTime() - 20 * 24 * hour));
    expect(await said()).toEqual(['RESCAN', ['SCAN_STALE']]);
    await found('MEDIUM', new Date(now.getTime() - 2 * hour));
    expect(await said()).toEqual(['ALLOW', []]);
    await found('CRITICAL', new Date(now.getTime() - hour));
    expect(await said()).toEqual(['DENY', ['VULN_SEVERITY']]);
    await setup.attach(image, scanType, trivy(now));
    expect(await said()).toEqual(['ALLOW', []]);
  });

  it.each([
    ['strict', { level: 'strict', override: { revocation: 'skip' } }],
    ['expiry logged', { level: 'strict', override: { revocation: 'skip', expiry: 'log' } }],
    ['permissive', { level: 'permissive', override: { revocation: 'skip' } }],
  ])('GV7 evidence with expired signatures counts as absent: %s', async (name, verification) => {
    const image = await setup.signed(name);
    const past = new Date(Math.floor(now.getTime() / 1000) * 1000 - 48 * hour);
    const ended = { now: past, expiry: new Date(past.getTime() + hour) };
    await setup.attach(image, scanType, trivy(now), ended);
    await setup.attach(
      image,
      sbomType,
      { bomFormat: 'CycloneDX', specVersion: '1.5', components: [{ name: 'x' }] },
      ended,
    );
    const policy = setup.policy({ scan, sbom: { signedBy: ['scanner'] } });
    const decision = await decisionOf(setup.repository, image, { policy, trust: setup.trust(verification), now });
    expect([decision.verdict, [...codes(decision)].sort()]).toEqual(['DENY', ['SBOM_MISSING', 'SCAN_MISSING']]);
  });

  it('the report of a decision contains its proof', async () => {
    const image = await setup.image('proven');
    await setup.attach(image, scanType, trivy(now));
    const index = await setup.index([image]);
    const report = JSON.parse(formatDecision(await decide(index))) as { proof: object };
    expect(report.proof).toMatchObject({
      by: 'evidence',
      platforms: [{ digest: image.digest, platform: 'linux/amd64' }],
    });
  });
});

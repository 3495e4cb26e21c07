import { openGraph } from '@notarykit/artifact-graph';
import type { Descriptor, Repository } from '@notarykit/oci';
import { decide, explainDecision, type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { collectEvidence } from 'notarykit';
import { describe, expect, test } from 'vitest';
import { createGateLab, deniedFor, type GateLab, labNow, policyOf, requestOf } from './gate-lab.ts';

const sbomType = 'application/vnd.cyclonedx+json';
const scanType = 'application/vnd.aquasec.trivy+json';

const cyclonedx = (...purls: string[]): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: purls.map((purl) => ({ type: 'library', name: /\/([^/@]+)@/.exec(purl)?.[1] ?? purl, purl })),
  });

const trivy = (time: string | undefined, findings: object[] = [], extra: object = {}): string =>
  JSON.stringify({
    SchemaVersion: 2,
    ...(time === undefined ? {} : { CreatedAt: time }),
    ArtifactName: 'app',
    Metadata: { OS: { Family: 'debian', Name: '12' } },
    Results: [{ Target: 'app', Class: 'os-pkgs', Type: 'debian', Vulnerabilities: findings }],
    ...extra,
  });

const critical = (id: string, more: object = {}): object => ({
  VulnerabilityID: id,
  PkgName: 'zlib1g',
  InstalledVersion: '1:1.2.13',
  Severity: 'CRITICAL',
  PkgIdentifier: { PURL: 'pkg:deb/debian/zlib1g@1.2.13?epoch=1' },
  ...more,
});

const blockLog4j = policyOf({
  sbom: {
    signedBy: ['build'],
    blockPackages: [
      { id: 'log4shell', purl: 'pkg:maven/org.apache.logging.log4j/log4j-core', versions: 'vers:maven/<2.17.1' },
    ],
  },
});
const scanPolicy = (more: object = {}): unknown =>
  policyOf({
    scan: { signedBy: ['scanner'], maxAge: '7d', block: { severityAtOrAbove: 'critical' }, ...more },
  });

const clean = cyclonedx('pkg:deb/debian/curl@8.1.0');
const bad = cyclonedx('pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1');
const yesterday = '2026-11-23T12:00:00Z';

interface Attack {
  readonly name: string;
  readonly policy: unknown;
  readonly codes: readonly string[];
  readonly ignored?: readonly string[];
  build(lab: GateLab): Promise<unknown>;
}

const attacks: readonly Attack[] = [
  {
    name: 'G1 an unsigned SBOM beside a signed one neither helps nor blocks (Ratify takes the first)',
    policy: blockLog4j,
    codes: [],
    ignored: ['EVIDENCE_UNSIGNED'],
    async build(lab) {
      await lab.attach(sbomType, bad, { signedBy: null });
      await lab.attach(sbomType, clean);
    },
  },
  {
    name: 'G1 an SBOM of a foreign signer is not the SBOM',
    policy: blockLog4j,
    codes: ['SBOM_MISSING'],
    ignored: ['EVIDENCE_UNTRUSTED'],
    build: (lab) => lab.attach(sbomType, clean, { signedBy: 'scanner' }),
  },
  {
    name: 'G1 a newer clean scan of an untrusted key does not win (Ratify picks by annotation, then verifies)',
    policy: scanPolicy(),
    codes: ['VULN_SEVERITY'],
    ignored: ['EVIDENCE_UNTRUSTED'],
    async build(lab) {
      await lab.attach(scanType, trivy(yesterday, [critical('CVE-2026-1')]), { signedBy: 'scanner' });
      await lab.attach(scanType, trivy('2026-11-24T11:00:00Z'), { signedBy: 'security' });
    },
  },
  {
    name: 'G1 a failing scan of an untrusted key does not block (Kyverno stops at the first of the type)',
    policy: scanPolicy(),
    codes: [],
    ignored: ['EVIDENCE_UNSIGNED'],
    async build(lab) {
      await lab.attach(scanType, trivy('2026-11-24T11:00:00Z', [critical('CVE-2026-1')]), { signedBy: null });
      await lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner' });
    },
  },
  {
    name: 'G2 of two trusted SBOMs, one with a blocked package denies',
    policy: blockLog4j,
    codes: ['PACKAGE_BLOCKED'],
    async build(lab) {
      await lab.attach(sbomType, clean);
      await lab.attach(sbomType, bad);
    },
  },
  {
    name: 'G2 a newer trusted scan replaces an older one (users want the latest, not the first)',
    policy: scanPolicy(),
    codes: [],
    async build(lab) {
      await lab.attach(scanType, trivy('2026-11-20T00:00:00Z', [critical('CVE-2026-1')]), { signedBy: 'scanner' });
      await lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner' });
    },
  },
  {
    name: 'G3 a scan one second too old',
    policy: scanPolicy(),
    codes: ['SCAN_STALE'],
    build: (lab) => lab.attach(scanType, trivy('2026-11-17T11:59:59Z'), { signedBy: 'scanner' }),
  },
  {
    name: 'G3 a scan of exactly the limit passes',
    policy: scanPolicy(),
    codes: [],
    build: (lab) => lab.attach(scanType, trivy('2026-11-17T12:00:00Z'), { signedBy: 'scanner' }),
  },
  {
    name: 'G3 a scan from the future (Ratify lets it pass for ever)',
    policy: scanPolicy(),
    codes: ['SCAN_TIME_IN_FUTURE'],
    build: (lab) => lab.attach(scanType, trivy('2027-11-17T12:00:00Z'), { signedBy: 'scanner' }),
  },
  {
    name: 'G3 a scan without a date',
    policy: scanPolicy(),
    codes: ['SCAN_TIME_MISSING'],
    build: (lab) => lab.attach(scanType, trivy(undefined), { signedBy: 'scanner' }),
  },
  {
    name: 'G3 a claimed signing time proves nothing where the policy wants an authentic one',
    policy: scanPolicy({ timeEvidence: 'authentic' }),
    codes: ['SCAN_TIME_NOT_AUTHENTIC'],
    build: (lab) => lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner', signature: { time: labNow } }),
  },
  {
    name: 'G3 a report that is newer than the timestamp over it',
    policy: scanPolicy(),
    codes: ['SCAN_TIME_INCONSISTENT'],
    build: (lab) =>
      lab.attach(scanType, trivy(yesterday), {
        signedBy: 'scanner',
        signature: { time: new Date('2026-11-22T00:00:00Z'), timeKind: 'rfc3161' },
      }),
  },
  {
    name: 'an SBOM of another image',
    policy: blockLog4j,
    codes: ['SBOM_MISSING'],
    ignored: ['SBOM_SUBJECT_MISMATCH'],
    build: (lab) =>
      lab.attach(
        sbomType,
        JSON.stringify({
          bomFormat: 'CycloneDX',
          specVersion: '1.6',
          metadata: { component: { type: 'container', name: 'x', version: `sha256:${'b2'.repeat(32)}` } },
          components: [{ type: 'library', name: 'curl' }],
        }),
      ),
  },
  {
    name: 'a document of the wrong kind under an SBOM type',
    policy: blockLog4j,
    codes: ['MEDIA_TYPE_MISMATCH'],
    build: (lab) => lab.attach(sbomType, trivy(yesterday)),
  },
  {
    name: 'a blocked package in the second layer (Ratify returns after the first)',
    policy: blockLog4j,
    codes: ['PACKAGE_BLOCKED'],
    build: (lab) => lab.attach(sbomType, clean, { more: [bad] }),
  },
  {
    name: 'G5 XML with a document type',
    policy: blockLog4j,
    codes: ['SBOM_UNREADABLE'],
    build: (lab) =>
      lab.attach(
        'application/vnd.cyclonedx+xml',
        '<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><components><component type="library"><name>&x;</name></component></components></bom>',
      ),
  },
  {
    name: 'G5 a document that is larger than allowed',
    policy: { ...(blockLog4j as object), limits: { documentBytes: 1024 } },
    codes: ['LIMIT_EXCEEDED'],
    build: (lab) => lab.attach(sbomType, `${clean}${' '.repeat(2000)}`),
  },
  {
    name: 'G5 more referrers than are looked at',
    policy: { ...(blockLog4j as object), limits: { referrers: 2 } },
    codes: ['LIMIT_EXCEEDED'],
    async build(lab) {
      for (let i = 0; i < 4; i++)
        await lab.attach(sbomType, cyclonedx(`pkg:deb/debian/p${i}@1`), { signedBy: 'build' });
    },
  },
  {
    name: 'a listed id that only an alias has',
    policy: scanPolicy({ block: { ids: ['DSA-1-1'] } }),
    codes: ['VULN_LISTED'],
    build: (lab) =>
      lab.attach(scanType, trivy(yesterday, [critical('CVE-2026-1', { VendorIDs: ['DSA-1-1'] })]), {
        signedBy: 'scanner',
      }),
  },
  {
    name: 'G7 a package without version under a blocked range',
    policy: blockLog4j,
    codes: ['PACKAGE_VERSION_UNKNOWN'],
    build: (lab) =>
      lab.attach(
        sbomType,
        JSON.stringify({
          bomFormat: 'CycloneDX',
          specVersion: '1.6',
          components: [{ type: 'library', name: 'log4j-core', purl: 'pkg:maven/org.apache.logging.log4j/log4j-core' }],
        }),
      ),
  },
  {
    name: 'G7 a licence list over packages without a licence (Kyverno passes what has no such field)',
    policy: policyOf({ sbom: { signedBy: ['build'], licenses: { allow: ['MIT'], unknown: 'deny' } } }),
    codes: ['LICENSE_UNKNOWN'],
    build: (lab) => lab.attach(sbomType, clean),
  },
  {
    name: 'G7 coverage that nothing shows',
    policy: scanPolicy(),
    codes: ['SCAN_COVERAGE_UNKNOWN'],
    build: (lab) => lab.attach(scanType, trivy(yesterday, [], { Metadata: {} }), { signedBy: 'scanner' }),
  },
  {
    name: 'G7 a database age that no report tells',
    policy: scanPolicy({ dbMaxAge: '5d' }),
    codes: ['SCAN_DB_UNKNOWN'],
    build: (lab) => lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner' }),
  },
  {
    name: 'a scanner that must report and has not',
    policy: scanPolicy({ scanners: ['trivy', 'grype'] }),
    codes: ['SCAN_MISSING'],
    build: (lab) => lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner' }),
  },
];

/** The lab's repository, with another list of referrers. */
const listing = ({ repository }: GateLab, referrers: Repository['referrers']): Repository => ({
  ...repository,
  referrers,
});

describe('attacks on the gate', () => {
  test.for(attacks)('$name', async ({ build, policy, codes, ignored }) => {
    const lab = await createGateLab();
    await build(lab);
    const decision = await lab.decide(policy);
    expect(deniedFor(decision)).toEqual(codes);
    expect(decision.verdict).toBe(codes.length === 0 ? 'ALLOW' : 'DENY');
    if (ignored !== undefined) expect(decision.evidence.ignored.map(({ code }) => code)).toEqual(ignored);
  });

  test('G1 a referrer whose manifest names another subject is ignored', async () => {
    const lab = await createGateLab();
    const other = await lab.attach(sbomType, clean, { signedBy: null });
    const misplaced = await lab.attach(sbomType, clean, { subject: other });
    const policy = parseGatePolicy(JSON.stringify(blockLog4j));
    const lying = listing(lab, async function* () {
      yield misplaced;
    });
    const evidence = await collectEvidence(openGraph(lying), lab.image, { policy, verify: lab.verify });
    expect(evidence.ignored.map(({ code }) => code)).toEqual(['EVIDENCE_SUBJECT_MISMATCH']);
    expect(deniedFor(decide(evidence, requestOf(policy), labNow))).toEqual(['SBOM_MISSING']);
  });

  test('G4 spellings of a blocked package, and none of a harmless one', async () => {
    const spellings = [
      'pkg:npm/%40Evil/Lib@1.0.0',
      'pkg:npm/%40evil%2Flib@1.0.0',
      'pkg:NPM/@evil/lib@1.0.0',
      'pkg:npm/%40evil/lib@1.0.0?a=b#c',
    ];
    const policy = policyOf({ sbom: { signedBy: ['build'], blockPackages: [{ purl: 'pkg:npm/%40evil/lib' }] } });
    for (const purl of spellings) {
      const lab = await createGateLab();
      await lab.attach(sbomType, cyclonedx(purl));
      expect([purl, deniedFor(await lab.decide(policy))]).toEqual([purl, ['PACKAGE_BLOCKED']]);
    }
    const lab = await createGateLab();
    await lab.attach(sbomType, cyclonedx('pkg:npm/%40good/lib@1.0.0', 'pkg:pypi/lib@1.0.0'));
    expect(deniedFor(await lab.decide(policy))).toEqual([]);
  });

  test('G6 patterns are matched in linear time, whatever the names', async () => {
    const lab = await createGateLab();
    const name = 'a'.repeat(4000);
    await lab.attach(
      sbomType,
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ type: 'library', name }] }),
    );
    const pattern = `${'a*'.repeat(200)}b`;
    // A matcher that goes back would not end within the time that a test has.
    const decision = await lab.decide(
      policyOf({ sbom: { signedBy: ['build'], blockPackages: [{ name: pattern }, { name: '(a+)+$' }] } }),
    );
    expect(deniedFor(decision)).toEqual([]);
  });

  test('G7 a rule of the caller that throws denies', async () => {
    const lab = await createGateLab();
    const decision = await lab.decide(policyOf({}), {
      rules: [
        {
          name: 'broken',
          evaluate: () => {
            throw new Error('no such member');
          },
        },
      ],
    });
    expect(deniedFor(decision)).toEqual(['RULE_FAILED']);
    expect(explainDecision(decision)).toContain('could not decide');
  });

  test('7.17 a registry that hides the newest bad scan', async () => {
    const lab = await createGateLab();
    await lab.attach(scanType, trivy('2026-11-20T00:00:00Z'), { signedBy: 'scanner' });
    const newest = await lab.attach(scanType, trivy(yesterday, [critical('CVE-2026-1')]), { signedBy: 'scanner' });
    const before = await lab.decide(scanPolicy());
    expect(deniedFor(before)).toEqual(['VULN_SEVERITY']);
    const seen = before.evidence.used.map(({ manifest }) => manifest);
    expect(seen).toContain(newest.digest);
    const hiding = listing(lab, async function* (subject: Descriptor) {
      for await (const one of lab.repository.referrers(subject)) if (one.digest !== newest.digest) yield one;
    });
    const policy = parseGatePolicy(JSON.stringify(scanPolicy()));
    const evidence = await collectEvidence(openGraph(hiding), lab.image, { policy, verify: lab.verify });
    // Without a memory the older report stands for as long as it is fresh: `maxAge` is the bound.
    expect(deniedFor(decide(evidence, requestOf(policy), labNow))).toEqual([]);
    expect(deniedFor(decide(evidence, requestOf(policy), new Date('2026-11-27T00:00:01Z')))).toEqual(['SCAN_STALE']);
    const decision = decide(evidence, { ...requestOf(policy), seen }, labNow);
    expect(deniedFor(decision)).toEqual(['EVIDENCE_WITHHELD']);
    expect(explainDecision(decision)).toContain(newest.digest);
  });

  test('7.17 evidence that was seen and no longer counts is not reported as withheld', async () => {
    const lab = await createGateLab();
    const unsigned = await lab.attach(scanType, trivy(yesterday), { signedBy: null });
    await lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner' });
    const policy = parseGatePolicy(JSON.stringify(scanPolicy()));
    const evidence = await collectEvidence(openGraph(lab.repository), lab.image, { policy, verify: lab.verify });
    expect(deniedFor(decide(evidence, { ...requestOf(policy), seen: [unsigned.digest] }, labNow))).toEqual([]);
  });

  test('7.18 the decision names every byte it rests on by digest', async () => {
    const lab = await createGateLab();
    const attached = [
      await lab.attach(sbomType, clean),
      await lab.attach(scanType, trivy(yesterday), { signedBy: 'scanner' }),
    ];
    const decision = await lab.decide({
      ...(scanPolicy() as object),
      ...{ sbom: (blockLog4j as { sbom: object }).sbom },
    });
    expect(decision.verdict).toBe('ALLOW');
    expect(decision.image.digest).toBe(lab.image.digest);
    expect(decision.evidence.used.map(({ manifest }) => manifest).sort()).toEqual(
      attached.map(({ digest }) => digest).sort(),
    );
    for (const used of decision.evidence.used) {
      expect(used.target).toBe(lab.image.digest);
      expect(used.signatures.length).toBeGreaterThan(0);
    }
  });

  test('7.19 a build key does not make scans, and a production key does not vouch for what it promotes', async () => {
    const lab = await createGateLab();
    await lab.attach(scanType, trivy(yesterday), { signedBy: 'build' });
    const decision = await lab.decide(scanPolicy());
    expect(deniedFor(decision)).toEqual(['SCAN_MISSING']);
    expect(decision.evidence.ignored.map(({ code }) => code)).toEqual(['EVIDENCE_UNTRUSTED']);
    const confused = parseGatePolicy(
      JSON.stringify({ ...(scanPolicy() as object), output: { promote: { signWith: 'scanner' } } }),
    );
    expect(confused.warnings.map(({ pointer }) => pointer)).toContain('/output/promote/signWith');
    const evidence = await collectEvidence(openGraph(lab.repository), lab.image, {
      policy: confused,
      verify: lab.verify,
    });
    expect(decide(evidence, requestOf(confused), labNow).outcomes.map(({ code }) => code)).toContain('POLICY_WARNING');
  });

  test('an image without a trusted signature', async () => {
    const lab = await createGateLab();
    const policy = { ...(policyOf({}) as object), image: { signedBy: ['scanner'] } };
    expect(deniedFor(await lab.decide(policy))).toEqual(['IMAGE_UNTRUSTED']);
  });

  test('the text of a denial names package, rule, place, signer and what to do', async () => {
    const lab = await createGateLab();
    await lab.attach(sbomType, bad);
    await lab.attach(scanType, trivy(yesterday, [critical('CVE-2026-1', { FixedVersion: '1:1.2.13+deb12u1' })]), {
      signedBy: 'scanner',
    });
    const decision: GateDecision = await lab.decide({
      ...(scanPolicy() as object),
      ...{ sbom: (blockLog4j as { sbom: object }).sbom },
    });
    const text = explainDecision(decision);
    for (const part of [
      'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1 is blocked by rule "log4shell" (vers:maven/<2.17.1)',
      'at /components/0, signed by build',
      'to do: remove or update the package, or change that rule of sbom.blockPackages',
      'CVE-2026-1 in pkg:deb/debian/zlib1g@1.2.13 is critical, and critical or worse blocks; fixed in 1:1.2.13+deb12u1',
      'scanner (CN=scanner; statement scanner)',
    ])
      expect(text).toContain(part);
  });
});

import { type GateDecision, type GateOutcome, parseGatePolicy, parsePurl } from '@notarykit/sbom-gate';
import { typeProblem } from '@notarykit/sbom-gate/internal';
import { expect, test } from 'vitest';
import { createGateLab, deniedFor, policyOf } from './gate-lab.ts';

interface Written {
  readonly purl: string;
  readonly name?: string;
  readonly group?: string;
  readonly version?: string;
}

const cyclonedx = (...components: readonly Written[]): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: components.map((one) => ({ type: 'library', name: 'plain', ...one })),
  });

async function decideOn(components: readonly Written[], sbom: object, blocks: object = {}): Promise<GateDecision> {
  const lab = await createGateLab();
  await lab.attach('application/vnd.cyclonedx+json', cyclonedx(...components));
  return lab.decide(policyOf({ sbom: { signedBy: ['build'], ...sbom }, ...blocks }));
}

const outcomesOf = ({ outcomes }: GateDecision, code: string): readonly GateOutcome[] =>
  outcomes.filter((outcome) => outcome.code === code);

/** Written by Syft, Trivy, Grype, Dependency-Track and others, each against a rule of its type. */
const odd: readonly (readonly [purl: string, name: string, part: string])[] = [
  ['pkg:golang/stdlib@1.21.3', 'stdlib', 'namespace'],
  ['pkg:golang/stdlib@v1.21.3', 'stdlib', 'namespace'],
  ['pkg:golang/go.opencensus.io@v0.24.0', 'go.opencensus.io', 'namespace'],
  ['pkg:golang/docker@v24.0.0', 'docker', 'namespace'],
  ['pkg:maven/spring-boot-app@1.0', 'spring-boot-app', 'namespace'],
  ['pkg:deb/curl@7.1', 'curl', 'namespace'],
  ['pkg:composer/wordpress@6.0', 'wordpress', 'namespace'],
  ['pkg:github/actions@v1', 'actions', 'namespace'],
  ['pkg:cpan/Foo-Bar@1', 'Foo-Bar', 'namespace'],
  ['pkg:swift/HAKit@unspecified', 'HAKit', 'namespace'],
  ['pkg:swift/github.com/home-assistant/HAKit', 'HAKit', 'version'],
  ['pkg:cran/ggplot2', 'ggplot2', 'version'],
  ['pkg:hackage/aeson', 'aeson', 'version'],
  ['pkg:oci/example.com/app@1.0', 'app', 'namespace'],
  ['pkg:cargo/rust-lang/libc@1.0', 'libc', 'namespace'],
  ['pkg:pypi/simple/requests@2.0', 'requests', 'namespace'],
  ['pkg:swid/Acme/Server@1.0', 'Server', 'qualifiers'],
];

test.for(odd)('GU1 %s is read, and blocked by its name', async ([purl, name, part]) => {
  expect(() => parsePurl(purl)).toThrow(expect.objectContaining({ code: 'ERR_GATE_SYNTAX' }));
  const read = parsePurl(purl, { typeRules: 'leave' });
  expect([read.name, typeProblem(read)?.part]).toEqual([name, part]);

  const harmless = await decideOn([{ purl, name }], { blockPackages: [{ purl: 'pkg:npm/event-stream' }] });
  expect(deniedFor(harmless)).toEqual([]);
  const [warning] = outcomesOf(harmless, 'PURL_TYPE_RULE');
  expect(warning).toMatchObject({ level: 'warn', evidence: { pointer: '/components/0' } });
  expect(warning?.message).toContain(purl.split('@')[0]);

  const bare = `pkg:${read.type}/${read.namespace === undefined ? '' : `${read.namespace}/`}${name}`;
  for (const rule of [{ purl: bare }, { name, type: read.type }, { name }])
    expect([rule, deniedFor(await decideOn([{ purl }], { blockPackages: [rule] }))]).toEqual([
      rule,
      ['PACKAGE_BLOCKED'],
    ]);
});

test('GU1 a block rule matches a package without its namespace, or with a namespace in a wrong place', async () => {
  const cases: readonly (readonly [purl: string, rule: string])[] = [
    ['pkg:maven/log4j-core@2.14.0', 'pkg:maven/org.apache.logging.log4j/log4j-core'],
    ['pkg:maven/org.apache.logging.log4j/log4j-core@2.14.0', 'pkg:maven/log4j-core'],
    ['pkg:deb/xz-utils@5.6.0', 'pkg:deb/debian/xz-utils'],
    ['pkg:deb/debian/xz-utils@5.6.0', 'pkg:deb/xz-utils'],
    ['pkg:pypi/simple/requests@2.0', 'pkg:pypi/requests'],
    ['pkg:oci/example.com/app@1.0', 'pkg:oci/app'],
    ['pkg:golang/github.com%2Fevil%2Flib@v1', 'pkg:golang/github.com/evil/lib'],
    ['pkg:golang/github.com%2Fevil%2Flib@v1', 'pkg:golang/lib'],
  ];
  for (const [purl, rule] of cases) {
    const decision = await decideOn([{ purl }], { blockPackages: [{ purl: rule }] });
    expect([purl, rule, deniedFor(decision)]).toEqual([purl, rule, ['PACKAGE_BLOCKED']]);
  }
});

test('GU1 the group of a component counts where its package URL tells no namespace', async () => {
  const component = { purl: 'pkg:maven/core@1.0', group: 'org.evil', name: 'core' };
  const decision = await decideOn([component], { blockPackages: [{ name: 'org.evil/*' }] });
  expect(deniedFor(decision)).toEqual(['PACKAGE_BLOCKED']);
});

test('GU1 an encoded slash hides no name', async () => {
  const decision = await decideOn([{ purl: 'pkg:generic/evil%2Flib@1' }], { blockPackages: [{ name: 'lib' }] });
  expect(deniedFor(decision)).toEqual(['PACKAGE_BLOCKED']);
});

test('GU2 exceptions match a package only as it is written', async () => {
  const wanted = async (purl: string, rule: string): Promise<readonly string[]> =>
    deniedFor(await decideOn([{ purl, name: 'stdlib' }], { requirePackages: [{ purl: rule }] }));
  expect(await wanted('pkg:golang/stdlib@1.21.3', 'pkg:golang/stdlib')).toEqual([]);
  expect(await wanted('pkg:golang/github.com/evil/stdlib@1.21.3', 'pkg:golang/stdlib')).toEqual([
    'PACKAGE_REQUIRED_MISSING',
  ]);
  expect(await wanted('pkg:golang/stdlib@1.21.3', 'pkg:golang/std/stdlib')).toEqual(['PACKAGE_REQUIRED_MISSING']);
});

test('GU2 a group that the package URL does not tell excepts nothing', async () => {
  const exceptions = [
    {
      id: 'block',
      rule: 'package',
      packages: [{ name: 'org.good/core' }],
      reason: 'looked at by hand',
      expires: '2027-01-01T00:00:00Z',
    },
  ];
  const component = { purl: 'pkg:maven/core@1.0', group: 'org.good', name: 'core' };
  const sbom = { blockPackages: [{ id: 'block', name: 'core' }] };
  expect(deniedFor(await decideOn([component], sbom, { exceptions }))).toEqual(['PACKAGE_BLOCKED']);
});

const scanOf = (purl: string): string =>
  JSON.stringify({
    SchemaVersion: 2,
    CreatedAt: '2026-11-24T10:00:00Z',
    ArtifactName: 'app',
    Results: [
      {
        Class: 'lang-pkgs',
        Type: 'gobinary',
        Vulnerabilities: [
          {
            VulnerabilityID: 'CVE-2023-39325',
            PkgName: 'stdlib',
            InstalledVersion: 'v1.21.1',
            PkgIdentifier: { PURL: purl },
            Severity: 'CRITICAL',
          },
        ],
      },
    ],
  });

const scan = { signedBy: ['build'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'critical' } };

test('VEX statements and exceptions name the standard library of Go', async () => {
  const purl = 'pkg:golang/stdlib@v1.21.1';
  const lab = await createGateLab();
  await lab.attach('application/vnd.trivy', scanOf(purl), { mediaType: 'application/json' });
  expect(deniedFor(await lab.decide(policyOf({ scan })))).toEqual(['VULN_SEVERITY']);

  const exception = {
    id: 'CVE-2023-39325',
    packages: [{ purl: 'pkg:golang/stdlib' }],
    reason: 'no server in this image',
    expires: '2027-01-01T00:00:00Z',
  };
  expect(deniedFor(await lab.decide(policyOf({ scan, exceptions: [exception] })))).toEqual([]);

  const statement = {
    vulnerability: { name: 'CVE-2023-39325' },
    products: [{ '@id': purl }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
  };
  const head = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    author: 'a',
    timestamp: '2026-11-24T11:00:00Z',
    version: 1,
  };
  await lab.attach('application/vnd.openvex', JSON.stringify({ ...head, statements: [statement] }), {
    mediaType: 'application/vnd.openvex+json',
  });
  expect(deniedFor(await lab.decide(policyOf({ scan, vex: { signedBy: ['build'] } })))).toEqual([]);
});

test('versions of the standard library are compared, however they are written', async () => {
  const rule = { purl: 'pkg:golang/stdlib', versions: 'vers:golang/<1.21.4' };
  const judged = async (purl: string, version: string): Promise<readonly string[]> =>
    deniedFor(await decideOn([{ purl, name: 'stdlib', version }], { blockPackages: [rule] }));
  expect(await judged('pkg:golang/stdlib@1.21.3', 'go1.21.3')).toEqual(['PACKAGE_BLOCKED']);
  expect(await judged('pkg:golang/stdlib@v1.21.4', 'v1.21.4')).toEqual([]);
  expect(await judged('pkg:golang/stdlib@1.21.4', 'go1.21.4')).toEqual([]);
  expect(await judged('pkg:golang/stdlib@1.21rc2', 'go1.21rc2')).toEqual(['PACKAGE_BLOCKED']);
  expect(await judged('pkg:golang/stdlib@1.22rc10', 'go1.22rc10')).toEqual([]);
  expect(await judged('pkg:golang/stdlib@unknown', 'unknown')).toEqual(['PACKAGE_VERSION_UNKNOWN']);
});

/** None is a package URL; each could be read as one of the name by somebody. */
const unreadable = [
  'npm/event-stream@1',
  'pkg:event-stream@1',
  'pkg%3Anpm/event-stream@1',
  'pkg:n&pm/event-stream@1',
  'pkg:%6Epm/event-stream@1',
  'pkg:npm/event-stream/@1.0',
  'pkg:npm/event-stream%00@1',
  'pkg:npm/event%E2%80%8B-stream@1',
  'pkg:npm/event\u200b-stream@1',
  'pkg:npm/event%ZZ-stream@1',
  'pkg:npm/event%F0-stream@1',
  'pkg:npm/event%-stream@1',
  'pkg:npm/event%F-stream@1',
  'pkg:npm/%2565vent-stream%00',
  'pkg:npm/%65vent%2Dstream%00@1',
  'pkg:npm/EVENT_STREAM%00@1',
  'pkg:npm/\uff45vent-stream%00@1',
  'pkg:npm/other@1?a=event-stream&a=2',
  'pkg:npm/other%00@1?upstream=event-stream',
  `pkg:npm/${'x'.repeat(5000)}`,
];

test.for(unreadable)('GU3 a rule may be about %s', async (purl) => {
  for (const rule of [
    { id: 'r', purl: 'pkg:npm/event-stream' },
    { id: 'r', name: 'event-str*' },
  ]) {
    const decision = await decideOn([{ purl }], { blockPackages: [{ purl: 'pkg:deb/debian/xz-utils' }, rule] });
    expect(deniedFor(decision)).toEqual(['PURL_INVALID']);
    const [outcome] = outcomesOf(decision, 'PURL_INVALID');
    expect(outcome).toMatchObject({ level: 'deny', package: 'plain', evidence: { pointer: '/components/0' } });
    expect(outcome?.message).toContain('rule "r"');
    expect(outcome?.message).toContain(JSON.stringify(purl).slice(1, 12));
  }
});

test('a package URL that no rule can be about denies nothing, and is shown', async () => {
  const rules = [{ purl: 'pkg:npm/event-stream' }, { name: 'telnetd*' }, { purl: 'pkg:deb/debian/xz-utils' }];
  for (const purl of [
    'pkg:npm/left%ZZpad@1',
    'pkg:3nginx/nginx@0.8.9',
    'pkg:pypi/xz-utils%00@1',
    'pkg:maven/@1.3.4',
    'pkg:',
  ]) {
    const decision = await decideOn([{ purl }], { blockPackages: rules });
    expect(deniedFor(decision)).toEqual([]);
    const [outcome] = outcomesOf(decision, 'PURL_INVALID');
    expect(outcome).toMatchObject({ level: 'warn', package: 'plain' });
    expect(outcome?.message).toContain(JSON.stringify(purl).slice(1, 8));
  }
});

test('GU3 a component with an unreadable package URL is still known by its name, and satisfies nothing', async () => {
  const component = { purl: 'pkg:npm/x%00@1', name: 'telnetd' };
  expect(deniedFor(await decideOn([component], { blockPackages: [{ name: 'telnet*' }] }))).toEqual(['PACKAGE_BLOCKED']);
  const required = await decideOn([component], { requirePackages: [{ name: 'telnetd' }] });
  expect(deniedFor(required)).toEqual(['PACKAGE_REQUIRED_MISSING']);
});

test('one warning tells of all package URLs of a document that break a rule of their type', async () => {
  const purls = ['pkg:golang/stdlib@1', 'pkg:golang/go.opencensus.io@v1', 'pkg:deb/curl@1'].map((purl) => ({ purl }));
  const decision = await decideOn(purls, { blockPackages: [{ purl: 'pkg:npm/a' }] });
  expect(outcomesOf(decision, 'PURL_TYPE_RULE')).toHaveLength(1);
});

test('a policy says what a package URL without its namespace means in it', () => {
  const policy = parseGatePolicy(
    JSON.stringify(
      policyOf({
        sbom: {
          signedBy: ['build'],
          blockPackages: [{ purl: 'pkg:deb/curl' }, { purl: 'pkg:cran/ggplot2' }],
          requirePackages: [{ purl: 'pkg:golang/stdlib' }],
        },
      }),
    ),
  );
  const pointers = policy.warnings.map(({ pointer }) => pointer).filter((pointer) => pointer.endsWith('/purl'));
  expect(pointers).toEqual(['/sbom/blockPackages/0/purl', '/sbom/requirePackages/0/purl']);
});

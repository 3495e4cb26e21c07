import { describe, expect, test } from 'vitest';
import { createGateLab, deniedFor, policyOf } from './gate-lab.ts';

/** How one package states its licences, in each format. */
interface Statement {
  readonly type: string;
  readonly document: unknown;
}

const cyclonedx = (licenses: readonly unknown[]): Statement => ({
  type: 'application/vnd.cyclonedx+json',
  document: {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'lib', version: '1', purl: 'pkg:npm/lib@1', licenses }],
  },
});
const expression = (text: string): Statement => cyclonedx([{ expression: text }]);
const spdx = (members: Record<string, string>): Statement => ({
  type: 'application/spdx+json',
  document: {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'app',
    packages: [{ SPDXID: 'SPDXRef-1', name: 'lib', versionInfo: '1', ...members }],
  },
});
const spdx3 = (declared: readonly string[]): Statement => ({
  type: 'application/spdx+json',
  document: {
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1', created: '2026-11-24T00:00:00Z' },
      { type: 'software_Package', spdxId: 'urn:lib', name: 'lib' },
      { type: 'software_Package', spdxId: 'urn:other', name: 'other' },
      ...declared.map((text, i) => ({
        type: 'simplelicensing_LicenseExpression',
        spdxId: `urn:license-${i}`,
        simplelicensing_licenseExpression: text,
      })),
      {
        type: 'Relationship',
        spdxId: 'urn:r',
        from: 'urn:lib',
        relationshipType: 'hasDeclaredLicense',
        to: declared.map((_, i) => `urn:license-${i}`),
      },
    ],
  },
});
const syft = (licenses: readonly unknown[]): Statement => ({
  type: 'application/vnd.syft+json',
  document: {
    artifacts: [{ id: '1', name: 'lib', version: '1', type: 'npm', licenses }],
    artifactRelationships: [],
    source: { type: 'image' },
    descriptor: { name: 'syft', version: '1' },
    schema: {
      version: '16.0.0',
      url: 'https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-16.0.0.json',
    },
  },
});

interface Row {
  readonly name: string;
  readonly licenses: Record<string, unknown>;
  readonly statement: Statement;
  /** Codes that deny or warn. */
  readonly codes: readonly string[];
}

const blockGpl = { block: ['GPL-2.0-only'], unknown: 'ignore' };
const allowMit = { allow: ['MIT', 'Apache-2.0'] };

const rows: readonly Row[] = [
  // Choices: allowed where one branch is, blocked where every branch is.
  { name: 'a blocked licence', licenses: blockGpl, statement: expression('GPL-2.0-only'), codes: ['LICENSE_BLOCKED'] },
  {
    name: 'a choice that leads around a blocked one (Ratify denies)',
    licenses: blockGpl,
    statement: expression('MIT OR GPL-2.0-only'),
    codes: [],
  },
  {
    name: 'a choice that does not',
    licenses: blockGpl,
    statement: expression('(MIT AND GPL-2.0-only) OR GPL-2.0-only'),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'AND binds before OR',
    licenses: blockGpl,
    statement: expression('MIT OR ISC AND GPL-2.0-only'),
    codes: [],
  },
  {
    name: 'AND holds a blocked licence',
    licenses: blockGpl,
    statement: expression('MIT AND GPL-2.0-only'),
    codes: ['LICENSE_BLOCKED'],
  },
  { name: 'in small letters', licenses: blockGpl, statement: expression('gpl-2.0-ONLY'), codes: ['LICENSE_BLOCKED'] },
  {
    name: 'allowed, one branch is',
    licenses: allowMit,
    statement: expression('GPL-2.0-only OR MIT'),
    codes: [],
  },
  {
    name: 'allowed only if all are',
    licenses: allowMit,
    statement: expression('MIT AND BSD-3-Clause'),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'operators in small letters, as tools write them',
    licenses: allowMit,
    statement: expression('(MIT or GPL-2.0-only) and Apache-2.0'),
    codes: [],
  },
  // WITH makes another licence.
  {
    name: 'an exception makes another licence, not blocked',
    licenses: blockGpl,
    statement: expression('GPL-2.0-only WITH Classpath-exception-2.0'),
    codes: [],
  },
  {
    name: 'blocked with any exception',
    licenses: { ...blockGpl, block: ['GPL-2.0-only WITH *'] },
    statement: expression('GPL-2.0-only WITH Classpath-exception-2.0'),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'blocked with any exception, and without one',
    licenses: { ...blockGpl, block: ['GPL-2.0-only WITH *'] },
    statement: expression('GPL-2.0-only'),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'allowed with one exception, found with it',
    licenses: { allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] },
    statement: expression('GPL-2.0-only WITH Classpath-exception-2.0'),
    codes: [],
  },
  {
    name: 'allowed with one exception, found with another',
    licenses: { allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] },
    statement: expression('GPL-2.0-only WITH GCC-exception-2.0'),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'allowed with an exception, found without',
    licenses: { allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] },
    statement: expression('GPL-2.0-only'),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  // Later versions are other licences, unless listed.
  {
    name: 'or-later is not only',
    licenses: { allow: ['GPL-2.0-only'] },
    statement: expression('GPL-2.0-or-later'),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'plus is or-later',
    licenses: { allow: ['GPL-2.0-or-later'] },
    statement: expression('GPL-2.0+'),
    codes: [],
  },
  {
    name: 'plus is not the licence without it',
    licenses: { allow: ['Apache-2.0'] },
    statement: expression('Apache-2.0+'),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  // Evasions.
  {
    name: 'free text that is on the list',
    licenses: { block: ['gplv2'], unknown: 'ignore' },
    statement: cyclonedx([{ license: { name: 'GPLv2' } }]),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'free text is unknown, never corrected into a licence',
    licenses: { ...allowMit, unknown: 'deny' },
    statement: cyclonedx([{ license: { name: 'MIT License' } }]),
    codes: ['LICENSE_UNKNOWN'],
  },
  {
    name: 'a reference into the document is not on the list of allowed ones',
    licenses: allowMit,
    statement: expression('LicenseRef-MIT'),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'a reference into the document is unknown where only a block list stands',
    licenses: { block: ['GPL-2.0-only'], unknown: 'deny' },
    statement: expression('LicenseRef-mine'),
    codes: ['LICENSE_UNKNOWN'],
  },
  {
    name: 'a licence that is on no list is unknown',
    licenses: { block: ['GPL-2.0-only'], unknown: 'deny' },
    statement: expression('MTI'),
    codes: ['LICENSE_UNKNOWN'],
  },
  {
    name: 'a broken expression is unknown as a whole',
    licenses: { ...allowMit, unknown: 'deny' },
    statement: expression('MIT OR'),
    codes: ['LICENSE_UNKNOWN'],
  },
  {
    name: 'several licences without an expression apply together',
    licenses: allowMit,
    statement: cyclonedx([{ license: { id: 'MIT' } }, { license: { id: 'GPL-2.0-only' } }]),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'a choice beside a blocked licence is no way around it',
    licenses: blockGpl,
    statement: cyclonedx([{ license: { id: 'MIT OR ISC' } }, { license: { id: 'GPL-2.0-only' } }]),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'the same in syft',
    licenses: blockGpl,
    statement: syft([
      { spdxExpression: 'MIT OR ISC', type: 'declared' },
      { spdxExpression: 'GPL-2.0-only', type: 'declared' },
    ]),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'the same in SPDX 3',
    licenses: blockGpl,
    statement: spdx3(['MIT OR ISC', 'GPL-2.0-only']),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'free text beside a blocked licence does not hide it',
    licenses: blockGpl,
    statement: syft(['a licence of our own', 'GPL-2.0-only']),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'free text beside a concluded licence does not hide',
    licenses: { block: ['gplv2'], unknown: 'ignore' },
    statement: cyclonedx([
      { license: { id: 'MIT', acknowledgement: 'concluded' } },
      { license: { name: 'GPLv2', acknowledgement: 'declared' } },
    ]),
    codes: ['LICENSE_BLOCKED'],
  },
  // Which member counts.
  {
    name: 'what was concluded goes before what is declared',
    licenses: allowMit,
    statement: spdx({ licenseConcluded: 'GPL-2.0-only', licenseDeclared: 'MIT' }),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'declared, where nothing was concluded (Ratify never reads it)',
    licenses: blockGpl,
    statement: spdx({ licenseConcluded: 'NOASSERTION', licenseDeclared: 'GPL-2.0-only' }),
    codes: ['LICENSE_BLOCKED'],
  },
  {
    name: 'declared alone when the policy says so',
    licenses: { ...allowMit, field: 'declared' },
    statement: spdx({ licenseConcluded: 'GPL-2.0-only', licenseDeclared: 'MIT' }),
    codes: [],
  },
  {
    name: 'both when the policy says so',
    licenses: { ...allowMit, field: 'both' },
    statement: spdx({ licenseConcluded: 'MIT', licenseDeclared: 'GPL-2.0-only' }),
    codes: ['LICENSE_NOT_ALLOWED'],
  },
  {
    name: 'nothing said is unknown, and a warning by default',
    licenses: allowMit,
    statement: spdx({ licenseConcluded: 'NOASSERTION', licenseDeclared: 'NONE' }),
    codes: ['LICENSE_UNKNOWN'],
  },
  {
    name: 'a package may be left out',
    licenses: { ...allowMit, exceptPackages: [{ purl: 'pkg:npm/lib' }] },
    statement: expression('GPL-2.0-only'),
    codes: [],
  },
];

describe('licence rules', () => {
  test.for(rows)('$name', async ({ licenses, statement, codes }) => {
    const lab = await createGateLab();
    await lab.attach(statement.type, JSON.stringify(statement.document));
    const sbom = { signedBy: ['build'], formats: ['cyclonedx', 'spdx-2', 'spdx-3', 'syft'], licenses };
    const decision = await lab.decide(policyOf({ sbom }));
    const said = decision.outcomes.filter((outcome) => outcome.package?.includes('lib') === true);
    expect([...new Set(said.map(({ code }) => code))]).toEqual(codes);
    const denies = codes.length > 0 && (codes[0] !== 'LICENSE_UNKNOWN' || licenses['unknown'] === 'deny');
    expect(deniedFor(decision)).toEqual(denies ? codes : []);
  });

  test('an exception lets one licence through, until its day', async () => {
    const lab = await createGateLab();
    const { type, document } = expression('GPL-2.0-only');
    await lab.attach(type, JSON.stringify(document));
    const policy = (expires: string): unknown => ({
      ...(policyOf({ sbom: { signedBy: ['build'], licenses: blockGpl } }) as object),
      exceptions: [{ rule: 'license', id: 'GPL-2.0-only', reason: 'bought a licence', expires }],
    });
    expect(deniedFor(await lab.decide(policy('2026-12-31T00:00:00Z')))).toEqual([]);
    expect(deniedFor(await lab.decide(policy('2026-11-01T00:00:00Z')))).toEqual(['LICENSE_BLOCKED']);
  });

  describe('G7 files and operating systems are not packages', () => {
    const denyUnknown = { ...allowMit, unknown: 'deny' };
    const component = (members: object): Statement => ({
      type: 'application/vnd.cyclonedx+json',
      document: { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'lib', ...members }] },
    });
    const element = (members: object): Statement => ({
      type: 'application/spdx+json',
      document: {
        '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
        '@graph': [
          { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1', created: '2026-11-24T00:00:00Z' },
          { type: 'software_Package', spdxId: 'urn:lib', name: 'lib', ...members },
        ],
      },
    });
    const denied = async ({ type, document }: Statement, more: object = {}): Promise<readonly string[]> => {
      const lab = await createGateLab();
      await lab.attach(type, JSON.stringify(document));
      const licenses = { ...denyUnknown, ...more };
      return deniedFor(await lab.decide(policyOf({ sbom: { signedBy: ['build'], licenses } })));
    };
    const licensed = (id: string) => ({ licenses: [{ license: { id } }] });

    test.each([
      component({ type: 'file' }),
      component({ type: 'operating-system', version: '3.20' }),
      component({ type: 'file', ...licensed('MIT') }),
      spdx({ primaryPackagePurpose: 'OPERATING-SYSTEM', licenseDeclared: 'NOASSERTION' }),
      spdx({ primaryPackagePurpose: 'FILE' }),
      element({ software_primaryPurpose: 'operatingSystem' }),
    ])('%j needs no licence', async (statement) => expect(await denied(statement)).toEqual([]));

    test.each([
      component({ type: 'library' }),
      component({ type: 'application' }),
      component({}),
      component({ type: 'file', purl: 'pkg:npm/lib@1' }),
      component({ type: 'file', licenses: [{ license: { name: 'our own words' } }] }),
      spdx({ primaryPackagePurpose: 'LIBRARY' }),
      element({ software_primaryPurpose: 'library' }),
      element({ software_primaryPurpose: 'file', software_packageUrl: 'pkg:npm/lib@1' }),
    ])('%j needs a licence', async (statement) => expect(await denied(statement)).toEqual(['LICENSE_UNKNOWN']));

    const trivyClass = (value: string) => ({ properties: [{ name: 'aquasecurity:trivy:Class', value }] });
    const spdxPackage = (members: object): Statement => ({
      type: 'application/spdx+json',
      document: {
        spdxVersion: 'SPDX-2.3',
        SPDXID: 'SPDXRef-DOCUMENT',
        name: 'app',
        packages: [{ SPDXID: 'SPDXRef-1', name: 'package-lock.json', ...members }],
      },
    });
    const annotated = (comment: string) => ({ primaryPackagePurpose: 'APPLICATION', annotations: [{ comment }] });

    test.each([
      component({ type: 'application', ...trivyClass('lang-pkgs') }),
      spdxPackage(annotated('Class: lang-pkgs')),
    ])('%j, in which a scanner found packages, needs no licence', async (statement) =>
      expect(await denied(statement)).toEqual([]),
    );

    test.each([
      component({ type: 'application', version: '1', ...trivyClass('lang-pkgs') }),
      component({ type: 'application', purl: 'pkg:npm/lib@1', ...trivyClass('lang-pkgs') }),
      component({ type: 'application', ...trivyClass('other') }),
      component({ type: 'library', ...trivyClass('lang-pkgs') }),
      spdxPackage({ versionInfo: '1', ...annotated('Class: lang-pkgs') }),
      spdxPackage(annotated('Class: other')),
    ])('%j, which only looks like it, needs one', async (statement) =>
      expect(await denied(statement)).toEqual(['LICENSE_UNKNOWN']),
    );

    const without = (kinds: string) => kinds.split(' ').map((kind) => [kind, []] as const);
    const needing = (kinds: string) => kinds.split(' ').map((kind) => [kind, ['LICENSE_UNKNOWN']] as const);

    test.each([
      ...without('file operating-system device cryptographic-asset'),
      ...needing('application framework library container platform device-driver firmware machine-learning-model data'),
    ])('CycloneDX type %s', async (type, codes) => expect(await denied(component({ type }))).toEqual(codes));

    test.each([
      ...without('FILE OPERATING-SYSTEM OPERATING_SYSTEM DEVICE'),
      ...needing('APPLICATION FRAMEWORK LIBRARY CONTAINER FIRMWARE SOURCE ARCHIVE INSTALL OTHER'),
    ])('SPDX 2 purpose %s', async (primaryPackagePurpose, codes) =>
      expect(await denied(spdxPackage({ primaryPackagePurpose }))).toEqual(codes),
    );

    test.each([
      ...without('file operatingSystem device'),
      ...needing('application archive container data deviceDriver executable filesystemImage firmware framework'),
      ...needing('library model module other patch platform source'),
    ])('SPDX 3 purpose %s', async (software_primaryPurpose, codes) =>
      expect(await denied(element({ software_primaryPurpose }))).toEqual(codes),
    );

    test('a rule that blocks names them all the same', async () => {
      const lab = await createGateLab();
      await lab.attach(
        'application/vnd.cyclonedx+json',
        JSON.stringify(component({ type: 'file', name: 'evil' }).document),
      );
      const sbom = { signedBy: ['build'], blockPackages: [{ name: 'evil' }] };
      expect(deniedFor(await lab.decide(policyOf({ sbom })))).toEqual(['PACKAGE_BLOCKED']);
    });

    test('a licence that is stated is judged, and is missed where the policy wants another', async () => {
      const concluded = spdx({ primaryPackagePurpose: 'FILE', licenseConcluded: 'GPL-2.0-only' });
      expect(await denied(concluded, { field: 'declared' })).toEqual(['LICENSE_UNKNOWN']);
      expect(await denied(component({ type: 'file', ...licensed('GPL-2.0-only') }))).toEqual(['LICENSE_NOT_ALLOWED']);
    });
  });
});

import { expect, test } from 'vitest';
import { createGateLab, deniedFor, policyOf } from './gate-lab.ts';

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly purl?: string;
  readonly cpe?: string;
}

async function denied(component: Component, rule: object): Promise<readonly string[]> {
  const lab = await createGateLab();
  const components = [{ type: 'library', ...component }];
  const document = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
  await lab.attach('application/vnd.cyclonedx+json', document);
  const sbom = { signedBy: ['build'], blockPackages: [{ id: 'rule', ...rule }] };
  return deniedFor(await lab.decide(policyOf({ sbom })));
}

const dbus = (version: string, qualifiers = ''): Component => ({
  name: 'dbus',
  version: version.replace('%3A', ':'),
  purl: `pkg:rpm/redhat/dbus@${version}${qualifiers}`,
});
const beforeFix = { purl: 'pkg:rpm/redhat/dbus', versions: 'vers:rpm/<1:1.12.8-10.el8_2' };
const docker = (version: string): Component => ({
  name: 'github.com/docker/docker',
  version,
  purl: `pkg:golang/github.com/docker/docker@${version.replace('+', '%2B')}`,
});
const dockerBefore24 = { purl: 'pkg:golang/github.com/docker/docker', versions: 'vers:golang/<v24.0.9' };
const libssl = (qualifiers: string): Component => ({
  name: 'libssl3',
  version: '3.0.11-1',
  purl: `pkg:deb/debian/libssl3@3.0.11-1${qualifiers}`,
});
const opensslBefore = { purl: 'pkg:deb/debian/openssl', versions: 'vers:deb/<3.0.14' };

/** As Syft, Trivy and others write packages, beside rules as people write them. */
const met: readonly (readonly [what: string, component: Component, rule: object])[] = [
  ['an RPM whose epoch is a qualifier, before the fix', dbus('1.12.8-9.el8', '?epoch=1'), beforeFix],
  ['an RPM without an epoch: its epoch is 0', dbus('1.12.8-18.el8'), beforeFix],
  [
    'a Debian epoch in the version',
    { name: 'git', version: '1:2.39.2-1.1', purl: 'pkg:deb/debian/git@1%3A2.39.2-1.1?arch=amd64' },
    { purl: 'pkg:deb/debian/git', versions: 'vers:deb/<1:2.39.5-0' },
  ],
  ['a Go version with +incompatible', docker('v20.10.0+incompatible'), dockerBefore24],
  [
    'a component known by its CPE alone: it may be of any type',
    { name: 'uvicorn', version: '0.17.6', cpe: 'cpe:2.3:a:encode:uvicorn:0.17.6:*:*:*:*:*:*:*' },
    { purl: 'pkg:pypi/uvicorn', versions: 'vers:pypi/<0.20' },
  ],
  [
    'a package whose source is blocked, when the rule asks for sources',
    libssl('?upstream=openssl'),
    { ...opensslBefore, includeUpstream: true },
  ],
];
test.for(met)('blocked: %s', async ([, component, rule]) => {
  expect(await denied(component, rule)).toEqual(['PACKAGE_BLOCKED']);
});

const notMet: readonly (readonly [what: string, component: Component, rule: object])[] = [
  ['an RPM whose epoch is a qualifier, after the fix', dbus('1.12.8-18.el8', '?arch=x86_64&epoch=1'), beforeFix],
  [
    'an RPM whose epoch is in the version and a qualifier',
    { ...dbus('1.12.8-18.el8', '?epoch=1'), version: '1:1.12.8-18.el8' },
    beforeFix,
  ],
  ['a Go version after the fix', docker('v24.0.9+incompatible'), dockerBefore24],
  [
    'a package whose source is blocked, when the rule does not ask for sources',
    libssl('?upstream=openssl'),
    opensslBefore,
  ],
  [
    'an npm package of another scope',
    { name: 'jose', group: '@types', version: '1.0.0', purl: 'pkg:npm/%40types/jose@1.0.0' },
    { purl: 'pkg:npm/jose' },
  ],
  [
    'a scope in the group alone',
    { name: 'gen-mapping', group: '@jridgewell', version: '0.3.0' },
    { purl: 'pkg:npm/gen-mapping' },
  ],
  ['a scope in the name alone', { name: '@types/jose', version: '1.0.0' }, { purl: 'pkg:npm/jose' }],
];
test.for(notMet)('not blocked: %s', async ([, component, rule]) => {
  expect(await denied(component, rule)).toEqual([]);
});

/** Words that Syft, Gradle, Maven, Go and people write in place of a version. */
const wordsInPlaceOfVersion = [
  'UNKNOWN',
  'unspecified',
  '(devel)',
  'latest',
  'SNAPSHOT',
  '${project.version}',
  'N/A',
  '-',
];
const schemesOfTypes = ['maven', 'npm', 'pypi', 'golang', 'deb', 'rpm', 'apk', 'gem', 'nuget', 'cargo', 'generic'];
const ranges = ['2.0.0', '<2.17.1', '>=2.0.0|<2.17.1', '>=2.0.0', '>2.0.0|<=2.17.0'];

test.for(schemesOfTypes)('GU5 %s: a version that is a word may be in every range', async (type) => {
  for (const version of wordsInPlaceOfVersion)
    for (const range of ranges) {
      const component = { name: 'lib', version, purl: `pkg:${type}/ns/lib@${encodeURIComponent(version)}` };
      const rule = { name: 'lib', type, versions: `vers:${type}/${range}` };
      expect([version, range, await denied(component, rule)]).toEqual([version, range, ['PACKAGE_VERSION_UNKNOWN']]);
    }
});

test('GU5 a version without digits is compared with a rule that names such versions', async () => {
  const train = (version: string) => ({ name: 'spring', version, purl: `pkg:maven/org/spring@${version}` });
  const rule = (versions: string) => ({ name: 'spring', type: 'maven', versions: `vers:maven/${versions}` });
  expect(await denied(train('Finchley.RELEASE'), rule('Finchley.RELEASE'))).toEqual(['PACKAGE_BLOCKED']);
  expect(await denied(train('Finchley.RELEASE'), rule('<Greenwich.RELEASE'))).toEqual(['PACKAGE_BLOCKED']);
  expect(await denied(train('Hoxton.RELEASE'), rule('<Greenwich.RELEASE'))).toEqual([]);
});

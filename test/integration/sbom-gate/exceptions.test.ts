// What lets something through must be about the very package; what blocks must be certain that it is another one.
import { type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import { policyOf } from './gate-lab.ts';
import { attached, judge } from './judge.ts';

const sbom = { signedBy: ['build'], requirePackages: [], formats: ['cyclonedx'] };

function verdictOn(component: object, policy: Record<string, unknown>): GateDecision['verdict'] {
  const text = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] });
  return judge([attached(text, 'sbom')], parseGatePolicy(JSON.stringify(policyOf(policy)))).verdict;
}

const library = (name: string, purl?: string, more: object = {}): object => ({
  type: 'library',
  name,
  version: '1.0.0',
  ...(purl === undefined ? {} : { purl }),
  licenses: [{ license: { id: 'GPL-3.0-only' } }],
  ...more,
});
const excepted = (component: object, rule: object): readonly string[] => {
  const [id, reason, expires] = ['anything', 'was looked at', '2027-01-01T00:00:00Z'];
  const exceptions = [{ rule: 'package', id, reason, expires, packages: [rule] }];
  return [
    verdictOn(component, { sbom: { ...sbom, blockPackages: [{ id, name: '*' }] }, exceptions }),
    verdictOn(component, { sbom: { ...sbom, licenses: { allow: ['MIT'], exceptPackages: [rule] } } }),
  ];
};

describe('packages that a policy lets through', () => {
  test.each<[string, object, object]>([
    ['no namespace', { purl: 'pkg:npm/%40acme/app' }, library('app', 'pkg:npm/app@1.0.0')],
    ['no package URL', { purl: 'pkg:npm/app' }, library('app')],
    ['no type', { name: 'app', type: 'npm' }, library('app')],
    ['no qualifier', { purl: 'pkg:npm/app?repository_url=r.example' }, library('app', 'pkg:npm/app@1.0.0')],
    ['another case', { purl: 'pkg:maven/g/App' }, library('app', 'pkg:maven/g/app@1.0.0')],
    ['a character that is not seen', { name: 'app' }, library('a\u200bpp')],
    ['another name beside its package URL', { purl: 'pkg:npm/app' }, library('other', 'pkg:npm/app@1.0.0')],
    ['another package URL beside its name', { name: 'app' }, library('app', 'pkg:npm/other@1.0.0')],
    [
      'a second version',
      { purl: 'pkg:npm/app', versions: 'vers:npm/1.0.0' },
      library('app', 'pkg:npm/app@1.0.0', { version: '2.0.0' }),
    ],
    [
      'no version',
      { purl: 'pkg:npm/app', versions: 'vers:npm/1.0.0' },
      library('app', 'pkg:npm/app', { version: undefined }),
    ],
  ])('GX1 a package with %s is not the one that an exception names', (_, rule, component) => {
    expect(excepted(component, rule)).toEqual(['DENY', 'DENY']);
  });

  test.each<[string, object, object]>([
    ['package URL', { purl: 'pkg:npm/%40acme/app' }, library('app', 'pkg:npm/%40acme/app@1.0.0')],
    ['the whole name in one text', { purl: 'pkg:maven/g/app' }, library('g:app', 'pkg:maven/g/app@1.0.0')],
    ['name', { name: 'app' }, library('app')],
    ['namespace and name', { name: 'g:app' }, library('app', 'pkg:maven/g/app@1.0.0')],
    ['the normal form of Python', { name: 'my-app', type: 'pypi' }, library('My_App', 'pkg:pypi/my-app@1.0.0')],
    ['version', { purl: 'pkg:npm/app', versions: 'vers:npm/>=1.0.0|<2.0.0' }, library('app', 'pkg:npm/app@1.0.0')],
  ])('GX1 a package is the one that an exception names by %s', (_, rule, component) => {
    expect(excepted(component, rule)).toEqual(['ALLOW', 'ALLOW']);
  });
});

describe('packages that a policy blocks', () => {
  const blocked = (component: object, rule: object): string =>
    verdictOn(component, { sbom: { ...sbom, blockPackages: [rule] } });

  test('GX2 a package that does not state a qualifier may be the blocked one', () => {
    const rule = { purl: 'pkg:rpm/redhat/app?arch=x86_64' };
    expect(blocked(library('app', 'pkg:rpm/redhat/app@1'), rule)).toBe('DENY');
    expect(blocked(library('app', 'pkg:rpm/redhat/app@1?arch=x86_64'), rule)).toBe('DENY');
    expect(blocked(library('app', 'pkg:rpm/redhat/app@1?arch=aarch64'), rule)).toBe('ALLOW');
  });

  test.each(['g:app', 'g/app', 'g:a*'])('GX3 namespace and name may appear in one text: %s', (name) => {
    expect(blocked(library('app', 'pkg:maven/g/app@1'), { name })).toBe('DENY');
    expect(blocked(library('app', undefined, { group: 'g' }), { name })).toBe('DENY');
    expect(blocked(library('app', 'pkg:maven/h/app@1'), { name })).toBe('ALLOW');
  });
});

describe('an exception that names one of several', () => {
  const exception = (rule: string, id: string): object => ({
    rule,
    id,
    reason: 'was looked at',
    expires: '2027-01-01T00:00:00Z',
  });

  test.for([
    [library('openssl', 'pkg:npm/evil@1.0.0'), 'openssl'],
    [library('openssl', 'pkg:npm/evil@1.0.0'), 'pkg:npm/evil@1.0.0'],
    [library('openssl', 'pkg:npm/evil@%zz'), 'openssl'],
  ] as const)('GX4 names that contradict each other name no package: %j %s', ([component, id]) => {
    const policy = { sbom: { ...sbom, blockPackages: [{ id: 'no-evil', name: 'evil' }] } };
    expect(verdictOn(component, { ...policy, exceptions: [exception('package', id)] })).toBe('DENY');
  });

  test('GX4 a package is named by its one name, its package URL, or the rule', () => {
    const policy = { sbom: { ...sbom, blockPackages: [{ id: 'no-evil', name: 'evil' }] } };
    for (const id of ['evil', 'pkg:npm/evil@1.0.0', 'no-evil'])
      expect(
        verdictOn(library('evil', 'pkg:npm/evil@1.0.0'), { ...policy, exceptions: [exception('package', id)] }),
      ).toBe('ALLOW');
  });

  const licensed = (...licenses: object[]): object => library('p', 'pkg:npm/p@1.0.0', { licenses });
  const block = ['GPL-2.0-only', 'AGPL-3.0-only'];
  const both = licensed({ expression: 'GPL-2.0-only AND AGPL-3.0-only' });
  const either = licensed({ expression: 'GPL-2.0-only OR AGPL-3.0-only' });
  const twice = licensed({ license: { id: 'GPL-2.0-only' } }, { license: { name: 'AGPL-3.0-only' } });

  test.for<readonly [object, object, readonly string[], string]>([
    [both, { block }, ['GPL-2.0-only'], 'DENY'],
    [both, { block }, ['GPL-2.0-only', 'agpl-3.0-only'], 'ALLOW'],
    [both, { block }, ['GPL-2.0-only AND AGPL-3.0-only'], 'ALLOW'],
    [both, { allow: ['GPL-2.0-only'] }, ['GPL-2.0-only'], 'DENY'],
    [both, { allow: ['GPL-2.0-only'] }, ['AGPL-3.0-only'], 'ALLOW'],
    [either, { block }, ['GPL-2.0-only'], 'ALLOW'],
    [twice, { block }, ['GPL-2.0-only'], 'DENY'],
    [twice, { block }, ['GPL-2.0-only', 'AGPL-3.0-only'], 'ALLOW'],
  ])('GX5 what is left without the licence must be fine: %j %j %j', ([component, rules, ids, verdict]) => {
    const licenses = { unknown: 'ignore', ...rules };
    const exceptions = ids.map((id) => exception('license', id));
    expect(verdictOn(component, { sbom: { ...sbom, licenses }, exceptions })).toBe(verdict);
  });
});

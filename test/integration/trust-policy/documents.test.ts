import { canonicalRepository } from '@notarykit/oci/internal';
import {
  type PolicyRule,
  parseBlobTrustPolicy,
  parseTrustPolicy,
  selectStatement,
  TrustError,
} from '@notarykit/trust-policy';
import { selectBlobStatement } from '@notarykit/trust-policy/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identity, policy, repositoryName } from './lab.js';

const good = {
  name: 'p',
  registryScopes: [repositoryName],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:s'],
  trustedIdentities: [identity],
};
const document = (...statements: object[]) => ({ version: '1.0', trustPolicies: statements });
const parse = (...patches: object[]) => parseTrustPolicy(document(...patches.map((patch) => ({ ...good, ...patch }))));

function refusal(run: () => unknown): { code: string; rule: PolicyRule | undefined; statement: string | undefined } {
  try {
    run();
  } catch (error) {
    if (error instanceof TrustError)
      return { code: error.code, rule: error.detail?.rule, statement: error.detail?.statement };
    throw error;
  }
  throw new Error('it was accepted');
}

const rule = (run: () => unknown): PolicyRule | undefined => {
  const { code, rule } = refusal(run);
  expect(code).toBe('ERR_TRUST_POLICY');
  return rule;
};

describe('the limits of a document', () => {
  const many = (count: number) =>
    document(
      ...Array.from({ length: count }, (_, i) => ({ ...good, name: `n${i}`, registryScopes: [`a.test/b${i}`] })),
    );

  it('takes more statements and bytes where its caller says so', () => {
    expect(rule(() => parseTrustPolicy(many(1001)))).toBe('limit');
    expect(rule(() => parseBlobTrustPolicy(many(1001)))).toBe('limit');
    const policy = parseTrustPolicy(many(1001), { maxStatements: 1001 });
    expect(selectStatement(policy, 'a.test/b1000').statement.name).toBe('n1000');
    const padded = `${JSON.stringify(many(1))}${' '.repeat(1024 * 1024)}`;
    expect(rule(() => parseTrustPolicy(padded))).toBe('limit');
    expect(parseTrustPolicy(padded, { maxBytes: 2 * 1024 * 1024 }).statements).toHaveLength(1);
  });

  it('accepts a lower limit, and refuses one that is not a number', () => {
    expect(rule(() => parseTrustPolicy(many(3), { maxStatements: 2 }))).toBe('limit');
    expect(rule(() => parseTrustPolicy(many(3), { maxStatements: Number.NaN }))).toBe('limit');
    expect(rule(() => parseTrustPolicy(many(3), { maxBytes: Number.NaN }))).toBe('limit');
  });
});

describe('a statement of a policy that somebody changed', () => {
  it('is selected by the scopes that it has now', () => {
    const parsed = parse({ name: 'first', registryScopes: ['a.test/one'] }, { name: 'second', registryScopes: ['*'] });
    const changed = { ...parsed, statements: parsed.statements.map((one) => ({ ...one })) };
    expect(selectStatement(changed, 'a.test/one').statement.name).toBe('first');
    const [first] = changed.statements as unknown as [{ registryScopes: readonly string[] }];
    first.registryScopes = ['a.test/two'];
    expect(selectStatement(changed, 'a.test/one').statement.name).toBe('second');
    expect(selectStatement(changed, 'a.test/two').statement.name).toBe('first');
  });

  it('cannot be one of a policy that was parsed', () => {
    const { statements } = parse({ registryScopes: ['a.test/one'] });
    const [{ registryScopes }] = statements as unknown as [{ registryScopes: string[] }];
    expect(() => registryScopes.push('*')).toThrow(TypeError);
    expect(() => (statements as unknown[]).pop()).toThrow(TypeError);
  });
});

describe('trust policy documents', () => {
  it.each([
    ['* twice', ['*', '*'], 'scopeWildcard'],
    ['* with others', ['*', 'a.b/c'], 'scopeWildcard'],
    ['* after the registry', ['a.b/*'], 'scopeFormat'],
    ['* in the registry', ['*.b/x'], 'scopeFormat'],
    ['a tag', ['a.b/c:tag'], 'scopeFormat'],
    ['a digest', [`a.b/c@sha256:${'a'.repeat(64)}`], 'scopeFormat'],
    ['upper case in the repository', ['a.b/C'], 'scopeFormat'],
    ['a trailing slash', ['a.b/c/'], 'scopeFormat'],
    ['no registry', ['alpine'], 'scopeFormat'],
    ['a scheme', ['https://a.b/c'], 'scopeFormat'],
    ['nothing', [], 'scopes'],
  ] as const)('I1 scope: %s', (_, registryScopes, expected) => {
    expect(rule(() => parse({ registryScopes }))).toBe(expected);
  });

  it.each([
    ['docker.io/x', 'docker.io/library/x'],
    ['docker.io/library/x', 'index.docker.io/x'],
    ['registry-1.docker.io/x', 'docker.io/x'],
    ['registry.test/x', 'REGISTRY.test:443/x'],
    ['Registry.Test:443/x', 'registry.test/x'],
    ['registry.test:80/x', 'registry.test/x'],
  ])('I1 scopes are compared in their canonical spelling: %s is %s', (scope, repository) => {
    const { matchedBy, statement } = selectStatement(parse({ registryScopes: [scope] }), repository);
    expect([matchedBy, statement.registryScopes]).toEqual(['scope', [canonicalRepository(repository)]]);
  });

  it('I1 the path is compared exactly: docker.io/team/x does not stand for docker.io/library/x', () => {
    const parsed = parse({ registryScopes: ['docker.io/team/x'] });
    expect(refusal(() => selectStatement(parsed, 'docker.io/library/x')).code).toBe('ERR_TRUST_NO_STATEMENT');
    expect(selectStatement(parsed, 'docker.io/team/x')).toMatchObject({ matched: 'docker.io/team/x' });
  });

  it('I1 a hostile scope takes no exponential time', () => {
    // An expression that goes back and forth over so many letters never comes to an end.
    expect(rule(() => parse({ registryScopes: [`a.b/${'a'.repeat(400)}!`] }))).toBe('scopeFormat');
  });

  it('I2 one repository in two statements, one name twice', () => {
    expect(rule(() => parse({}, { name: 'q' }))).toBe('duplicateScope');
    expect(rule(() => parse({}, { registryScopes: ['a.b/c'] }))).toBe('duplicateName');
  });

  it.each([['registry.test:443/net-monitor'], ['REGISTRY.test/net-monitor'], ['registry.test:80/net-monitor']])(
    'I2 one repository in two spellings: %s',
    (scope) => {
      expect(rule(() => parse({}, { name: 'q', registryScopes: [scope] }))).toBe('duplicateScope');
      expect(rule(() => parse({ registryScopes: [scope, 'registry.test/net-monitor'] }))).toBe('duplicateScope');
    },
  );

  it.each([
    'registry.test/Net-monitor',
    'registry.test/net-mοnitor',
    'registry.test/net%2Dmonitor',
    'registry.test//net-monitor',
    'registry.test/../registry.test/net-monitor',
    'registry.test:8443/net-monitor',
    'registry.test.evil/net-monitor',
    'registry.test/net-monitor-2',
    'registry.test/net-monitor/deeper',
  ])('I3 %s is another repository', (name) => {
    expect(refusal(() => selectStatement(parse({}), name)).code).toBe('ERR_TRUST_NO_STATEMENT');
  });

  it.each([
    ['an unknown level', { level: 'Strict' }, 'level'],
    ['no level', {}, 'level'],
    ['an unknown validation', { level: 'strict', override: { expire: 'log' } }, 'override'],
    ['a validation of the prototype', { level: 'strict', override: { toString: 'log' } }, 'override'],
    ['an unknown action', { level: 'strict', override: { expiry: 'ignore' } }, 'override'],
    ['skipping expiry', { level: 'strict', override: { expiry: 'skip' } }, 'override'],
    ['overriding integrity', { level: 'audit', override: { integrity: 'log' } }, 'override'],
    ['overriding skip', { level: 'skip', override: { expiry: 'log' } }, 'override'],
    ['verifyTimestamp', { level: 'strict', verifyTimestamp: 'never' }, 'verifyTimestamp'],
  ] as const)('I4 %s', (_, signatureVerification, expected) => {
    expect(rule(() => parse({ signatureVerification }))).toBe(expected);
  });

  it('I4 skip for everything', () => {
    const skip = { name: 's', signatureVerification: { level: 'skip' } };
    expect(rule(() => parseTrustPolicy(document({ ...skip, registryScopes: ['*'] })))).toBe('skipEverything');
    expect(rule(() => parseBlobTrustPolicy(document({ ...skip, globalPolicy: true })))).toBe('skipEverything');
    expect(parseTrustPolicy(document({ ...skip, registryScopes: ['a.b/c'] })).statements[0]?.level.name).toBe('skip');
    expect(rule(() => parse({ signatureVerification: { level: 'skip' } }))).toBe('listsForbidden');
  });

  it.each([
    ['trustedidentities'],
    ['TrustStores'],
    ['registryScope'],
    ['trustStore'],
    ['signatureVerificaton'],
    ['Name'],
  ])('I5 the misspelt member %s', (member) => {
    expect(rule(() => parse({ [member]: [] }))).toBe('member');
  });

  it.each([['overide'], ['Override'], ['verifytimestamp'], ['levels']])(
    'I5 %s under signatureVerification',
    (member) => {
      expect(rule(() => parse({ signatureVerification: { level: 'audit', [member]: {} } }))).toBe('member');
    },
  );

  it('I5 an unknown member is accepted with a warning, and refused on request', () => {
    const { warnings } = parse({ description: 'for the lab' });
    expect(warnings).toMatchObject([{ statement: 'p', member: 'description' }]);
    const strict = () => parseTrustPolicy(document({ ...good, description: 'x' }), { unknownMembers: 'refuse' });
    expect(rule(strict)).toBe('member');
  });

  it('I5 refuses a duplicate member', () => {
    const text = JSON.stringify(document(good)).replace('"name":"p"', '"name":"p","name":"q"');
    expect(rule(() => parseTrustPolicy(text))).toBe('json');
  });

  it('J3 members named like those of a prototype are data', () => {
    const text = JSON.stringify(document(good)).replace('"version"', '"__proto__":{"version":"1.0"},"version"');
    expect(parseTrustPolicy(text).warnings).toMatchObject([{ member: '__proto__' }]);
    expect(rule(() => parse({ registryScopes: ['__proto__'] }))).toBe('scopeFormat');
  });

  it.each([
    ['\\,', 'Org\\, Inc'],
    ['\\+', 'A\\+B'],
    ['\\"', 'A\\"B'],
    ['\\\\', 'A\\\\B'],
    ['\\;', 'A\\;B'],
    ['\\3D', 'A\\3DB'],
    ['a blank kept by its escape', '\\ Org\\ '],
    ['UTF-8 in hex', 'M\\C3\\BCnchen'],
    ['a literal quote', '"Org"'],
  ])('I7 RFC 4514: %s', (_, o) => {
    expect(parse({ trustedIdentities: [`x509.subject:C=US,ST=WA,O=${o}`] }).statements).toHaveLength(1);
  });

  it.each([
    ['=#', 'O=#04024f72'],
    ['=# in a value', 'O=a,CN=b=#c'],
    ['a dangling escape', 'O=a\\'],
    ['an escape that is none', 'O=\\q'],
    ['bytes that are not UTF-8', 'O=\\FF'],
    ['a trailing comma', 'O=a,'],
    ['no type', '=a,O=a'],
    ['NUL', 'O=a\\00b'],
    ['a tab at the end of a value', 'O=a\t'],
    ['a line break at the end of a value', 'O=a\n'],
    ['a no-break space before a type', '\u00a0O=a'],
    ['an escaped backslash before a blank', 'O=a\\\\ '],
    ['an escaped backslash before a blank, not at the end', 'O=a\\\\ ,CN=b'],
    ['two escaped backslashes before blanks', 'O=a\\\\\\\\  '],
    ['a type with an escaped backslash before a blank', 'O=a,x\\\\ =b'],
  ])('I7 refused: %s', (_, rest) => {
    expect(rule(() => parse({ trustedIdentities: [`x509.subject:C=US,ST=WA,${rest}`] }))).toBe('identity');
  });

  it.each(['\u00a0', '\ufeff', '\u3000', '\u2003', '\u2028', '\u200b', '\u202f'])(
    'I7 only U+0020 is a blank: %j stays in a value',
    (blank) => {
      for (const value of [`${blank}Org`, `Org${blank}`, ` ${blank}Org${blank} `]) {
        const [found] = parse({ trustedIdentities: [`x509.subject:C=US,ST=WA,O=${value}`] }).statements;
        const wanted = value.replace(/^ | $/g, '');
        expect(found?.trustedIdentities[0]).toHaveProperty(
          'attributes',
          new Map([
            ['C', 'US'],
            ['ST', 'WA'],
            ['O', wanted],
          ]),
        );
      }
    },
  );

  it('I7 blanks around a value go, an escaped one stays', () => {
    for (const [written, read] of [
      [' Org  ', 'Org'],
      ['Org\\  ', 'Org '],
      ['\\\\\\ ', '\\ '],
      ['\\\\x ', '\\x'],
      ['\\\\', '\\'],
    ]) {
      const [found] = parse({ trustedIdentities: [`x509.subject:C=US,ST=WA,O=${written}`] }).statements;
      expect(found?.trustedIdentities[0], written).toHaveProperty(
        'attributes',
        new Map([
          ['C', 'US'],
          ['ST', 'WA'],
          ['O', read],
        ]),
      );
    }
  });

  it('I7 parsing a name fails only with its code', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('CSTO=,+;\\ #"aé0F')) }), (text) => {
        try {
          parse({ trustedIdentities: [`x509.subject:C=US,ST=WA,O=a,${text}`] });
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_TRUST_POLICY' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['multi-valued', ['x509.subject:C=US+ST=WA,O=a'], 'identity'],
    ['multi-valued in a type', ['x509.subject:C=US,ST=WA,O=a,A+B='], 'identity'],
    ['multi-valued before every type', ['x509.subject:+C=US,ST=WA,O=a'], 'identity'],
    ['twice the same', ['x509.subject:C=US,ST=WA,O=a,CN=good,CN=evil'], 'identity'],
  ] as const)('I9 in a policy: %s', (_, trustedIdentities, expected) => {
    expect(rule(() => parse({ trustedIdentities }))).toBe(expected);
  });

  it.each([
    ['C missing', ['x509.subject:ST=WA,O=a'], 'identity'],
    ['ST missing', ['x509.subject:C=US,O=a'], 'identity'],
    ['O missing', ['x509.subject:C=US,ST=WA'], 'identity'],
    ['lower-case types', ['x509.subject:c=US,st=WA,o=a'], 'identity'],
    ['S and ST', ['x509.subject:C=US,S=WA,ST=WA,O=a'], 'identity'],
    ['* with others', ['*', identity], 'identityWildcard'],
    ['overlap', [identity, `${identity},CN=x`], 'identityOverlap'],
    ['equal', [identity, identity], 'identityOverlap'],
    ['no separator', ['x509.subject'], 'identity'],
    ['empty', [''], 'identity'],
  ] as const)('I12 %s', (_, trustedIdentities, expected) => {
    expect(rule(() => parse({ trustedIdentities }))).toBe(expected);
  });

  it('I12 S stands for ST', () => {
    const [statement] = parse({ trustedIdentities: ['x509.subject:C=US,S=WA,O=a'] }).statements;
    expect(statement?.trustedIdentities[0]).toMatchObject({
      attributes: new Map([
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'a'],
      ]),
    });
  });

  it.each(['ca', 'ca:', 'CA:s', 'ca:a/b', 'ca:..', 'ca:a b', 'x509:s', '*'])('I13 trust store %s', (store) => {
    expect(rule(() => parse({ trustStores: [store] }))).toBe('trustStore');
  });

  it.each([
    ['nothing', '', 'json'],
    ['two documents', '{} {}', 'json'],
    ['an array', '[]', 'json'],
    ['no version', {}, 'version'],
    ['another version', { version: '2.0' }, 'version'],
    ['no statement', document(), 'statements'],
    ['a statement that is none', document('x' as unknown as object), 'type'],
    ['lists that are none', document({ ...good, trustStores: 'ca:s' }), 'type'],
    ['no stores', document({ ...good, trustStores: [] }), 'listsRequired'],
    ['too deep', `{"version":${'['.repeat(40)}${']'.repeat(40)}}`, 'json'],
    ['too large', ' '.repeat(1024 * 1024 + 1), 'limit'],
    ['too many statements', document(...Array.from({ length: 1001 }, (_, i) => ({ ...good, name: `n${i}` }))), 'limit'],
  ])('B2 and shape: %s', (_, text, expected) => {
    expect(rule(() => parseTrustPolicy(text))).toBe(expected);
  });

  it('names the statement, the member and the rule', () => {
    const error = refusal(() => parse({}, { name: 'second', registryScopes: ['a/b c'] }));
    expect(error).toEqual({ code: 'ERR_TRUST_POLICY', rule: 'scopeFormat', statement: 'second' });
  });

  it('selects blob statements by name or the global one', () => {
    const { registryScopes: _, ...blob } = good;
    const parsed = parseBlobTrustPolicy(document({ ...blob, globalPolicy: true }, { ...blob, name: 'q' }));
    expect(selectBlobStatement(parsed)).toMatchObject({ matchedBy: 'global', matched: 'p' });
    expect(selectBlobStatement(parsed, 'q')).toMatchObject({ matchedBy: 'name', matched: 'q' });
    expect(refusal(() => selectBlobStatement(parsed, 'r')).code).toBe('ERR_TRUST_NO_STATEMENT');
    const two = document({ ...blob, globalPolicy: true }, { ...blob, name: 'q', globalPolicy: true });
    expect(rule(() => parseBlobTrustPolicy(two))).toBe('globalPolicy');
  });

  it('the wildcard scope applies when no other does', () => {
    expect(selectStatement(policy({ registryScopes: ['*'] }), 'x.y/z')).toMatchObject({ matchedBy: 'wildcard' });
  });
});

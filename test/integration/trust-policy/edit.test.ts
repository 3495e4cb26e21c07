import {
  addStatement,
  changeStatement,
  parseAnyTrustPolicy,
  parseTrustPolicy,
  removeStatement,
} from '@notarykit/trust-policy';
import { extendedVersion } from '@notarykit/trust-policy/internal';
import { describe, expect, it } from 'vitest';

const identity = (O: string) => `x509.subject:C=US,ST=WA,O=${O}`;

/** As somebody wrote it: in their own order, with a note that no reader knows, and lists in three styles. */
const document = `{
    "version": "1.0",
    "note": "kept \\" [ { as it is",
    "trustPolicies": [
        {
            "registryScopes": [ "registry.test/a", "registry.test/b" ],
            "name": "images",
            "signatureVerification": { "level": "strict", "override": {"revocation":"skip"} },
            "trustedIdentities": [
                "${identity('One')}",
                "${identity('Two')}"
            ],
            "trustStores": ["ca:one"]
        },
        {
            "name": "rest", "registryScopes": ["*"],
            "signatureVerification": {"level": "audit"},
            "trustStores": ["ca:one","ca:two"], "trustedIdentities": ["*"]
        }
    ]
}
`;

const statement = {
  name: 'new',
  registryScopes: ['registry.test/new'],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:one'],
  trustedIdentities: [identity('New')],
};

/** The lines that are in one text and not in the other. */
function changedLines(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

describe('changeStatement', () => {
  it('changes lists in their own style, and not another blank', () => {
    const after = changeStatement(document, 'images', {
      addScopes: ['registry.test/c'],
      removeScopes: ['registry.test/a'],
      addIdentities: [identity('Three')],
      removeIdentities: [identity('Two')],
      addTrustStores: ['ca:two'],
    });
    expect(changedLines(document, after)).toEqual([
      '- "registryScopes": [ "registry.test/a", "registry.test/b" ],',
      `- "${identity('Two')}"`,
      '- "trustStores": ["ca:one"]',
      '+ "registryScopes": [ "registry.test/b", "registry.test/c" ],',
      `+ "${identity('Three')}"`,
      '+ "trustStores": ["ca:one", "ca:two"]',
    ]);
    expect(parseTrustPolicy(after).statements[0]?.registryScopes).toEqual(['registry.test/b', 'registry.test/c']);
  });

  it('and back again gives the same text', () => {
    const there = changeStatement(document, 'rest', { addTrustStores: ['ca:three'] });
    expect(there).toContain('["ca:one","ca:two","ca:three"]');
    expect(changeStatement(there, 'rest', { removeTrustStores: ['ca:three'] })).toBe(document);
    expect(changeStatement(document, 'images', {})).toBe(document);
  });

  it('finds a scope by another spelling of it', () => {
    const after = changeStatement(document, 'images', { removeScopes: ['REGISTRY.test:443/a'] });
    expect(parseTrustPolicy(after).statements[0]?.registryScopes).toEqual(['registry.test/b']);
    expect(() => changeStatement(document, 'images', { addScopes: ['Registry.test/a'] })).toThrow('is in it already');
  });

  it('adds a list that is not there, or is null', () => {
    const skip = (lists: string) =>
      `{"version":"1.0","trustPolicies":[{"name":"s","registryScopes":["a.test/b"],"signatureVerification":{"level":"skip"}${lists}}]}`;
    // Level skip must have none: what would come of it is refused, and not written.
    for (const lists of ['', ',"trustStores":null'])
      expect(() => changeStatement(skip(lists), 's', { addTrustStores: ['ca:a'] })).toThrow(
        expect.objectContaining({ code: 'ERR_TRUST_POLICY' }),
      );
    expect(() => changeStatement(skip(',"trustStores":null'), 's', { removeTrustStores: ['ca:a'] })).toThrow(
      'is not in it',
    );
  });

  it.each([
    ['a statement that is not there', 'other', { addScopes: ['a.test/b'] }, '"images", "rest"'],
    ['a removal of what is not there', 'images', { removeIdentities: ['*'] }, 'is not in it'],
    ['an addition of what is there', 'images', { addIdentities: [identity('One')] }, 'is in it already'],
    ['an addition twice', 'images', { addTrustStores: ['ca:x', 'ca:x'] }, 'is in it already'],
    ['a removal of the last scope', 'rest', { removeScopes: ['*'] }, 'at least one scope'],
    [
      'a scope of another statement',
      'rest',
      { addScopes: ['registry.test/b'], removeScopes: ['*'] },
      'registry.test/b',
    ],
    ['a scope that is none', 'images', { addScopes: ['https://a.test/b'] }, 'registry/repository'],
    ['a scope of an extended policy in a plain one', 'images', { addScopes: ['registry.test'] }, 'registry/repository'],
    ['an identity beside "*"', 'rest', { addIdentities: [identity('One')] }, '"*"'],
    ['a signer where there is one', 'images', { addIdentities: [identity('New')], signer: 'x' }, 'there is no signer'],
  ])('refuses %s', (_, name, change, says) => {
    expect(() => changeStatement(document, name, change)).toThrow(
      expect.objectContaining({ code: 'ERR_TRUST_POLICY', message: expect.stringContaining(says) }),
    );
  });

  it('one signer of an extended policy, and its scopes', () => {
    const of = ['a', 'b'].map((name) => ({ name, trustStores: ['ca:one'], trustedIdentities: [identity(name)] }));
    const extended = JSON.stringify(
      {
        version: extendedVersion,
        trustPolicies: [
          {
            name: 's',
            registryScopes: ['r.test'],
            signatureVerification: { level: 'strict' },
            signers: { required: 2, of },
          },
        ],
      },
      undefined,
      '\t',
    );
    const after = changeStatement(extended, 's', {
      addScopes: ['other.test/team/*'],
      removeScopes: ['R.test'],
      addIdentities: [identity('new')],
      removeIdentities: [identity('b')],
      signer: 'b',
    });
    expect(changedLines(extended, after)).toEqual([
      '- "r.test"',
      `- "${identity('b')}"`,
      '+ "other.test/team/*"',
      `+ "${identity('new')}"`,
    ]);
    expect(() => changeStatement(extended, 's', { addIdentities: [identity('new')] })).toThrow(
      'each signer has its own',
    );
    expect(() => changeStatement(extended, 's', { addIdentities: ['*'], signer: 'c' })).toThrow(
      'there is no signer "c"',
    );
  });
});

describe('addStatement and removeStatement', () => {
  it.each([
    ['at the end', {}, ['images', 'rest', 'new']],
    ['before the first', { before: 'images' }, ['new', 'images', 'rest']],
    ['before the last', { before: 'rest' }, ['images', 'new', 'rest']],
  ])('add one %s, and take it away again to the last blank', (_, options, names) => {
    const after = addStatement(document, statement, options);
    expect(parseTrustPolicy(after).statements.map(({ name }) => name)).toEqual(names);
    expect(after).toContain(
      `\n        {\n            "name": "new",\n            "registryScopes": [\n                "registry.test/new"`,
    );
    expect(removeStatement(after, 'new')).toBe(document);
  });

  it('keep a document on one line, and one with line breaks of Windows', () => {
    const line = JSON.stringify(JSON.parse(document));
    const after = addStatement(line, statement);
    expect(after).not.toContain('\n');
    expect(parseTrustPolicy(after).statements).toHaveLength(3);
    const windows = document.replaceAll('\n', '\r\n');
    const added = addStatement(windows, statement);
    expect(added.replaceAll('\r\n', '')).not.toContain('\n');
    expect(removeStatement(added, 'new')).toBe(windows);
    const changed = changeStatement(windows, 'images', { addIdentities: [identity('Three')] });
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it.each([
    ['a name that is taken', () => addStatement(document, { ...statement, name: 'rest' })],
    ['a scope that is taken', () => addStatement(document, { ...statement, registryScopes: ['registry.test/a'] })],
    ['a place that is not there', () => addStatement(document, statement, { before: 'other' })],
    ['a member that is misspelt', () => addStatement(document, { ...statement, trustStore: [] })],
    ['a removal of what is not there', () => removeStatement(document, 'other')],
    ['a removal of the last one', () => removeStatement(removeStatement(document, 'rest'), 'images')],
    ['a document with comments', () => removeStatement(document.replace('{', '{ // ours'), 'rest')],
    ['a document that is not a string', () => removeStatement(JSON.parse(document) as string, 'rest')],
  ])('refuse %s', (_, run) => {
    expect(run).toThrow(expect.objectContaining({ code: 'ERR_TRUST_POLICY' }));
  });

  it('take an extended statement only into an extended document', () => {
    const extended = document.replace('"1.0"', JSON.stringify(extendedVersion)).replace(/ {4}"note".*\n/, '');
    const registry = { ...statement, registryScopes: ['registry.test'], expires: '2030-01-01T00:00:00Z' };
    expect(parseAnyTrustPolicy(addStatement(extended, registry)).statements).toHaveLength(3);
    expect(() => addStatement(document, registry)).toThrow(expect.objectContaining({ code: 'ERR_TRUST_POLICY' }));
  });
});

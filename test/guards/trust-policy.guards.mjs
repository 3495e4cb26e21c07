const source = 'packages/trust-policy/src';
const tests = 'test/integration/trust-policy';

const guard = (id, what, test, file, find, replace) => ({
  id,
  what,
  test: `${tests}/${test}.test.ts`,
  file: `${source}/${file}.ts`,
  find,
  replace,
});
/** A guard of the form `if (condition) …`: removed, the condition never holds. */
const never = (id, what, test, file, condition) => guard(id, what, test, file, `if (${condition})`, 'if (false)');

// I12, T8 and the file half of I14 stand behind two guards each, so that no single removal can be noticed.
export const guards = [
  never('I1', 'form of a scope', 'documents', 'document/scopes', "scope !== '*' && !isRegistryScope(scope)"),
  never('I1', 'a wildcard alone', 'documents', 'document/scopes', "scopes.includes('*') && scopes.length > 1"),
  never('I2', 'a repository in one statement', 'documents', 'document/scopes', 'owner !== undefined'),
  never('I2', 'names once', 'documents', 'document/parse', 'names.has(name)'),
  guard(
    'I3',
    'scopes compared exactly',
    'documents',
    'select',
    'statement.registryScopes.includes(repository)',
    'statement.registryScopes.some((scope) => scope.toLowerCase() === repository.toLowerCase())',
  ),
  never('I4', 'known levels', 'documents', 'document/statement', '!Object.hasOwn(verificationLevels, name)'),
  never(
    'I4',
    'skip is not for everything',
    'documents',
    'document/parse',
    "statement.level.base === 'skip' && statement.registryScopes.includes('*')",
  ),
  never('I5', 'misspelt members', 'documents', 'document/read', 'meant !== undefined || place.strict'),
  never('I7', 'values in hexadecimal', 'documents', 'identities/distinguished-name', "text.includes('=#')"),
  never('I9', 'multi-valued names', 'identities', 'identities/subject', 'subject.rdns.some((rdn) => rdn.length !== 1)'),
  never(
    'I9',
    'attributes once',
    'identities',
    'identities/subject',
    'attributes.has(type) && !lastCounts.includes(type)',
  ),
  never('I10', 'control characters', 'identities', 'identities/subject', 'controls.test(value)'),
  never('I10', 'string types', 'identities', 'identities/subject', '!comparableTags.includes(der[0] as number)'),
  never('I13', 'names of stores', 'trust-stores', 'trust-store/check-anchors', '!isTrustStoreName(name)'),
  never('I14', 'only folders', 'trust-stores', 'node/directory-trust-store', '!folder.isDirectory()'),
  never('I15', 'empty stores', 'trust-stores', 'trust-store/check-anchors', 'certificates.length === 0'),
  never('I16', 'what may be an anchor', 'trust-stores', 'trust-store/check-anchors', 'problem !== undefined'),
  never('I19', 'names of plugins', 'plugins', 'plugins/lookup', '!isTrustStoreName(name)'),
  never('T1', 'expiry', 'times', 'validations/expiry', 'time >= expiry'),
  never(
    'T7',
    'validity of the whole chain',
    'times',
    'validations/validity',
    'time < certificate.notBefore || time > certificate.notAfter',
  ),
  never(
    'P1',
    'the artifact that was signed',
    'verdicts',
    'validations/target',
    'wanted !== undefined && wanted !== found[member]',
  ),
  never(
    'P6',
    'subjects of referrers',
    'listing',
    'referrer',
    'subject === undefined || !sameContent(subject, artifact)',
  ),
  never('P11', 'number of signatures', 'listing', 'signature-search', 'this.full'),
  never('P13', 'required metadata', 'verdicts', 'validations/target', 'value !== expected'),
];

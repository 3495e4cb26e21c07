import { parseGatePolicy } from '@notarykit/sbom-gate';
import { parseBlobTrustPolicy, parseTrustPolicy, selectStatement } from '@notarykit/trust-policy';
import { selectBlobStatement } from '@notarykit/trust-policy/internal';
import { tellMistakes } from './mistake.ts';

const statement = {
  name: 'wabbit',
  registryScopes: ['registry.test/net-monitor'],
  trustStores: ['ca:wabbit'],
  trustedIdentities: ['x509.subject: C=US, ST=WA, O=wabbit-networks.io'],
  signatureVerification: { level: 'strict' },
};
const document = (members: object = {}): object => ({ version: '1.0', trustPolicies: [{ ...statement, ...members }] });
const policy = (members: object = {}) => parseTrustPolicy(document(members));
const code = 'ERR_TRUST_POLICY';
const where = 'wabbit';
const long = `registry.test/${'a'.repeat(230)}`;

tellMistakes('trust policies', [
  {
    name: 'a member is misspelt',
    make: () => policy({ registryScope: ['x'] }),
    code,
    where,
    found: 'registryScope',
    remedy: 'registryScopes',
  },
  {
    name: 'a member has capitals',
    make: () => policy({ TrustStores: [] }),
    code,
    where,
    found: 'TrustStores',
    remedy: 'trustStores',
  },
  {
    name: 'trustpolicies in small letters',
    make: () => parseTrustPolicy({ version: '1.0', trustpolicies: [statement] }),
    code,
    found: 'trustpolicies',
    remedy: 'trustPolicies',
  },
  {
    name: 'another version',
    make: () => parseTrustPolicy({ version: '2.0', trustPolicies: [statement] }),
    code,
    where: 'version',
    expected: '1.0',
    found: '2.0',
  },
  {
    name: 'a level that is unknown',
    make: () => policy({ signatureVerification: { level: 'strickt' } }),
    code,
    where,
    expected: 'strict',
    found: 'strickt',
  },
  {
    name: 'an action that is unknown',
    make: () => policy({ signatureVerification: { level: 'strict', override: { revocation: 'warn' } } }),
    code,
    where,
    expected: 'log',
    found: 'warn',
  },
  {
    name: 'integrity is overridden',
    make: () => policy({ signatureVerification: { level: 'strict', override: { integrity: 'skip' } } }),
    code,
    where,
    found: 'integrity',
  },
  {
    name: 'a scope with a tag',
    make: () => policy({ registryScopes: ['registry.test/a:v1'] }),
    code,
    where,
    found: 'registry.test/a:v1',
  },
  {
    name: 'a scope with a scheme',
    make: () => policy({ registryScopes: ['https://registry.test/a'] }),
    code,
    where,
    found: 'https://registry.test/a',
  },
  {
    name: 'a scope with a wildcard',
    make: () => policy({ registryScopes: ['registry.test/*'] }),
    code,
    where,
    found: 'registry.test/*',
  },
  { name: 'no scope', make: () => policy({ registryScopes: [] }), code, where, found: 'registryScopes' },
  {
    name: 'an identity without its prefix',
    make: () => policy({ trustedIdentities: ['C=US, ST=WA, O=a'] }),
    code,
    where,
    expected: 'x509.subject',
    found: 'C=US',
  },
  {
    name: 'an identity without a state',
    make: () => policy({ trustedIdentities: ['x509.subject: C=US, O=a'] }),
    code,
    where,
    expected: 'ST',
    found: 'C=US, O=a',
  },
  {
    name: 'a long identity without a state',
    make: () => policy({ trustedIdentities: [`x509.subject: C=US, O=${'a'.repeat(300)}, CN=the-end`] }),
    code,
    where,
    expected: 'ST',
    found: 'the-end',
  },
  {
    name: 'a store without type',
    make: () => policy({ trustStores: ['wabbit'] }),
    code,
    where,
    expected: 'ca',
    found: 'wabbit',
  },
  {
    name: 'a store of an unknown type',
    make: () => policy({ trustStores: ['root:wabbit'] }),
    code,
    where,
    expected: 'signingAuthority',
    found: 'root:wabbit',
  },
  {
    name: 'two statements with one scope',
    make: () => parseTrustPolicy({ version: '1.0', trustPolicies: [statement, { ...statement, name: 'b' }] }),
    code,
    where: 'registry.test/net-monitor',
  },
  {
    name: 'two statements with one name',
    make: () =>
      parseTrustPolicy({
        version: '1.0',
        trustPolicies: [statement, { ...statement, registryScopes: ['registry.test/b'] }],
      }),
    code,
    where,
  },
  { name: 'JSON with a comma too many', make: () => parseTrustPolicy('{"version":"1.0",}'), code, found: '}' },
  {
    name: 'a member appears twice',
    make: () => parseTrustPolicy('{"version":"1.0","version":"1.0"}'),
    code,
    found: 'version',
  },
  { name: 'no document', make: () => parseTrustPolicy(''), code },
  { name: 'a list in place of a document', make: () => parseTrustPolicy('[]'), code, expected: 'object' },
  {
    name: 'no statement for the repository',
    make: () => selectStatement(policy(), 'registry.test/net-monitr'),
    code: 'ERR_TRUST_NO_STATEMENT',
    where: 'registry.test/net-monitr',
    expected: 'registry.test/net-monitor',
    remedy: 'registryScopes',
  },
  {
    name: 'no statement for a long repository',
    make: () => selectStatement(policy(), `${long}/the-end`),
    code: 'ERR_TRUST_NO_STATEMENT',
    where: 'the-end',
    remedy: 'registryScopes',
  },
  {
    name: 'no blob statement of a name',
    make: () => selectBlobStatement(blobPolicy(), 'wabit'),
    code: 'ERR_TRUST_NO_STATEMENT',
    expected: 'wabbit',
    found: 'wabit',
  },
  {
    name: 'no global blob statement',
    make: () => selectBlobStatement(blobPolicy()),
    code: 'ERR_TRUST_NO_STATEMENT',
    expected: 'wabbit',
    remedy: 'globalPolicy',
  },
  {
    name: 'a document for blobs where one for artifacts is meant',
    make: () =>
      parseTrustPolicy({
        version: '1.0',
        trustPolicies: [{ ...statement, registryScopes: undefined, globalPolicy: true }],
      }),
    code,
    where,
    found: 'registryScopes',
  },
]);

function blobPolicy() {
  const { registryScopes: _, ...rest } = statement;
  return parseBlobTrustPolicy({ version: '1.0', trustPolicies: [rest] });
}

const head = { version: '1.0', name: 'p', signers: { build: { trustPolicy: 'b' } }, image: { signedBy: ['build'] } };
const gate = (members: object) => parseGatePolicy(JSON.stringify({ ...head, ...members }));
const scan = (members: object) => gate({ scan: { signedBy: ['build'], maxAge: '7d', block: {}, ...members } });
const rule = (members: object) => gate({ sbom: { signedBy: ['build'], blockPackages: [members] } });
const exception = (members: object) =>
  gate({ exceptions: [{ id: 'CVE-1', reason: 'looked at by hand', expires: '2027-01-01T00:00:00Z', ...members }] });
const bad = 'ERR_GATE_POLICY';

tellMistakes('gate policies', [
  { name: 'a block is misspelt', make: () => gate({ sbmo: {} }), code: bad, where: '/sbmo', expected: 'sbom' },
  {
    name: 'a member is misspelt',
    make: () => rule({ name: 'a', verions: 'x' }),
    code: bad,
    where: '/sbom/blockPackages/0/verions',
    remedy: 'versions',
  },
  {
    name: 'a member has other capitals',
    make: () => scan({ signedby: ['build'] }),
    code: bad,
    where: '/scan/signedby',
    remedy: 'signedBy',
  },
  {
    name: 'a duration in words',
    make: () => scan({ maxAge: '7 days' }),
    code: bad,
    where: '/scan/maxAge',
    found: '7 days',
  },
  {
    name: 'a severity in capitals',
    make: () => scan({ block: { severityAtOrAbove: 'CRITICAL' } }),
    code: bad,
    where: '/scan/block/severityAtOrAbove',
    found: 'CRITICAL',
    remedy: 'critical',
  },
  {
    name: 'a severity that is unknown',
    make: () => scan({ block: { severityAtOrAbove: 'important' } }),
    code: bad,
    expected: 'critical',
    found: 'important',
  },
  {
    name: 'a signer that is not declared',
    make: () => gate({ image: { signedBy: ['biuld'] } }),
    code: bad,
    where: '/image/signedBy',
    found: 'biuld',
    remedy: 'build',
  },
  {
    name: 'a statement that the trust policy lacks',
    make: () => parseGatePolicy(JSON.stringify(head), { statements: ['builds'] }),
    code: bad,
    where: '/signers/build/trustPolicy',
    expected: 'builds',
    found: '"b"',
  },
  {
    name: 'a version without quotation marks',
    make: () =>
      parseGatePolicy('version: 1.0\nname: p\nsigners: { build: { trustPolicy: b } }\nimage: { signedBy: [build] }\n'),
    code: bad,
    where: '/version',
    expected: '1.0',
    remedy: 'quotation marks',
  },
  {
    name: 'YAML that ends too early',
    make: () => parseGatePolicy('image: { signedBy: [build }'),
    code: bad,
    where: 'line 1',
  },
  { name: 'no signers', make: () => gate({ signers: {} }), code: bad, where: '/signers', expected: 'at least 1' },
  {
    name: 'no maxAge',
    make: () => gate({ scan: { signedBy: ['build'], block: {} } }),
    code: bad,
    where: '/scan',
    expected: 'maxAge',
  },
  {
    name: 'a format of another name',
    make: () => gate({ sbom: { signedBy: ['build'], formats: ['spdx2'] } }),
    code: bad,
    where: '/sbom/formats/0',
    found: 'spdx2',
    remedy: 'spdx-2',
  },
  {
    name: 'one format as text',
    make: () => gate({ sbom: { signedBy: ['build'], formats: 'syft' } }),
    code: bad,
    where: '/sbom/formats',
    expected: 'array',
    found: 'syft',
  },
  {
    name: 'a rule without package',
    make: () => rule({ versions: 'vers:npm/<1' }),
    code: bad,
    where: '/sbom/blockPackages/0',
    expected: 'purl',
  },
  {
    name: 'a package URL with a version',
    make: () => rule({ purl: 'pkg:npm/a@1.0.0' }),
    code: bad,
    where: '/sbom/blockPackages/0/purl',
    remedy: 'versions',
  },
  {
    name: 'a package URL without its scheme',
    make: () => rule({ purl: 'npm/a' }),
    code: bad,
    where: '/sbom/blockPackages/0/purl',
    found: 'npm/a',
  },
  {
    name: 'a long package URL without a name',
    make: () => rule({ purl: `pkg:npm/?${'a'.repeat(300)}=the-end` }),
    code: bad,
    expected: 'name',
    found: 'the-end',
  },
  {
    name: 'a range of another ecosystem',
    make: () => rule({ purl: 'pkg:npm/a', versions: 'vers:deb/<1' }),
    code: bad,
    where: '/sbom/blockPackages/0/versions',
    expected: 'vers:npm',
  },
  {
    name: 'a range that is none',
    make: () => rule({ purl: 'pkg:npm/a', versions: '<1.0' }),
    code: bad,
    where: '/sbom/blockPackages/0/versions',
    expected: 'vers:',
    found: '<1.0',
  },
  {
    name: 'a range with a version that is none',
    make: () => rule({ purl: 'pkg:npm/a', versions: 'vers:npm/<1' }),
    code: bad,
    where: '/sbom/blockPackages/0/versions',
    found: '"1"',
  },
  {
    name: 'an exception without end',
    make: () => exception({ expires: undefined }),
    code: bad,
    where: '/exceptions/0',
    expected: 'expires',
  },
  {
    name: 'an exception that ends on a day',
    make: () => exception({ expires: '2027-01-01' }),
    code: bad,
    where: '/exceptions/0/expires',
    expected: '2026-12-20T00:00:00Z',
    found: '2027-01-01',
  },
  {
    name: 'an exception without a word of why',
    make: () => exception({ reason: 'x' }),
    code: bad,
    where: '/exceptions/0/reason',
    expected: '8',
    found: '"x"',
  },
  {
    name: 'a platform without its system',
    make: () => gate({ image: { signedBy: ['build'], platforms: ['amd64'] } }),
    code: bad,
    where: '/image/platforms',
    expected: 'linux/amd64',
  },
  {
    name: 'a name with blanks',
    make: () => gate({ name: 'my policy' }),
    code: bad,
    where: '/name',
    found: 'my policy',
  },
]);

const providers = 'packages/kms-providers/src';
const tests = 'test/integration/kms-providers';

const guard = (test) => (id, what, file, find, replace) => ({
  id,
  what,
  test: `${tests}/${test}.test.ts`,
  file: `${providers}/${file}.ts`,
  find,
  replace,
});
const azure = guard('azure');
const behaviour = guard('behaviour');
const errors = guard('errors');
const login = guard('vault-login');
const kit = guard('broken-signers');
export const guards = [
  azure(
    'K1',
    'a key of Azure has a version',
    'azure',
    '  checkVersioned(keyId);\n  return remoteSigner',
    '  return remoteSigner',
  ),
  behaviour('K1', 'the version that was pinned signs', 'vault/transit', '      key_version: version,', ''),
  behaviour('K10', 'a key is looked up once', 'remote/open-once', 'opened ??= start()', 'opened = start()'),
  errors(
    'K3',
    'a cut connection is no time-out',
    'aws/errors',
    "if (isNetworkFailure(code)) return 'unavailable';",
    '',
  ),
  errors('K3', 'a quota of Google passes', 'gcp/errors', "8: 'throttled',", ''),
  errors('K3', 'a quota of Azure passes', 'azure/errors', "if (statusCode === 429) return 'throttled';", ''),
  login('K10', 'one login for many', 'vault/login', "await flight('login', renew)", 'await renew()'),
  kit(
    'K4',
    'a signer that ignores a signal',
    'conformance/cases',
    "demand(!ok, 'sign() ignores",
    "demand(true, 'sign() ignores",
  ),
  kit('K4', 'a rejection that is lost', 'conformance/cases', 'lost.length === 0,', 'true,'),
];

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
const hostile = guard('services-hostile');
const issued = guard('certificates');
/** The border of a service: without it, what the service repeats comes through. */
const redaction = (what, file, find, replace) => ({
  id: 'K6',
  what,
  test: `${tests}/redaction.test.ts`,
  file,
  find,
  replace,
});
const redirects = (what, ...edits) => ({
  id: 'R16',
  what,
  test: 'test/integration/redirects.test.ts',
  edits: edits.map(([file, find, replace]) => ({ file: `packages/${file}.ts`, find, replace })),
});
const manual = (what, file) => redirects(what, [file, "redirect: 'manual'", "redirect: 'follow'"]);
export const guards = [
  manual('a token stays with its service', 'kms-providers/src/remote/json-exchange'),
  manual('a timestamping authority is the one that was chosen', 'pki/src/timestamp/http-timestamper'),
  manual('redirects of a CRL are checked', 'pki/src/revocation/http-source'),
  redirects(
    'a redirect logs nobody in',
    ['kms-providers/src/vault/login', 'if (isRedirect(status)) throw statusError(found, path);', ''],
    ['kms-providers/src/vault/login', 'if (status !== 200) throw', 'if (false) throw'],
  ),
  redirects('a place with credentials', [
    'pki/src/revocation/url-rules',
    "if (url.username !== '' || url.password !== '') refuse(text, 'credentials');",
    '',
  ]),
  redirects('credentials of a place are not repeated', ['pki/src/revocation/url-rules', 'quoteUrl(text)}', 'text}']),
  azure(
    'K1',
    'a key of Azure has a version',
    'azure',
    '  checkVersioned(keyId);\n  return remoteSigner',
    '  return remoteSigner',
  ),
  behaviour('K1', 'the version that was pinned signs', 'vault/transit', '      key_version: version,', ''),
  behaviour('K10', 'a key is looked up once', 'remote/open-once', 'if (asked === round) found = { value };', ''),
  errors(
    'K3',
    'a cut connection is not a time-out',
    'aws/errors',
    "if (isNetworkFailure(code)) return 'unavailable';",
    '',
  ),
  errors('K3', 'a quota of Google passes', 'gcp/errors', "8: 'throttled',", ''),
  errors('K3', 'a quota of Azure passes', 'azure/errors', "if (statusCode === 429) return 'throttled';", ''),
  login(
    'K10',
    'one login for many',
    'vault/login',
    "await flight('login', renew, defined({ signal }))",
    'await renew(new AbortController().signal)',
  ),
  hostile('K5', 'names of Vault', 'vault/http', 'namePattern.test(name)', 'true'),
  hostile('K5', 'paths of Vault', 'vault/http', "part.split('/').every(isPlain)", 'true'),
  hostile('K5', 'names of Google', 'gcp/name', 'if (isVersionName(name)', 'if (true || isVersionName(name)'),
  hostile('K5', 'versions that Google lists', 'gcp/calls', 'if (mismatch !== undefined)', 'if (false)'),
  hostile('K5', 'names of Azure', 'azure/certificate', '!/^[0-9A-Za-z-]{1,127}$/.test(name)', 'false'),
  hostile('K5', 'http to another machine', 'remote/service-url', "addressKind(url.hostname) !== 'loopback'", 'false'),
  hostile('K5', 'passwords in an address', 'remote/service-url', "url.username !== '' || url.password !== ''", 'false'),
  hostile('K5', 'tokens of a header', 'remote/service-url', '/^[\\x21-\\x7e]+$/.test(token)', 'true'),
  hostile(
    'K1',
    'pages',
    'gcp/rest-client',
    "token = typeof nextPageToken === 'string' ? nextPageToken : '';",
    "token = '';",
  ),
  hostile(
    'K3',
    'answers that were cut',
    'remote/json-exchange',
    "fail('unavailable', 'no complete answer was received', cause)",
    'cause',
  ),
  {
    id: 'K3',
    what: 'signatures of another type',
    test: `${tests}/services-hostile.test.ts`,
    // The service's own check, and that of whoever signs by any signer.
    edits: [
      {
        file: `${providers}/remote/remote-signer.ts`,
        find: "return requireBytes(answer, 'the signature of the service');",
        replace: 'return answer as Uint8Array;',
      },
      {
        file: 'packages/signature-envelope/src/signers/checked-signer.ts',
        find: "requireBytes(signature, 'the signature');",
        replace: '',
      },
    ],
  },
  hostile(
    'K4',
    'look-ups with a limit',
    'remote/open-once',
    'withDeadline(limit, signal, work)',
    'withDeadline(2 ** 31 - 1, signal, work)',
  ),
  hostile(
    'K10',
    'logins without a right',
    'vault/http',
    'if (again.status === 403) denied.set(path, performance.now());',
    '',
  ),
  issued(
    'K2',
    'another subject',
    'csr/check-issued',
    'if (JSON.stringify(values) === JSON.stringify(found.get(type))) continue;',
    'continue;',
  ),
  issued(
    'K2',
    'another request that waits',
    'azure/request-certificate',
    'if (waited) checkPending(',
    'if (false) checkPending(',
  ),
  issued('K1', 'a merged key without version', 'azure/request-certificate', '  checkVersioned(keyId);\n', ''),
  redaction(
    'errors of an endpoint',
    'packages/common/src/redact/redactor.ts',
    'throw createRedactor(secrets()).value(error);',
    'throw error;',
  ),
  redaction('Google over REST', `${providers}/gcp/rest-client.ts`, 'redactor.text(message)', 'message'),
  redaction(
    'tokens of Azure',
    `${providers}/azure/errors.ts`,
    'return redactor.value(translated);',
    'return translated;',
  ),
  redaction('tokens of Vault', `${providers}/vault/http.ts`, 'if (token !== undefined) noteToken(server, token);', ''),
  redaction('PINs', `${providers}/pkcs11/pin.ts`, 'secrets: () => given,', 'secrets: () => [],'),
  redaction(
    'dumps and lists of bytes',
    'packages/common/src/redact/encoded.ts',
    'const encodings = [base64, hexadecimal, dump, numbers];',
    'const encodings = [base64, hexadecimal];',
  ),
  redaction('two bytes a character', 'packages/common/src/redact/encoded.ts', 'bytes.includes(0) ?', 'false ?'),
  {
    id: 'K3',
    what: 'answers that cannot be read',
    test: `${tests}/unreadable-answers.test.ts`,
    file: `${providers}/remote/network.ts`,
    find: "if (name === 'SyntaxError' || name === 'TypeError' || code === 'PARSE_ERROR') return true;",
    replace: '',
  },
  {
    id: 'K3',
    what: 'who waits for a session of a lost token',
    test: `${tests}/pkcs11.test.ts`,
    file: `${providers}/pkcs11/session-pool.ts`,
    find: "if (closed) throw new Error('CKR_SESSION_CLOSED');",
    replace: "if (closed) throw new Error('closed');",
  },
  redaction(
    'encodings',
    'packages/common/src/redact/redactor.ts',
    'const hidden = hiddenRuns(text, search, most, 0);',
    'const hidden = new Map<number, number>();',
  ),
  {
    id: 'K9',
    what: 'iterations of a whole file',
    test: 'test/integration/pki/keys.test.ts',
    file: 'packages/pki/src/keys/pkcs12-kdf.ts',
    find: '  budget.take(iterations);\n',
    replace: '',
  },
  kit(
    'K4',
    'a reason that is lost',
    'conformance/call-cases',
    "error === reason, 'sign() loses",
    "true, 'sign() loses",
  ),
  kit(
    'K4',
    'a description that ignores',
    'conformance/call-cases',
    "!before.ok, 'describe() ignores",
    "true, 'describe() ignores",
  ),
  kit('K4', 'listeners that are left', 'conformance/call-cases', 'left() < 5', 'left() >= 0'),
  kit('K3', 'plain errors', 'conformance/call-cases', 'isSignerError(error),\n      `sign()', 'true,\n      `sign()'),
  {
    id: 'K1',
    what: 'explicit parameters in every member',
    test: 'test/integration/pki/key-files.test.ts',
    file: 'packages/pki/src/keys/explicit-curve.ts',
    find: 'return members.includes(found) && (seedFound === undefined || seedFound === known);',
    replace: 'return true;',
  },
  {
    id: 'K9',
    what: 'parameters of scrypt',
    test: 'test/integration/pki/key-files.test.ts',
    file: 'packages/pki/src/keys/pbes2.ts',
    find: '128 * r * (N + p) > mostMemory',
    replace: 'false',
  },
  kit(
    'K4',
    'a signer that ignores a signal',
    'conformance/cases',
    "demand(!ok, 'sign() ignores",
    "demand(true, 'sign() ignores",
  ),
  kit('K4', 'a rejection that is lost', 'conformance/cases', 'lost.length === 0,', 'true,'),
];

const source = 'packages/notarykit/src/verdict';
const cache = 'test/integration/notarykit/verdict-cache.test.ts';
const request = 'test/integration/notarykit/verdict-request.test.ts';

const row = (id, what, test, file, find, replace) => ({ id, what, test, file: `${source}/${file}.ts`, find, replace });
const entry = (what, find, replace) =>
  row('an entry that is no report of this artifact under this policy', what, cache, 'stored', find, replace);
const key = (what, find, replace) => row('another request:', what, request, 'keys', find, replace);

export const guards = [
  {
    id: 'copyBytes shares no memory',
    what: 'a copy of a Buffer is one',
    test: 'packages/common/src/bytes.test.ts',
    file: 'packages/common/src/bytes.ts',
    find: '  return new Uint8Array(bytes);',
    replace: '  return bytes.slice() as Bytes;',
  },
  {
    id: 'a list of certificates that its store changes',
    what: 'what was read is copied',
    test: 'test/integration/notarykit/verdict-request.test.ts',
    file: 'packages/trust-policy/src/trust-store/pin.ts',
    find: 'Object.isFrozen(certificates) ? certificates : Object.freeze([...certificates])',
    replace: 'certificates',
  },
  {
    id: 'GV5',
    what: 'one time where a scan is made on the way',
    test: 'test/integration/admission/verify-with.test.ts',
    file: 'packages/admission/src/verify/verify-with.ts',
    find: 'await verdictRequest(view, { descriptor }, atOneTime(asked, evidence))',
    replace: 'await verdictRequest(view, { descriptor }, asked)',
  },
  {
    id: 'the source tells apart',
    what: 'how a connection is made',
    test: 'test/integration/registry-client/names.test.ts',
    file: 'packages/registry-client/src/source-name.ts',
    find: 'proxy: { part: itself },',
    replace: "proxy: { outside: '' },",
  },
  {
    id: 'a policy that was changed',
    what: 'what freezing does not reach is digested each time',
    test: 'test/integration/notarykit/verdict-request.test.ts',
    file: 'packages/notarykit/src/verdict/frozen.ts',
    find: 'if (isFrozenForEver(value)) digests.set',
    replace: 'digests.set',
  },
  {
    id: 'a policy that computes',
    what: 'a getter has no digest',
    test: 'test/integration/notarykit/verdict-request.test.ts',
    file: 'packages/notarykit/src/verdict/frozen.ts',
    find: ' || isComputed(value)',
    replace: '',
  },
  {
    id: 'a verdict is of the whole request:',
    what: "a gate's own clock",
    test: 'test/integration/admission/verify-with.test.ts',
    file: 'packages/admission/src/verify/verify-with.ts',
    find: 'at: trust.at ?? moment, fixed: true }',
    replace: 'at: trust.at ?? moment, fixed: trust.at !== undefined }',
  },
  entry('an entry repeats its key', 'entry.key !== key || ', ''),
  entry('an entry repeats its subject', '!entry.about.every((about) => isAbout(about, request))', 'false'),
  entry(
    'an entry has its report',
    'isReport(told, verdict) ? { verdict, report: told as unknown as TrustReport } : undefined',
    '{ verdict, report: told as unknown as TrustReport }',
  ),
  entry(
    'the report of an entry repeats its subject',
    "...(verdict.report === undefined ? [] : [asObject(asObject(report)['subject'])])",
    '',
  ),
  entry('an entry of the future', 'age.now >= evaluatedAt && ', ''),
  entry('an entry that is too old', ' && age.now - evaluatedAt < ttl', ''),
  entry('an entry past its end', ' && (validUntil === undefined || validUntil > age.now)', ''),
  key('tenants', 'tenant: { part: itself }', "tenant: { outside: '' }"),
  key('what stands behind a name', '  source: { part: itself },', "  source: { outside: '' },"),
  key('the name of an image for exceptions', 'reference: { part: itself }', "reference: { outside: '' }"),
  key('the platforms that are asked for', 'platforms: { part: itself }', "platforms: { outside: '' }"),
  key('times that are given', "return fixed ? [now.getTime(), at.getTime()] : 'clock';", "return 'clock';"),
  key('the rules of a gate', 'rules: { part: named }', "rules: { outside: '' }"),
  key('what was seen before', '  seen: { part: (seen) => [...seen].sort() },', "  seen: { outside: '' },"),
  key(
    'who signs evidence',
    '  signers: { part: (signers) => signersKey(signers, trustRows) },',
    "  signers: { outside: '' },",
  ),
  row(
    'another request:',
    'a digest is used again for an equal key only',
    request,
    'request-digest',
    'last !== undefined && isSameKey(last.key, key)',
    'last !== undefined',
  ),
  row(
    'what has no name is not remembered,',
    'ports without an identity',
    request,
    'keys',
    'if (identity === undefined) return undefined;',
    '',
  ),
  row(
    'what has no name is not remembered,',
    'a repository without a source',
    request,
    'keys',
    "const source = request.subject.source === undefined ? ['subject.source'] : [];",
    'const source: string[] = [];',
  ),
  row(
    'a policy that was changed',
    'policies are told apart by content',
    request,
    'frozen',
    'const key = contentKey(deepFreeze(value), 0);',
    'const key = String((value as { readonly digest?: string }).digest);',
  ),
  row(
    'never keeps what could not be decided,',
    'what could not be found out is not remembered',
    request,
    'cache',
    "if (verdict === 'undecided') return 0;",
    '',
  ),
  row(
    'what a gate will not allow for long',
    'a decision of a gate ends with what it rests on',
    'test/integration/admission/verify-with.test.ts',
    'decide',
    "return at(horizon).verdict === 'ALLOW' ? horizon : now;",
    'return horizon;',
  ),
  {
    id: 'keeps refusals',
    what: 'a refusal is not kept as long as trust',
    test: request,
    edits: [
      {
        file: `${source}/cache.ts`,
        find: "const longest = verdict === 'refused' ? refusedTtlMs : trustedTtlMs;",
        replace: 'const longest = Math.max(refusedTtlMs, trustedTtlMs);',
      },
      {
        file: `${source}/stored.ts`,
        find: "const ttl = verdict.verdict === 'refused' ? age.refusedTtlMs : age.trustedTtlMs;",
        replace: 'const ttl = age.trustedTtlMs;',
      },
    ],
  },
];

const source = 'packages/admission/src';
const cases = 'test/integration/admission/cases.test.ts';
const inTime = 'test/integration/admission/cases-in-time.test.ts';

export const guards = [
  {
    id: 'policy reload',
    what: 'a verdict is of the policy of its key',
    test: inTime,
    file: `${source}/verify/verify-with.ts`,
    find: 'decide(await open(reference, asked), digest, policy, asked)',
    replace: "decide(await open(reference, asked), digest, typeof given === 'function' ? given(asked) : given, asked)",
  },
  {
    id: 'registry 429',
    what: 'a registry that asks for patience is left alone',
    test: inTime,
    file: `${source}/verify/registry-guard.ts`,
    find: 'if (left > 0)',
    replace: 'if (false)',
  },
  {
    id: 'deletionTimestamp:',
    what: 'finalizers can be taken away',
    test: cases,
    file: `${source}/review/review.ts`,
    find: "return operation === 'UPDATE' && marked;",
    replace: 'return false;',
  },
  {
    id: 'image volume',
    what: 'image volumes are images',
    test: cases,
    file: `${source}/images/slots.ts`,
    find: "  '/volumes/*/image/reference',\n",
    replace: '',
  },
  {
    id: 'unknown kind:',
    what: 'no match is no permission',
    test: cases,
    file: `${source}/review/review.ts`,
    find: "return options.unknownKinds === 'allow'",
    replace: "return options.unknownKinds !== 'deny'",
  },
  {
    id: 'unparseable image',
    what: 'what a user wrote is quoted',
    test: cases,
    file: `${source}/review/response.ts`,
    find: '? image : quote(image);',
    replace: '? image : image;',
  },
  {
    id: 'client CA',
    what: 'clients show a certificate',
    test: 'test/integration/admission/server.test.ts',
    file: `${source}/node/server.ts`,
    find: '{ requestCert: true, rejectUnauthorized: true }',
    replace: '{}',
  },
];

const shell = 'packages/cli/src/shell';
const artifacts = 'test/integration/cli/artifacts.test.ts';

export const guards = [
  {
    id: 'CL1',
    what: 'what comes from an artifact is text in a page',
    test: 'test/integration/cli/pages.test.ts',
    file: `${shell}/html/markup.ts`,
    find: 'return escaped(String(piece));',
    replace: 'return String(piece);',
  },
  {
    id: 'CL2',
    what: 'an account of the environment is for no side of a copy',
    test: artifacts,
    file: `${shell}/account.ts`,
    find: "const env = prefix === '' ? process.env : {};",
    replace: 'const env = process.env;',
  },
  {
    id: 'CL3',
    what: 'a password that looks like an option is in no message',
    test: artifacts,
    file: `${shell}/arguments.ts`,
    find: 'if (secret)',
    replace: 'if (false)',
  },
  {
    id: 'CL4',
    what: 'an audit that found nothing has no page that says yes',
    test: 'test/integration/cli/pages.test.ts',
    file: `${shell}/html/audit.ts`,
    find: "return found.has('yes') && !found.has('neutral') ? 'yes' : 'neutral';",
    replace: "return 'yes';",
  },
];

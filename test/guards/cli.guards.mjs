const shell = 'packages/cli/src/shell';
const artifacts = 'test/integration/cli/artifacts.test.ts';

export const guards = [
  {
    id: 'PAGE_ESCAPED',
    what: 'what comes from an artifact is text in a page',
    test: 'test/integration/cli/pages.test.ts',
    file: `${shell}/html/markup.ts`,
    find: 'return escaped(String(piece));',
    replace: 'return String(piece);',
  },
  {
    id: 'COPY_ACCOUNT',
    what: 'an account of the environment is for no side of a copy',
    test: artifacts,
    file: `${shell}/account.ts`,
    find: "const env = prefix === '' ? process.env : {};",
    replace: 'const env = process.env;',
  },
  {
    id: 'SECRET_OPTION',
    what: 'a password that looks like an option is in no message',
    test: artifacts,
    file: `${shell}/arguments.ts`,
    find: 'if (secret)',
    replace: 'if (false)',
  },
  {
    id: 'AUDIT_PAGE',
    what: 'an audit that found nothing has no page that says yes',
    test: 'test/integration/cli/pages.test.ts',
    file: `${shell}/html/audit.ts`,
    find: "return found.has('yes') && !found.has('neutral') ? 'yes' : 'neutral';",
    replace: "return 'yes';",
  },
  {
    id: 'BASE_IMAGE_OPTION',
    what: 'base images that were verified are not named where nothing is held against them',
    test: 'test/integration/cli/base-images.test.ts',
    file: `${shell}/base-images.ts`,
    find: "if (given !== undefined && provenance?.baseImages !== 'verified')",
    replace: 'if (false)',
  },
  {
    id: 'PLUGIN_SUMMARY',
    what: 'no summary is made or accepted beside a plugin that verifies',
    test: 'test/integration/cli/summaries.test.ts',
    file: `${shell}/gate.ts`,
    find: '({ capabilities }) => capabilities.length > 0,',
    replace: '() => false,',
  },
  {
    id: 'COPY_SCOPE',
    what: 'a layout is copied under a named scope',
    test: artifacts,
    file: `${shell}/scope.ts`,
    find: 'if (!args.flag(layout)) return {};',
    replace: 'return {};',
  },
];

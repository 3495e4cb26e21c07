const cli = 'packages/cli/src';
const plugins = 'test/integration/cli/plugins.test.ts';
const stores = 'test/integration/cli/stores-and-keys.test.ts';
const accounts = 'packages/registry-client/src/node/credentials';

/** One guard: where it stands, and what is there when it is removed. */
const guard = (id, what, test, file, find, replace) => ({ id, what, test, file, find, replace });

export const guards = [
  guard(
    'is written only with permission, readable only by its owner, and found',
    'no secret in plain text unasked',
    `${accounts}/account-store.test.ts`,
    `${accounts}/account-store.ts`,
    'if (!plainText && !isSame(config.entry(registry), account))',
    'if (false)',
  ),
  guard(
    'refuses a link in a tar.gz, and leaves nothing',
    'links in a tar.gz',
    plugins,
    `${cli}/shell/plugin-archive.ts`,
    "if (type === 'other') throw",
    'if (false) throw',
  ),
  guard(
    'refuses a link in a zip, and leaves nothing',
    'links in a zip',
    plugins,
    `${cli}/shell/plugin-archive.ts`,
    'if (!isFile) throw',
    'if (false) throw',
  ),
  guard(
    'checks the sum that it is given',
    'SHA-256 of a plugin',
    plugins,
    `${cli}/commands/plugin-install.ts`,
    'if (expected !== undefined) checkSum(bytes, expected);',
    '',
  ),
  guard(
    'a newer version replaces all of an older one, others only by force',
    'older versions of a plugin',
    plugins,
    `${cli}/shell/plugin-install.ts`,
    'if (!force) checkNewer(plugin, before);',
    '',
  ),
  guard(
    '/plain installs nothing',
    'redirects to plain http',
    plugins,
    `${cli}/shell/download.ts`,
    "if (url?.protocol === 'https:' && ",
    'if (url !== undefined && ',
  ),
  guard(
    'does not write an invalid list',
    'lists of keys are checked before they are changed',
    stores,
    `${cli}/shell/signing-keys-file.ts`,
    '    await notationConfiguration().signingKeys();\n',
    '',
  ),
];

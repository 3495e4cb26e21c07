import { expect, it } from 'vitest';
import { verifyCommand } from '../../../packages/cli/src/commands/verify.js';
import { runWith } from '../../../packages/cli/src/shell/run.js';
import { runHere } from '../../support/run-here.js';

// `bin/notarykit.js` starts a program with this one command when the first word is `verify`.
const alone = (words: readonly string[]): Promise<number> =>
  runWith({ commands: [verifyCommand], groups: {}, groupAliases: {} }, words, {});

it.each([
  ['the help', ['--help']],
  ['no reference', []],
  ['two references', ['a.test/b:v1', 'c']],
  ['an unknown option', ['--nope', 'a.test/b:v1']],
  ['a reference that cannot be read', ['net-monitor']],
  ['an option without effect', ['--oci-layout', '--username', 'dev', 'a:v1']],
  ['a format that is not offered', ['--format', 'sarif', 'a.test/b:v1']],
  ['JSON', ['--json', 'net-monitor']],
  ['a missing policy', ['--oci-layout', '--scope', 'a.test/b', 'missing:v1']],
  ['the version', ['--version']],
])('the program that only verifies answers like the whole one: %s', async (_, words) => {
  const env = { NOTATION_CONFIG: '/missing' };
  const whole = await runHere(['verify', ...words], env);
  expect(await runHere(['verify', ...words], env, alone)).toEqual(whole);
  expect(whole.stdout + whole.stderr).not.toBe('');
});

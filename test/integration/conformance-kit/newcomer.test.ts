import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verify } from '../../../conformance/adapters/notarykit/verify.mjs';
import { casesFolder, loadCases, runInProcess } from '../../../conformance/kit.mjs';
import { temporaryFolder } from '../../interop/support/folder.js';
import { succeed } from '../../interop/support/program.js';

const kit = fileURLToPath(new URL('../../../conformance', import.meta.url));

/** The commands that the README gives to whoever adds a case. */
function commandsOfReadme(): string {
  const [, section = ''] = readFileSync(join(kit, 'README.md'), 'utf8').split('## Add a case');
  const [, commands] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  if (commands === undefined) throw new Error('the README has no commands below "Add a case"');
  return commands;
}

test('a newcomer adds a case in one directory, as the README says', async () => {
  const copy = temporaryFolder();
  for (const name of ['run.mjs', 'package.json', 'lib']) cpSync(join(kit, name), join(copy, name), { recursive: true });
  mkdirSync(join(copy, 'cases'));
  cpSync(join(casesFolder, 'jws-es256-oci'), join(copy, 'cases', 'jws-es256-oci'), { recursive: true });

  const printed = await succeed('sh', ['-e', '-c', commandsOfReadme()], { cwd: copy });

  expect(printed).toContain('1 cases are well-formed');
  const cases = loadCases(join(copy, 'cases'));
  expect(cases.map(({ id }) => id)).toEqual(['jws-es256-oci', 'my-first-case']);
  expect(await runInProcess(cases, verify)).toEqual(cases.map(({ id }) => ({ id, result: 'passed' })));
});

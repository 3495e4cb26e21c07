import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { archive, loadCases } from '../../../conformance/kit.mjs';
import { temporaryFolder } from '../../interop/support/folder.js';
import { succeed } from '../../interop/support/program.js';

test('the archive of the conformance kit works on its own', async () => {
  const folder = temporaryFolder();
  const { name, bytes } = archive();
  expect(archive().bytes.equals(bytes), 'the same sources give the same archive').toBe(true);
  writeFileSync(join(folder, name), bytes);
  await succeed('tar', ['-xzf', name], { cwd: folder });
  const root = join(folder, name.replace('.tar.gz', ''));

  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({ license: 'Apache-2.0' });
  expect(manifest).not.toHaveProperty('dependencies');
  expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toContain('Apache License');
  expect(existsSync(join(root, 'adapters/notarykit'))).toBe(false);

  const printed = await succeed(process.execPath, ['run.mjs', '--check'], { cwd: root });
  expect(printed).toBe(`${loadCases().length} cases are well-formed\n`);
  const plugin = join(root, 'cases/plugin-jws-identity/config/plugins/kit-plugin/notation-kit-plugin');
  expect(statSync(plugin).mode & 0o111).not.toBe(0);
  expect(await succeed(process.execPath, ['generate/main.mjs', '--check'], { cwd: root })).toContain(
    'the cases are those',
  );
});

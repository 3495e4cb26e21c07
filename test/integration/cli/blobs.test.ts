import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const tool = cliTool();
const desk = cliDesk();
beforeAll(async () => {
  await mkdir(join(desk.folder, 'sub'));
  await mkdir(join(desk.folder, 'signatures'));
  await writeFile(join(desk.folder, 'sub/f'), 'content');
});
const run = (...words: string[]) => runProgram(tool.path, ['blob', ...words], { cwd: desk.folder, env: desk.env });

it('writes the signature beside the file, or into the given folder', async () => {
  expect(await run('sign', 'sub/f')).toMatchObject({ code: 0, stdout: expect.stringContaining('sub/f.jws.sig') });
  expect(await run('sign', '--signature-format', 'cose', '--signature-directory', 'signatures', 'sub/f')).toMatchObject(
    {
      code: 0,
    },
  );
  expect((await readdir(join(desk.folder, 'sub'))).sort()).toEqual(['f', 'f.jws.sig']);
  expect(await readdir(join(desk.folder, 'signatures'))).toEqual(['f.cose.sig']);
  expect(await run('sign', 'sub/f')).toMatchObject({ code: 3, stderr: expect.stringContaining('--force') });
  expect(await run('sign', '--force', 'sub/f')).toMatchObject({ code: 0 });
  expect(await run('sign', '--signature-directory', '', 'sub/f')).toMatchObject({ code: 2 });
});

it('durations as notation writes them', async () => {
  expect(await run('sign', '--force', '--expiry', '3h20m', 'sub/f')).toMatchObject({ code: 0 });
  const { stdout } = await run('inspect', '--json', 'sub/f.jws.sig');
  const { signedAttributes } = JSON.parse(stdout) as { signedAttributes: { signingTime: string; expiry: string } };
  const good = Date.parse(signedAttributes.expiry) - Date.parse(signedAttributes.signingTime);
  // Both are whole seconds, taken one after the other.
  expect(Math.abs(good - 12_000_000)).toBeLessThanOrEqual(60_000);
  expect(await run('sign', '--force', '--expiry', '0s', 'sub/f')).toMatchObject({ code: 2 });
});

it.each(['other-media-type', 'text/plain; charset=utf-8', 'application/vnd.wabbit.sbom+json'])(
  'a media type of the user: %s',
  async (type) => {
    expect(await run('sign', '--force', '--media-type', type, 'sub/f')).toMatchObject({ code: 0 });
    const verify = ['verify', '--signature', 'sub/f.jws.sig', 'sub/f'];
    expect(await run(...verify, '--media-type', type)).toMatchObject({ code: 0 });
    expect(await run(...verify, '--media-type', 'text/html')).toMatchObject({ code: 1 });
  },
);

it.each(['', ' ', 'a b', 'a/b/c', 'text/', '/plain', 'text/plain;'])(
  'refuses an invalid media type: %j',
  async (type) => {
    const { code, stdout } = await run('sign', '--force', '--media-type', type, 'sub/f');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  },
);

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRegistry } from '@notarykit/registry-client';
import { discover } from 'notarykit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Bundle } from '../../support/bundle.js';
import { commandProgram } from '../../support/command.js';
import { createOriginSetup, type OriginSetup, originAccounts } from '../../support/origin-setup.js';

const run = promisify(execFile);
let tool: Bundle;
let setup: OriginSetup;
beforeAll(async () => {
  tool = await commandProgram();
  setup = await createOriginSetup(tool.path);
});
afterAll(() => Promise.all([tool.remove(), setup[Symbol.asyncDispose]()]));

const play = (env: Readonly<Record<string, string>> = {}) =>
  run('sh', [setup.script], { cwd: setup.folder, env: { ...process.env, ...setup.env, ...env } });
const production = () =>
  createRegistry({ registry: setup.hosts.production, credentials: originAccounts.production }).repository(
    'net-monitor',
  );

it.skipIf(process.platform === 'win32')(
  'a script ends at the first line that is refused, and nothing is in production',
  async () => {
    await expect(play({ NOTATION_CONFIG: join(setup.folder, 'none') })).rejects.toMatchObject({ code: 2 });
    await expect(production().resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  },
);

it.skipIf(process.platform === 'win32')(
  'what was built is signed, allowed, copied with what refers to it, and pulled',
  async () => {
    const { stdout, stderr } = await play();
    expect(`${stdout}${stderr}`).not.toContain('secret');
    const found = await discover(production(), 'stable');
    expect(found.descriptor.digest).toBe((await production().resolve('v1')).digest);
    const referrers = found.referrers.map(({ descriptor, referrers: own }) => [descriptor.artifactType, own.length]);
    expect(referrers).toHaveLength(3);
    expect(referrers).toEqual(
      expect.arrayContaining([
        ['application/vnd.cncf.notary.signature', 0],
        ['sbom/example', 1],
        ['application/vnd.unknown.artifact.v1', 1],
      ]),
    );
    expect(await readFile(join(setup.folder, 'out/net-monitor.bin'), 'utf8')).toBe('net-monitor');
  },
);

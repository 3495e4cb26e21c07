import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { type Bundle, bundle } from '../support/bundle.js';
import { createOriginSetup, type OriginSetup, originAccounts } from '../support/origin-setup.js';
import { temporaryFolder } from './support/folder.ts';
import { createNotation, type Notation } from './support/notation.ts';
import { succeed } from './support/program.ts';

const folder = temporaryFolder();
const { username, password } = originAccounts.production;
let tool: Bundle;
let setup: OriginSetup;
let notation: Notation;
beforeAll(async () => {
  tool = await bundle('packages/cli/src/notarykit.ts');
  setup = await createOriginSetup(tool.path);
  notation = await createNotation(join(folder, 'notation'), { root: setup.root });
  const env = { ...process.env, ...setup.env };
  await promisify(execFile)('sh', [setup.script], { cwd: setup.folder, env });
});
afterAll(() => Promise.all([tool.remove(), setup[Symbol.asyncDispose]()]));

test('notation verifies the image, the SBOM and the scan that the script left in production', async () => {
  const oras = await peer('oras');
  const image = `${setup.hosts.production}/net-monitor`;
  const words = ['discover', '--format', 'json', '-u', username, '-p', password, `${image}:v1`];
  const tree = JSON.parse(await succeed(oras, words, { env: { DOCKER_CONFIG: folder } })) as {
    digest: string;
    referrers: readonly { digest: string; artifactType: string; referrers: readonly object[] }[];
  };
  const evidence = tree.referrers.filter(({ referrers }) => referrers.length > 0);
  expect(evidence.map(({ artifactType }) => artifactType).sort()).toEqual([
    'application/vnd.unknown.artifact.v1',
    'sbom/example',
  ]);
  for (const { digest } of [tree, ...evidence]) {
    const verified = await notation('verify', '-u', username, '-p', password, `${image}@${digest}`);
    expect(verified).toMatchObject({ code: 0 });
  }
  const pulled = ['pull', '-o', join(folder, 'pulled'), '-u', username, '-p', password, `${image}:stable`];
  expect(await succeed(oras, pulled, { env: { DOCKER_CONFIG: folder } })).toContain(tree.digest);
});

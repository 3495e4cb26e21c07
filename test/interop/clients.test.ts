import { join } from 'node:path';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { succeed } from './support/program.ts';

/** A registry that a client works with, on disk: what one client pushed, the next one reads from the layout. */
function diskRegistry() {
  const folder = temporaryFolder();
  const registry = createEmbeddedRegistry({ directory: join(folder, 'data') });
  afterAll(() => registry.close());
  return { folder, registry };
}

describe('crane', () => {
  const { folder, registry } = diskRegistry();
  let host: string;
  beforeAll(async () => {
    ({ host } = await registry.listen({ name: 'localhost' }));
    await pushImage(registry, 'team/image', 'v1');
  });

  test('copies, validates and lists', async () => {
    const crane = await peer('crane');
    const options = { env: { DOCKER_CONFIG: folder } };
    await succeed(crane, ['copy', '--insecure', `${host}/team/image:v1`, `${host}/prod/image:v2`], options);
    await succeed(crane, ['validate', '--insecure', '--remote', `${host}/prod/image:v2`], options);
    expect(await succeed(crane, ['ls', '--insecure', `${host}/prod/image`], options)).toBe('v2\n');
    expect(await succeed(crane, ['catalog', '--insecure', host], options)).toBe('prod/image\nteam/image\n');
  });
});

describe('regctl', () => {
  const { folder, registry } = diskRegistry();
  let host: string;
  beforeAll(async () => {
    ({ host } = await registry.listen());
    await pushImage(registry, 'team/image', 'v1');
  });

  test('copies to a layout and back, with digests unchanged', async () => {
    const regctl = await peer('regctl');
    const options = { env: { HOME: folder, REGCTL_CONFIG: join(folder, 'regctl.json') } };
    const run = (...args: string[]): Promise<string> => succeed(regctl, args, options);
    await run('registry', 'set', '--tls', 'disabled', host);
    await run('image', 'copy', `${host}/team/image:v1`, `ocidir://${folder}/layout:v1`);
    await run('image', 'copy', `ocidir://${folder}/layout:v1`, `${host}/back/image:v1`);
    const digest = await run('image', 'digest', `${host}/team/image:v1`);
    expect(await run('image', 'digest', `${host}/back/image:v1`)).toBe(digest);
    expect(await run('tag', 'ls', `${host}/back/image`)).toBe('v1\n');
  });
});

describe('skopeo', () => {
  const { folder, registry } = diskRegistry();
  let host: string;
  beforeAll(async () => {
    ({ host } = await registry.listen());
    await pushImage(registry, 'team/image', 'v1');
  });

  test('copies between repositories and inspects', async () => {
    const skopeo = await peer('skopeo');
    const options = { env: { HOME: folder, XDG_RUNTIME_DIR: folder } };
    const run = (...args: string[]): Promise<string> => succeed(skopeo, ['--insecure-policy', ...args], options);
    const source = `docker://${host}/team/image:v1`;
    const target = `docker://${host}/prod/image:v1`;
    await run('copy', '--src-tls-verify=false', '--dest-tls-verify=false', source, target);
    const digest = JSON.parse(await run('inspect', '--tls-verify=false', source)) as { Digest: string };
    expect(JSON.parse(await run('inspect', '--tls-verify=false', target))).toMatchObject({ Digest: digest.Digest });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from './support/folder.ts';
import { succeed } from './support/program.ts';

describe('oras', () => {
  const folder = temporaryFolder();
  const accounts = [{ username: 'dev', password: 'oras-interop' }];
  const registry = createEmbeddedRegistry({ auth: { scheme: 'token', accounts } });
  let host: string;
  let oras: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    const program = await peer('oras');
    ({ host } = await registry.listen());
    const options = { cwd: folder, env: { DOCKER_CONFIG: folder } };
    oras = (...args) => succeed(program, args, options);
    await succeed(program, ['login', '--plain-http', '-u', 'dev', '--password-stdin', host], {
      ...options,
      input: 'oras-interop',
    });
  });
  afterAll(() => registry.close());

  test('pushes a file, attaches to it, discovers the attachment and pulls both back', async () => {
    writeFileSync(join(folder, 'hello.txt'), 'hello');
    writeFileSync(join(folder, 'sbom.json'), '{"version":"1"}');
    const image = `${host}/team/hello:v1`;
    await oras('push', '--plain-http', '--artifact-type', 'application/vnd.example', image, 'hello.txt:text/plain');
    await oras('attach', '--plain-http', '--artifact-type', 'application/sbom', image, 'sbom.json:application/json');
    const tree = JSON.parse(await oras('discover', '--plain-http', '--format', 'json', image)) as {
      referrers: readonly { artifactType: string; digest: string }[];
    };
    expect(tree.referrers.map((one) => one.artifactType)).toEqual(['application/sbom']);
    await oras('pull', '--plain-http', '-o', 'pulled', image);
    await oras('pull', '--plain-http', '-o', 'pulled', `${host}/team/hello@${tree.referrers[0]?.digest}`);
    expect(readFileSync(join(folder, 'pulled', 'hello.txt'), 'utf8')).toBe('hello');
    expect(readFileSync(join(folder, 'pulled', 'sbom.json'), 'utf8')).toBe('{"version":"1"}');
  });

  test('copies the graph to another repository, with mounts, and lists its tags', async () => {
    await oras('cp', '-r', '--from-plain-http', '--to-plain-http', `${host}/team/hello:v1`, `${host}/prod/hello:v1`);
    expect(await oras('repo', 'tags', '--plain-http', `${host}/prod/hello`)).toContain('v1');
    const mounts = registry.requests.filter((one) => one.route === 'uploads' && one.query.includes('mount='));
    expect(mounts.map((one) => one.status).filter((status) => status === 201).length).toBeGreaterThan(0);
  });

  test('deletes a manifest', async () => {
    await oras('manifest', 'delete', '--plain-http', '--force', `${host}/prod/hello:v1`);
    expect(await oras('repo', 'tags', '--plain-http', `${host}/prod/hello`)).not.toContain('v1');
  });
});

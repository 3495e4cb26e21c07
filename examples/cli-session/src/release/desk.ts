import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setUpDesk } from '../session/desk.js';
import { pushBase, pushImage } from './build.js';
import { gatePolicy, registryPolicy } from './policies.js';

/** The desk of a release: two keys, a base image, an image that BuildKit has pushed, and what is demanded of both. */
export async function setUpRelease() {
  const desk = await setUpDesk();
  const { folder, host, registry } = desk;
  await pushImage(desk.repository, await pushBase(registry.repository('base/alpine')));
  const files = {
    Dockerfile: `FROM ${host}/base/alpine:3.20\nCOPY net-monitor /\n`,
    'release.json': registryPolicy(host),
    'stricter.json': registryPolicy(host, ['vendor', 'certifier', 'user']),
    'release.yaml': gatePolicy,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return desk;
}

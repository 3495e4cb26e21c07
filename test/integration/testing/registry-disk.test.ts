import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, digestOf, mediaTypes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAll, readAll } from '../registry-client/support.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'notarykit-registry-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function on<T>(work: (host: string) => Promise<T>): Promise<T> {
  const registry = createEmbeddedRegistry({ directory });
  try {
    return await work((await registry.listen()).host);
  } finally {
    await registry.close();
  }
}

const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
const index = describeContent(mediaTypes.imageIndex, bytes);
const subjectOf = ({ mediaType, digest, size }: typeof index) => ({ mediaType, digest, size });
const referrerBytes = utf8(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.imageIndex,
    artifactType: 'application/vnd.test',
    manifests: [],
    subject: subjectOf(index),
  }),
);
const referrer = describeContent(mediaTypes.imageIndex, referrerBytes);

async function push(host: string, name: string): Promise<void> {
  const repository = createRegistry({ registry: host }).repository(name);
  await repository.push(index, bytes);
  await repository.push(referrer, referrerBytes);
  await repository.tag(index, 'v1');
}

describe('a registry on disk', () => {
  it('has its tags, manifests and referrers again when it is started anew', async () => {
    await on((host) => push(host, 'team/app'));
    await on(async (host) => {
      const repository = createRegistry({ registry: host }).repository('team/app');
      expect(await repository.resolve('v1')).toMatchObject({ digest: index.digest });
      expect(await listAll(repository.referrers(index))).toMatchObject([{ digest: referrer.digest }]);
      expect(await listAll(repository.tags())).toEqual(['v1']);
    });
  });

  it('collects what nothing names, in a layout of others too', async () => {
    const config = describeContent(mediaTypes.empty, utf8('{}'));
    const image = utf8(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [], annotations: {} }),
    );
    const child = describeContent(mediaTypes.imageManifest, image);
    const many = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [child] }));
    const root = describeContent(mediaTypes.imageIndex, many);
    const layout = await openLayout(join(directory, 'team', 'app'), { create: true });
    await layout.push(config, utf8('{}'));
    await layout.push(child, image);
    await layout.push(root, many);
    await layout.tag(root, 'v1');
    const registry = createEmbeddedRegistry({ directory });
    try {
      const { host } = await registry.listen();
      const repository = createRegistry({ registry: host }).repository('team/app');
      const stray = describeContent('a/b', utf8('stray'));
      await repository.push(stray, utf8('stray'));
      expect(await registry.collect({ untagged: true })).toEqual({ manifests: 0, blobs: 1 });
      expect(await Promise.all([root, child, config, stray].map((one) => repository.exists(one)))).toEqual([
        true,
        true,
        true,
        false,
      ]);
    } finally {
      await registry.close();
    }
  });

  it('keeps each repository as an OCI image layout that others read', async () => {
    await on((host) => push(host, 'team/app'));
    const layout = await openLayout(join(directory, 'team', 'app'));
    expect(await layout.resolve('v1')).toMatchObject({ digest: index.digest });
    expect(await listAll(layout.referrers(index))).toMatchObject([{ digest: referrer.digest }]);
  });

  it('serves a layout that others put into its folder while it runs, and keeps what they wrote', async () => {
    await on(async (host) => {
      const repository = createRegistry({ registry: host }).repository('team/late');
      await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
      const folder = join(directory, 'team', 'late');
      const layout = await openLayout(folder, { create: true });
      await layout.push(index, bytes);
      await layout.tag(index, 'v1');
      const file = join(folder, 'index.json');
      const document = JSON.parse(readFileSync(file, 'utf8'));
      document.annotations = { top: 'level' };
      Object.assign(document.manifests[0], {
        urls: ['https://a.test/x'],
        platform: { os: 'linux', architecture: 'arm' },
      });
      writeFileSync(file, JSON.stringify(document));
      expect(await repository.resolve('v1')).toMatchObject({ digest: index.digest });
      await repository.push(referrer, referrerBytes);
      await repository.tag(index, 'v2');
      expect(await listAll(repository.tags())).toEqual(['v1', 'v2']);
      const written = JSON.parse(readFileSync(file, 'utf8'));
      expect(written.annotations).toEqual({ top: 'level' });
      expect(written.manifests).toContainEqual(document.manifests[0]);
    });
  });

  it('gives no entry of index.json a member that its writer left out', async () => {
    const folder = join(directory, 'team', 'plain');
    const config = describeContent(mediaTypes.imageConfig, utf8('{}'));
    const content = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [] };
    const image = describeContent(mediaTypes.imageManifest, utf8(JSON.stringify(content)));
    const layout = await openLayout(folder, { create: true });
    await layout.push(config, utf8('{}'));
    await layout.push(image, utf8(JSON.stringify(content)));
    await layout.tag(image, 'v1');
    const entry = { ...image, annotations: { 'org.opencontainers.image.ref.name': 'v1' } };
    const typed = {
      ...entry,
      artifactType: 'application/vnd.test',
      annotations: { 'org.opencontainers.image.ref.name': 'v0' },
    };
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry, typed] }));
    await on((host) => push(host, 'team/plain'));
    await on((host) => createRegistry({ registry: host }).repository('team/plain').tag(image, 'v2'));
    const { manifests } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
    expect(manifests).toEqual(expect.arrayContaining([typed]));
    const named = (tag: string) =>
      manifests.filter((one: typeof entry) => one.annotations?.['org.opencontainers.image.ref.name'] === tag);
    expect(named('v2')).toEqual([{ ...entry, annotations: { 'org.opencontainers.image.ref.name': 'v2' } }]);
  });

  it('leaves nothing of an upload that was not finished', async () => {
    await on(async (host) => {
      const begun = await fetch(`http://${host}/v2/app/blobs/uploads/`, { method: 'POST' });
      const at = new URL(begun.headers.get('location') ?? '', `http://${host}`);
      expect((await fetch(at, { method: 'PATCH', body: 'half of it' })).status).toBe(202);
      expect(readdirSync(join(directory, '.uploads'))).toHaveLength(1);
    });
    expect(readdirSync(join(directory, '.uploads'))).toEqual([]);
    expect(JSON.parse(readFileSync(join(directory, 'app', 'index.json'), 'utf8'))).toMatchObject({ manifests: [] });
  });

  it('L5 a blob that is a symbolic link is not served', async () => {
    await on((host) => push(host, 'app'));
    const secret = utf8('outside');
    writeFileSync(join(directory, 'secret'), secret);
    const [, hex = ''] = digestOf(secret).split(':');
    symlinkSync(join(directory, 'secret'), join(directory, 'app', 'blobs', 'sha256', hex));
    await on(async (host) => {
      const repository = createRegistry({ registry: host }).repository('app');
      const linked = describeContent(mediaTypes.octetStream, secret);
      await expect(readAll(repository, linked)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    });
  });

  it.each(['app/blobs/sha256', 'app/index.json', 'app/oci-layout'])(
    'refuses the repository %s, whose files would be those of app',
    async (name) => {
      mkdirSync(join(directory, 'app'));
      await on(async (host) => {
        const begun = await fetch(`http://${host}/v2/${name}/blobs/uploads/`, { method: 'POST' });
        expect([begun.status, await begun.json()]).toMatchObject([400, { errors: [{ code: 'NAME_INVALID' }] }]);
      });
    },
  );
});

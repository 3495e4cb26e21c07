import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerAccountStore } from './account-store.js';
import { dockerCredentials } from './docker-credentials.js';

let folder: string;
let env: Record<string, string>;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'account-store-'));
  env = {
    // No helper that this machine has.
    PATH: folder,
    DOCKER_CONFIG: join(folder, 'docker'),
    XDG_RUNTIME_DIR: folder,
    HOME: folder,
  };
  path = join(folder, 'docker', 'config.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const account = { username: 'wabbit', password: 'carr:ot' };
const plain = { plainText: true };
const store = () => dockerAccountStore({ env, helperTimeoutMs: 120_000 });
const find = (registry: string) => dockerCredentials({ env, helperTimeoutMs: 120_000 }).get({ registry });
const document = async () => JSON.parse(await readFile(path, 'utf8'));
async function config(content: object, mode = 0o600): Promise<void> {
  await mkdir(join(folder, 'docker'), { recursive: true });
  await writeFile(path, JSON.stringify(content), { mode });
}

/** A helper that keeps one file for each server, and fails for those whose name says so. */
async function installHelper(name: string): Promise<void> {
  const script = `#!/bin/sh
input=$(/bin/cat)
case "$input" in *broken*) echo "the secret is s3cret" ; exit 1 ;; esac
case "$1" in
  store) echo "$input" > "${folder}/kept-${name}" ;;
  get) /bin/cat "${folder}/kept-${name}" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
  erase) /bin/rm "${folder}/kept-${name}" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
esac
`;
  await writeFile(join(folder, `docker-credential-${name}`), script, { mode: 0o755 });
}

describe('an account in the file', () => {
  it('is written only with permission, readable only by its owner, and found', async () => {
    await expect(store().save('reg.test', account)).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
    expect(await store().isConfigured()).toBe(false);
    expect(await store().save('reg.test', account, plain)).toEqual({ kind: 'file', path });
    expect(await store().isConfigured()).toBe(true);
    expect(await find('reg.test')).toEqual(account);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'docker'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'docker'))).toEqual(['config.json']);
    // The file already has this secret.
    expect(await store().save('reg.test', account)).toEqual({ kind: 'file', path });
  });

  it('may be an identity token, and one of Docker Hub', async () => {
    await store().save('docker.io', { refreshToken: 'id' }, plain);
    expect(await document()).toEqual({ auths: { 'https://index.docker.io/v1/': { identitytoken: 'id' } } });
    expect(await find('docker.io')).toEqual({ refreshToken: 'id' });
  });

  it('keeps other members of the file, its permissions, and a link to it', async () => {
    const auths = { 'other.test': { auth: 'YTpi' } };
    await config({ Auths: auths, psFormat: 'x', credHelpers: { 'h.test': 'h' } }, 0o640);
    await rm(join(folder, 'real.json'), { force: true });
    await writeFile(join(folder, 'real.json'), await readFile(path), { mode: 0o640 });
    await rm(path);
    await symlink(join(folder, 'real.json'), path);
    await store().save('reg.test', account, plain);
    const auth = Buffer.from('wabbit:carr:ot').toString('base64');
    expect(await document()).toEqual({
      Auths: { ...auths, 'reg.test': { auth } },
      psFormat: 'x',
      credHelpers: { 'h.test': 'h' },
    });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it.each([
    ['a colon in the user', { username: 'a:b', password: 'c' }],
    ['no password', { username: 'a' }],
    ['an access token', { accessToken: 't' }],
    ['nothing', {}],
  ])('is refused: %s', async (_, credential) => {
    await expect(store().save('reg.test', credential, plain)).rejects.toMatchObject({
      code: 'ERR_REGISTRY_CONFIGURATION',
    });
  });

  it.each(['reg.test/team', 'https://reg.test', 'user@reg.test', '__proto__', '', undefined as never])(
    'is refused for %s, which is not a registry',
    async (registry) => {
      await expect(store().save(registry, account, plain)).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
      expect(await store().isConfigured()).toBe(false);
    },
  );

  it('is removed under every name of the registry, and under no other', async () => {
    const entry = { auth: 'YTpi' };
    await config({
      auths: {
        'reg.test': entry,
        'https://reg.test/v1/': entry,
        'reg.test:5000': entry,
        'reg.test.evil': entry,
        'reg.test/team': entry,
      },
    });
    expect(await store().erase('reg.test')).toBe(true);
    expect(Object.keys((await document()).auths)).toEqual(['reg.test:5000', 'reg.test.evil', 'reg.test/team']);
    expect(await store().erase('unknown.test')).toBe(false);
  });

  it('is kept for each of several writers at the same time', async () => {
    const registries = Array.from({ length: 8 }, (_, i) => `reg-${i}.test`);
    await Promise.all(registries.map((registry) => store().save(registry, account, plain)));
    expect(Object.keys((await document()).auths).sort()).toEqual(registries);
  });

  it('is not written to a file that cannot be read', async () => {
    await mkdir(join(folder, 'docker'), { recursive: true });
    await writeFile(path, '{"auths":');
    await expect(store().save('reg.test', account, plain)).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expect(await readFile(path, 'utf8')).toBe('{"auths":');
  });
});

describe('an account with a helper', () => {
  it.each([
    ['credsStore', { credsStore: 'keep' }],
    ['credHelpers', { credHelpers: { 'reg.test': 'keep' } }],
  ])('named by %s, is stored in it and erased from it', async (_, named) => {
    await installHelper('keep');
    await config({ ...named, auths: { 'reg.test': { auth: 'YTpi' } } });
    expect(await store().save('reg.test', account)).toEqual({ kind: 'helper', helper: 'keep' });
    expect(JSON.parse(await readFile(join(folder, 'kept-keep'), 'utf8'))).toEqual({
      ServerURL: 'reg.test',
      Username: 'wabbit',
      Secret: 'carr:ot',
    });
    // The one in plain text is gone.
    expect(await document()).toEqual({ ...named, auths: {} });
    expect(await find('reg.test')).toEqual(account);
    expect(await store().erase('reg.test')).toBe(true);
    expect(await find('reg.test')).toBeUndefined();
    expect(await store().erase('reg.test')).toBe(false);
  });

  it('an identity token is stored with the user <token>, as helpers expect', async () => {
    await installHelper('keep');
    await config({ credsStore: 'keep' });
    await store().save('reg.test', { refreshToken: 'id' });
    expect(await find('reg.test')).toEqual({ refreshToken: 'id' });
  });

  it('that fails is reported without its output, and nothing else is written', async () => {
    await installHelper('keep');
    await config({ credsStore: 'keep' });
    const failure = await store()
      .save('broken.test', account, plain)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expect(String(failure)).not.toContain('s3cret');
    expect(await document()).toEqual({ credsStore: 'keep' });
    await expect(store().erase('broken.test')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
  });

  it.runIf(process.platform === 'linux')('is the default helper of the system when the file names none', async () => {
    await installHelper('secretservice');
    expect(await store().save('reg.test', account)).toEqual({ kind: 'helper', helper: 'secretservice' });
    expect(await document()).toEqual({ credsStore: 'secretservice', auths: {} });
    expect(await find('reg.test')).toEqual(account);
  });
});

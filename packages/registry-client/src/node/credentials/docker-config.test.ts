import { describe, expect, it } from 'vitest';
import type { Reading } from './config-keys.js';
import { parseDockerConfig } from './docker-config.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const auth = (user: string): object => ({ auth: base64(`${user}:p`) });
const entry = (auths: object, registry: string, reading: Reading = 'docker', repository?: string) =>
  parseDockerConfig(Buffer.from(JSON.stringify({ auths })), 'the file', reading).entry(registry, repository);

// What docker and podman find; the interop stage asks them.
describe('accounts-keys', () => {
  it.each<[key: string, registry: string, docker: boolean, podman: boolean]>([
    ['https://reg.test/v1/', 'reg.test', true, true],
    ['http://reg.test', 'reg.test', true, true],
    ['https://reg.test:/', 'reg.test', true, false],
    ['https://reg.test:5000:', 'reg.test:5000', false, false],
    ['https://reg.test:443/', 'reg.test', false, false],
    ['https://me@reg.test/', 'reg.test', true, false],
    ['oci://reg.test', 'reg.test', true, false],
    ['reg.test/', 'reg.test', true, false],
    ['reg.test/team', 'reg.test', true, true],
    ['reg.test/other', 'reg.test', true, false],
    ['reg.test.evil', 'reg.test', false, false],
    ['https://reg.test.evil/v1/', 'reg.test', false, false],
    ['REG.test', 'reg.test', false, false],
    ['https://index.docker.io/v1/', 'docker.io', true, true],
    ['docker.io', 'docker.io', false, true],
    ['https://index.docker.io/v2/', 'docker.io', false, true],
    ['registry-1.docker.io', 'docker.io', false, true],
  ])('%s for %s: docker %s, podman %s', (key, registry, docker, podman) => {
    expect(entry({ [key]: auth('wabbit') }, registry) !== undefined).toBe(docker);
    expect(entry({ [key]: auth('wabbit') }, registry, 'podman', 'team/app') !== undefined).toBe(podman);
  });

  it('accounts-ambiguous: two accounts for a registry: chooses none', () => {
    const [one, two] = ['https://reg.test/v1/', 'https://reg.test/v2/'] as const;
    for (const reading of ['docker', 'podman'] as const) {
      expect(() => entry({ [one]: auth('a'), [two]: auth('b') }, 'reg.test', reading)).toThrow(/several accounts/);
      expect(entry({ [one]: auth('a'), [two]: auth('a') }, 'reg.test', reading)).toMatchObject({ username: 'a' });
    }
  });

  it.each<[name: string, value: object, docker: object | undefined, podman: object | undefined]>([
    [
      'lines',
      { auth: base64('wabbit:carrot').replace(/.{4}/g, '$&\r\n') },
      { username: 'wabbit', password: 'carrot' },
      { username: 'wabbit', password: 'carrot' },
    ],
    ['zeros', { auth: base64('w:\0c\0') }, { username: 'w', password: 'c' }, { username: 'w', password: 'c' }],
    ['members', { username: 'w', password: 'c' }, { username: 'w', password: 'c' }, undefined],
    [
      'auth before members',
      { auth: base64('w:c'), username: 'x', password: 'y' },
      { username: 'w', password: 'c' },
      { username: 'w', password: 'c' },
    ],
    [
      'tokens',
      { auth: base64('w:'), identitytoken: 'id' },
      { username: 'w', password: '', refreshToken: 'id' },
      { username: 'w', password: '', refreshToken: 'id' },
    ],
    ['a token alone', { identitytoken: 'id' }, { refreshToken: 'id' }, undefined],
    ['spelling', { Auth: base64('w:c') }, { username: 'w', password: 'c' }, { username: 'w', password: 'c' }],
  ])('entries with %s', (_, value, docker, podman) => {
    expect(entry({ 'reg.test': value }, 'reg.test')).toEqual(docker);
    expect(entry({ 'reg.test': value }, 'reg.test', 'podman')).toEqual(podman);
  });

  it.each([
    { auth: 'd2FiYml0' },
    { auth: 'd2FiYml0OmNhcnJvdA' },
    { auth: `${base64('w:c')} ` },
    { auth: base64(':c') },
    { auth: 1 },
  ])('an entry that docker does not read: %j', (value) => {
    expect(() => entry({ 'reg.test': value }, 'reg.test')).toThrow(
      expect.objectContaining({ code: 'ERR_REGISTRY_UNAUTHORIZED' }),
    );
    expect(entry({ 'reg.test': value, 'b.test': auth('b') }, 'b.test')).toMatchObject({ username: 'b' });
  });
});

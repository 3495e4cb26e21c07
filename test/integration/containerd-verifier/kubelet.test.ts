import { chmod, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { kubeletCredentials } from '@notarykit/containerd-verifier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, answer, imagesOf, type Node, setUpNode } from '../../support/verifier-node.js';

let node: Node;
beforeAll(async () => {
  node = await setUpNode();
});
afterAll(() => node.close());

const v1 = 'credentialprovider.kubelet.k8s.io/v1';
const at = (name: string): string => join(node.folder, name);

/** A credential provider that writes what it was asked beside itself, and a response. */
async function install(name: string, response: object | string, status = 0): Promise<void> {
  const text = typeof response === 'string' ? response : JSON.stringify(response);
  const program = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const input = require('node:fs').readFileSync(0, 'utf8');
const env = { OWN: process.env.OWN, PATH: typeof process.env.PATH };
writeFileSync(${JSON.stringify(at(`${name}.asked`))}, JSON.stringify({ input: JSON.parse(input), args: process.argv.slice(2), env }));
process.stderr.write('radish');
process.stdout.write(${JSON.stringify(text)}, () => process.exit(${status}));
`;
  await node.write({ [`providers/${name}`]: program });
  await chmod(at(`providers/${name}`), 0o755);
}

const response = (auth: object | null, more: object = {}) => ({
  kind: 'CredentialProviderResponse',
  apiVersion: v1,
  cacheKeyType: 'Registry',
  auth,
  ...more,
});

const provider = (name: string, more: object = {}) => ({
  name,
  matchImages: [node.host],
  defaultCacheDuration: '12h',
  apiVersion: v1,
  ...more,
});

const configure = (...providers: readonly object[]) =>
  node.write({
    'providers.json': { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers },
  });

const credentials = (config = at('providers.json')) =>
  kubeletCredentials({ config, binDir: at('providers'), repository: 'net-monitor', timeoutMs: 60_000 });
const get = (config?: string) => credentials(config).get({ registry: node.host });

describe('credential providers of the kubelet', () => {
  it('an image is verified with the account of a provider, configured in YAML', async () => {
    await install('wabbit-provider', response({ [node.host]: account }));
    await node.write({
      'providers.yaml': `
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: wabbit-provider
    matchImages: ["${node.host}"]
    defaultCacheDuration: "12h"
    apiVersion: ${v1}
    args: [get, --verbose]
    env:
      - { name: OWN, value: carrot }
`,
    });
    const kubelet = { config: at('providers.yaml'), binDir: at('providers') };
    await node.settings({ credentials: { dockerConfigs: [at('empty.json')], kubelet } });
    const question = { name: `${imagesOf(node)}:signed`, descriptor: node.image.signed };
    expect(await answer(node, question)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await readFile(at('wabbit-provider.asked'), 'utf8'))).toEqual({
      input: { kind: 'CredentialProviderRequest', apiVersion: v1, image: imagesOf(node) },
      args: ['get', '--verbose'],
      env: { OWN: 'carrot', PATH: 'string' },
    });
  });

  it('the most specific account comes first, and the next when it was refused', async () => {
    const [one, two] = [
      { username: 'one', password: '1' },
      { username: 'two', password: '2' },
    ] as const;
    await install('general', response({ [node.host]: one, 'other.test': account }));
    const special = { [`${node.host}/net`]: two, [`${node.host}/net-monitor`]: two };
    await install('special', response(special, { cacheDuration: '0s' }));
    await configure(provider('general'), provider('special'));
    const asked = credentials();
    const first = await asked.get({ registry: node.host });
    expect(first).toEqual(two);
    const second = await asked.get({ registry: node.host, refused: first ?? {} });
    expect(second).toMatchObject(one);
    expect(second?.expires).toBeInstanceOf(Date);
    expect(await asked.get({ registry: node.host, refused: second ?? {} })).toBeUndefined();
  });

  it('a provider for other images, and one that wants the account of a pod, is not asked', async () => {
    await install('silent', '', 1);
    const tokenAttributes = { serviceAccountTokenAudience: 'a', requireServiceAccount: true, cacheType: 'Token' };
    await configure(provider('silent', { matchImages: ['other.test'] }), provider('silent2', { tokenAttributes }));
    expect(await get()).toBeUndefined();
  });

  it('Docker Hub is known by the name that docker has for it', async () => {
    await install('hub', response({ 'https://index.docker.io/v1/': account }));
    await configure(provider('hub', { matchImages: ['docker.io'] }));
    const hub = kubeletCredentials({
      config: at('providers.json'),
      binDir: at('providers'),
      repository: 'library/nginx',
    });
    expect(await hub.get({ registry: 'docker.io' })).toMatchObject(account);
  });

  it('N7 no account is not an error, a failed provider is one, and its output is not shown', async () => {
    await install('none', response(null));
    await configure(provider('none'));
    expect(await get()).toBeUndefined();
    const wrong: Record<string, [object | string, number?]> = {
      status: [response({ [node.host]: account }), 1],
      'no JSON': ['radish'],
      kind: [response({}, { kind: 'CredentialProviderRequest' })],
      version: [response({}, { apiVersion: v1.replace('v1', 'v1beta1') })],
      'no cache key': [response({}, { cacheKeyType: 'radish' })],
      'more members': [response({ [node.host]: { ...account, token: 'radish' } })],
      'no text': [response({ [node.host]: { username: 'a', password: 1 } })],
      duration: [response({ [node.host]: account }, { cacheDuration: 'radish' })],
    };
    for (const [what, [text, status]] of Object.entries(wrong)) {
      await install('broken', text, status);
      await configure(provider('broken'));
      const error: unknown = await get().catch((caught: unknown) => caught);
      expect([what, error]).toMatchObject([what, { code: 'ERR_REGISTRY_UNAUTHORIZED' }]);
      expect(String(error)).not.toMatch(/radish|carrot/);
    }
    await install('good', response({ [node.host]: account }));
    await configure(provider('broken'), provider('good'));
    expect(await get()).toMatchObject(account);
  });

  it('N7 a program that is missing, or that others can write, is not run', async () => {
    await configure(provider('missing'));
    await expect(get()).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    await install('open', response({ [node.host]: account }));
    await symlink(at('providers/open'), at('providers/link'));
    await configure(provider('link'));
    expect(await get()).toMatchObject(account);
    await chmod(at('providers/open'), 0o777);
    await expect(get()).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
  });

  it('a configuration that is a link is read, as by the kubelet', async () => {
    await install('good', response({ [node.host]: account }));
    await configure(provider('good'));
    await symlink(at('providers.json'), at('linked.json'));
    expect(await get(at('linked.json'))).toMatchObject(account);
    await symlink(at('nowhere'), at('broken.json'));
    await expect(get(at('broken.json'))).rejects.toMatchObject({ code: 'ERR_VERIFIER_SETTINGS' });
  });

  it('a configuration is read strictly, one file or a folder of them', async () => {
    const good = provider('good');
    await install('good', response({ [node.host]: account }));
    const document = (providers: readonly object[], more: object = {}) => ({
      apiVersion: 'kubelet.config.k8s.io/v1',
      kind: 'CredentialProviderConfig',
      providers,
      ...more,
    });
    const wrong: readonly (object | string)[] = [
      '',
      'a: [',
      'a: &x 1\nb: *x',
      document([]),
      document([good], { kind: 'KubeletConfiguration' }),
      document([good], { apiVersion: 'v1' }),
      document([good], { more: 1 }),
      document([good, good]),
      document([{ ...good, name: '../good' }]),
      document([{ ...good, matchImages: [] }]),
      document([{ ...good, defaultCacheDuration: 'soon' }]),
      document([{ ...good, apiVersion: 'v1' }]),
      document([{ ...good, matchImage: [node.host] }]),
      document([{ ...good, env: [{ name: 'A' }] }]),
      document([{ ...good, tokenAttributes: {} }]),
    ];
    for (const text of wrong) {
      await node.write({ 'wrong.yaml': text });
      expect([text, await get(at('wrong.yaml')).catch((error: unknown) => error)]).toMatchObject([
        text,
        { code: 'ERR_VERIFIER_SETTINGS' },
      ]);
    }
    await expect(get(at('nowhere'))).rejects.toMatchObject({ code: 'ERR_VERIFIER_SETTINGS' });
    await expect(get(at('providers'))).rejects.toMatchObject({ code: 'ERR_VERIFIER_SETTINGS' });
    await node.write({
      'many/a.json': document([provider('none')]),
      'many/b.yaml': document([good]),
      'many/c.txt': '{',
    });
    expect(await get(at('many'))).toMatchObject(account);
  });
});

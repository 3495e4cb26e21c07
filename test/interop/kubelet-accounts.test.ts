import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeletCredentials } from '@notarykit/containerd-verifier';
import type { Credential } from '@notarykit/registry-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { succeed } from './support/program.js';
import { type Choices, createChoices } from './support/random.js';

interface Provider {
  readonly matchImages: readonly string[];
  /** The keys of the accounts that it answers with; an account is called as its key. */
  readonly keys: readonly string[];
}

interface Question {
  readonly providers: readonly Provider[];
  readonly images: readonly string[];
}

type Accounts = Readonly<Record<string, readonly string[]>>;

let program: string;
beforeAll(async () => {
  program = await peer('kubelet-accounts');
});

const authOf = (keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, { username: key, password: 'p' }]));

async function askKubelet(questions: readonly Question[]): Promise<readonly Accounts[]> {
  const lines = questions.map(({ providers, images }) =>
    JSON.stringify({
      images,
      providers: providers.map(({ matchImages, keys }) => ({ matchImages, auth: authOf(keys) })),
    }),
  );
  const answers = (await succeed(program, [], { input: lines.join('\n') })).trim().split('\n');
  return answers.map((line) => JSON.parse(line) as Accounts);
}

const v1 = 'credentialprovider.kubelet.k8s.io/v1';

async function askOurs({ providers, images }: Question): Promise<Accounts> {
  const folder = await mkdtemp(join(tmpdir(), 'kubelet-'));
  try {
    const config = await install(folder, providers);
    const found = images.map(async (image) => [image, await accountsOf(image, { config, binDir: folder })] as const);
    return Object.fromEntries(await Promise.all(found));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The configuration and the programs of providers. */
async function install(folder: string, providers: readonly Provider[]): Promise<string> {
  const listed: object[] = [];
  for (const [i, { matchImages, keys }] of providers.entries()) {
    const name = `provider-${i}`;
    const response = { kind: 'CredentialProviderResponse', apiVersion: v1, cacheKeyType: 'Image', auth: authOf(keys) };
    await writeFile(join(folder, `${name}.json`), JSON.stringify(response));
    await writeFile(join(folder, name), `#!/bin/sh\ncat >/dev/null\nexec cat '${folder}/${name}.json'\n`);
    await chmod(join(folder, name), 0o755);
    listed.push({ name, matchImages, defaultCacheDuration: '1h', apiVersion: v1 });
  }
  const config = join(folder, 'config');
  await mkdir(config);
  const document = { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers: listed };
  await writeFile(join(config, 'providers.json'), JSON.stringify(document));
  return config;
}

/** The accounts in the order in which they are tried: each after the one before it was refused. */
async function accountsOf(image: string, files: { readonly config: string; readonly binDir: string }) {
  const [registry = '', ...path] = image.split('/');
  const credentials = kubeletCredentials({ ...files, repository: path.join('/') });
  const found: string[] = [];
  for (let refused: Credential | undefined; ; ) {
    refused = await credentials.get({ registry, ...(refused === undefined ? {} : { refused }) });
    if (refused === undefined) return found;
    found.push(refused.username ?? '');
  }
}

const hosts = ['a.test', 'b.a.test', 'a.test:5000', 'docker.io', 'aa.test', 'localhost:5000', '[::1]:5000'];
const globs = ['*.test', 'a*.test', '*a.test:5000', '*.*.test', '*', 'index.docker.io', '*.*', 'a*a.te*t', '*a*a.test'];
const paths = ['', '/', '/team', '/team/app', '/teams', '/v1/', '/v2/team', '/v1'];
const images = hosts.flatMap((host) => ['team/app', 'teams', 'v2/team/app'].map((path) => `${host}/${path}`));

function randomQuestion(choices: Choices): Question {
  const place = (): string => `${choices.one([...hosts, ...globs])}${choices.one(paths)}`;
  const key = (): string => `${choices.one(['', '', 'https://', 'http://'])}${place()}`;
  // Of keys that are one when they are compared, the kubelet takes any first.
  const bare = (text: string): string => text.replace(/^https?:\/\/|\/v[12](?=\/)|\/$/g, '').replace(/\/$/, '');
  const seen = new Set<string>();
  const keys = (): string[] =>
    Array.from({ length: 6 }, key).filter((each) => !seen.has(bare(each)) && seen.add(bare(each)));
  const providers = Array.from({ length: 2 }, () => ({ matchImages: [place(), place(), '*.test'], keys: keys() }));
  return { providers, images: Array.from({ length: 6 }, () => choices.one(images)) };
}

describe('kubelet-accounts', () => {
  const seed = Number(process.env['NOTARYKIT_SEED'] ?? 20261130);

  it('the accounts of an image are those of the kubelet, in its order', async () => {
    const choices = createChoices(seed);
    const questions = Array.from({ length: 12 }, () => randomQuestion(choices));
    const kubelet = await askKubelet(questions);
    for (const [i, question] of questions.entries())
      expect({ question, accounts: await askOurs(question) }).toEqual({ question, accounts: kubelet[i] });
    // The comparison is about something.
    const counts = kubelet.flatMap((accounts) => Object.values(accounts).map(({ length }) => length));
    expect(Math.max(...counts)).toBeGreaterThan(2);
    expect(Math.min(...counts)).toBe(0);
  });

  it('the account of Docker Hub is for Docker Hub alone; the kubelet sends it to a host without a dot, too', async () => {
    const providers = [{ matchImages: ['localhost', 'docker.io'], keys: ['https://index.docker.io/v1/'] }];
    const question = { providers, images: ['localhost/app', 'docker.io/team/app'] };
    const hub = providers.flatMap(({ keys }) => keys);
    expect(await askKubelet([question])).toEqual([{ 'localhost/app': hub, 'docker.io/team/app': hub }]);
    expect(await askOurs(question)).toEqual({ 'localhost/app': [], 'docker.io/team/app': hub });
  });
});

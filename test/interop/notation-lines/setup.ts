import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistry, type Issued } from '@notarykit/testing';
import { tarGz, zip } from '../../support/archives.js';
import { pluginScript } from '../../support/plugin/hostile.js';
import { pushImage } from '../support/image.js';

/** The account of the registry. */
export const account = { username: 'wabbit', password: 'carrot' };

/** What a line says in braces. */
export type Places = Readonly<Record<string, string>>;

/** What a user has before the first line, and what the registry has for that user. */
export interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly places: Places;
  /** What is there now, each thing under its name. */
  state(): Promise<Readonly<Record<string, string>>>;
}

/** What both homes have. */
export interface Lab {
  readonly registry: EmbeddedRegistry;
  readonly host: string;
  /** A certificate, PEM. */
  readonly root: string;
  /** The key of the plugins. */
  readonly leaf: Issued;
}

/** A registry with an account. */
export function startRegistry(): EmbeddedRegistry {
  return createEmbeddedRegistry({ auth: { scheme: 'basic', accounts: [account] } });
}

/** A home with the files that lines name, and its own repository with an image in it. */
export async function createHome(folder: string, name: string, { registry, host, root, leaf }: Lab): Promise<Home> {
  const { digest } = await pushImage(registry, name, 'v1');
  const { sum } = writeFiles(folder, { root, leaf });
  const repository = createRegistry({ registry: host, credentials: account }).repository(name);
  return {
    folder,
    env: environmentOf(folder),
    places: {
      folder,
      host,
      digest,
      repository: `${host}/${name}`,
      image: `${host}/${name}:v1`,
      user: account.username,
      password: account.password,
      sum,
      wrongSum: sum.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    },
    state: async () => ({ ...filesIn(folder), ...(await referrersIn(repository)) }),
  };
}

function environmentOf(folder: string): Readonly<Record<string, string>> {
  return {
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    NOTATION_CONFIG: join(folder, 'config'),
    NOTATION_CACHE: join(folder, 'cache'),
    DOCKER_CONFIG: join(folder, 'docker'),
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    NO_COLOR: '1',
  };
}

/** What lines name, and an account that is kept by its own helper. */
function writeFiles(folder: string, { root, leaf }: Pick<Lab, 'root' | 'leaf'>): { readonly sum: string } {
  const plugin = (name: string, version = '1.0.0') => {
    const script = pluginScript(name, leaf).replace("version: '1.0.0'", `version: '${version}'`);
    return { name: `notation-${name}`, content: `#!${process.execPath}\n${script}`, mode: 0o755 };
  };
  const statement = {
    name: 'lab',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:wabbit'],
    trustedIdentities: ['*'],
  };
  const newer = zip([plugin('lab', '1.1.0'), { name: 'LICENSE', content: 'free' }]);
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'root.pem': root,
    'policy.json': JSON.stringify({ version: '1.0', trustPolicies: [statement] }),
    'broken.json': '{}',
    'lab-1.tar.gz': tarGz([plugin('lab')]),
    'lab-2.zip': newer,
    'out.tar.gz': tarGz([plugin('out'), { name: '../out', content: 'out' }]),
    'link.tar.gz': tarGz([plugin('linked'), { name: 'link', link: '/etc/hostname' }]),
    'docker/config.json': JSON.stringify({ credsStore: 'lab' }),
    'bin/docker-credential-lab': helper(join(folder, 'account')),
  };
  for (const name of ['config', 'docker', 'bin']) mkdirSync(join(folder, name), { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), content, { mode: name.startsWith('bin/') ? 0o755 : 0o600 });
  return { sum: createHash('sha256').update(newer).digest('hex') };
}

/** A credential helper of docker that keeps one account in a file. */
const helper = (path: string): string => `#!/bin/sh
none() { echo 'credentials not found in native keychain'; exit 1; }
case "$1" in
  store) cat > '${path}' ;;
  get) cat '${path}' 2>/dev/null || none ;;
  erase) rm '${path}' 2>/dev/null || none ;;
esac
`;

/** Files of the configuration with their permissions, and the account; content where it does not hang on chance. */
function filesIn(folder: string): Record<string, string> {
  const config = join(folder, 'config');
  const names = readdirSync(config, { recursive: true, encoding: 'utf8' });
  const entries = names.map((name) => {
    const path = join(config, name);
    const info = statSync(path);
    const content = info.isFile() ? contentOf(path, folder) : 'folder';
    return [name, `${(info.mode & 0o777).toString(8)} ${content}`] as const;
  });
  const account = join(folder, 'account');
  return {
    ...Object.fromEntries(entries),
    ...(existsSync(account) ? { account: readFileSync(account, 'utf8').trim() } : {}),
  };
}

function contentOf(path: string, folder: string): string {
  const bytes = readFileSync(path);
  if (path.endsWith('.json')) return JSON.stringify(JSON.parse(bytes.toString('utf8').replaceAll(folder, '~')));
  return /wabbit\.(?:key|crt)$/.test(path) ? 'made by chance' : createHash('sha256').update(bytes).digest('hex');
}

/** How many referrers of each form there are, and the tags. */
async function referrersIn(repository: RegistryRepository): Promise<Record<string, string>> {
  const subject = await repository.resolve('v1');
  const counts: Record<string, number> = {};
  for await (const { digest, artifactType = '' } of repository.referrers(subject)) {
    const { bytes } = await repository.fetchReference(digest);
    const form = formOf(artifactType, JSON.parse(new TextDecoder().decode(bytes)));
    counts[form] = (counts[form] ?? 0) + 1;
  }
  const tags: string[] = [];
  for await (const tag of repository.tags()) tags.push(tag);
  return {
    ...Object.fromEntries(Object.entries(counts).map(([form, count]) => [form, String(count)])),
    tags: tags.join(' '),
  };
}

interface SignatureManifest {
  readonly mediaType: string;
  readonly layers: readonly { readonly mediaType: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** But for the type of the configuration: notation 1.3 has the artifact type there, and reads it in either place. */
function formOf(artifactType: string, { mediaType, layers, annotations = {} }: SignatureManifest): string {
  const types = [artifactType, mediaType, ...layers.map((layer) => layer.mediaType)];
  return [...types, ...Object.keys(annotations).sort()].join(' ');
}

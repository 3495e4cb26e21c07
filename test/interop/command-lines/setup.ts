import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachReferrer, discover, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository, type TagLister } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry } from '@notarykit/testing';
import type { ProgramOptions, ProgramResult } from '../support/program.js';
import type { Line } from './line.js';

/** What a tool did: how it ended, what is then in the registries and in the folder, and what it printed if that is compared. */
export interface Outcome {
  readonly ended: 'well' | 'in failure';
  readonly registries: readonly object[];
  readonly files: Readonly<Record<string, string>>;
  /** Of an image layout in the folder its tags, as in `registries`; how a tool writes its index is its own. */
  readonly layout: object;
  readonly printed?: unknown;
}

/** Runs a tool with the words of a line. */
type RunTool = (words: readonly string[], options: ProgramOptions) => Promise<ProgramResult>;

/** Two registries with accounts that docker knows, and a folder with files: the same for each tool that is tried. */
export interface Setup extends AsyncDisposable {
  play(line: Line, run: RunTool): Promise<Outcome>;
}

const accounts = [
  { username: 'dev', password: 'staging' },
  { username: 'ops', password: 'production' },
] as const;

/** Opens a setup of one tool. */
export async function openSetup(): Promise<Setup> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-lines-'));
  const registries = accounts.map((account) =>
    createEmbeddedRegistry({ auth: { scheme: 'basic', accounts: [account] } }),
  );
  const hosts = await Promise.all(registries.map(async (one) => (await one.listen({ name: 'localhost' })).host));
  const endpoints = accounts.map((credentials, i) => createRegistry({ registry: hosts[i] ?? '', credentials }));
  const work = join(folder, 'files');
  const places = await fill(endpoints as [RegistryEndpoint, RegistryEndpoint], work);
  await writeAccount(folder, hosts[0] ?? '');
  const named = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
  return {
    async play({ words, input, prints }, run) {
      const env = {
        DOCKER_CONFIG: folder,
        HOME: folder,
        NOTATION_CONFIG: join(folder, 'notation'),
        XDG_RUNTIME_DIR: folder,
      };
      const { code, stdout } = await run(words.map(named), { cwd: work, env, input: named(input ?? '') });
      const shown = [folder, ...hosts].reduce((text, place, i) => text.replaceAll(place, `<${i}>`), stdout);
      return {
        ended: code === 0 ? 'well' : 'in failure',
        registries: await Promise.all(endpoints.map(contentOf)),
        files: await filesOf(work),
        layout: await layoutOf(join(work, 'layout')),
        ...(prints === undefined ? {} : { printed: prints === 'json' ? JSON.parse(shown) : shown.trimEnd() }),
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...registries.map((one) => one.close()), rm(folder, { recursive: true })]);
    },
  };
}

async function writeAccount(folder: string, host: string): Promise<void> {
  const [{ username, password }] = accounts;
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
}

/** An image with what refers to it, an index, and files; what the names of a line stand for. */
async function fill([here, there]: readonly [RegistryEndpoint, RegistryEndpoint], work: string) {
  const repository = here.repository('team/app');
  const named = (name: string) => ({ 'org.opencontainers.image.title': name });
  const layer = (name: string, text: string) => ({
    mediaType: 'text/plain',
    content: utf8(text),
    annotations: named(name),
  });
  const layers = [layer('hi.txt', 'hello'), layer('deep/bye.txt', 'bye')];
  const image = await packArtifact(repository, {
    artifactType: 'a/b',
    layers,
    tags: ['v1', `sha256-${'0'.repeat(64)}`],
  });
  const sbom = await attachReferrer(repository, image.descriptor, {
    artifactType: 'sbom/example',
    layers: [layer('sbom.json', '{}')],
  });
  await attachReferrer(repository, sbom.descriptor, { artifactType: 'doc/example', annotations: { approved: 'yes' } });
  await pushIndex(repository, image.descriptor);
  const files = {
    'hi.txt': 'hi',
    'sbom.json': '{"version":"1"}',
    'docs/page.txt': 'page',
    'manifest.json': new TextDecoder().decode(image.bytes),
    'empty.json': JSON.stringify({ mediaType: mediaTypes.imageManifest }),
  };
  await mkdir(join(work, 'docs'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(work, name), content);
  return {
    host: here.registry,
    other: there.registry,
    image: `${here.registry}/team/app:v1`,
    index: `${here.registry}/team/app:index`,
    missing: `${here.registry}/team/app:none`,
    manifest: files['manifest.json'],
  } as Readonly<Record<string, string>>;
}

async function pushIndex(repository: ReturnType<RegistryEndpoint['repository']>, image: Descriptor): Promise<void> {
  const other = await packArtifact(repository, { artifactType: 'a/b', annotations: { architecture: 'arm64' } });
  const manifests = [image, other.descriptor].map(({ mediaType, digest, size }, i) => ({
    mediaType,
    digest,
    size,
    platform: { os: 'linux', architecture: ['amd64', 'arm64'][i] },
  }));
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const descriptor = describe(mediaTypes.imageIndex, bytes);
  await repository.push(descriptor, bytes);
  await repository.tag(descriptor, 'index');
}

/** Of each repository its tags, and below each tagged artifact all that refers to it. */
async function contentOf(endpoint: RegistryEndpoint): Promise<object> {
  const content: Record<string, object> = {};
  for await (const name of endpoint.repositories()) {
    const repository = endpoint.repository(name);
    content[name] = await tagsOf(repository);
  }
  return content;
}

async function layoutOf(path: string): Promise<object> {
  return existsSync(path) ? await tagsOf(await openLayout(path)) : {};
}

async function tagsOf(repository: Repository & TagLister): Promise<object> {
  const tags: Record<string, readonly string[]> = {};
  for await (const tag of repository.tags()) tags[tag] = digestsOf(await discover(repository, tag));
  return tags;
}

type Tree = Awaited<ReturnType<typeof discover>>;

function digestsOf(tree: Tree): readonly string[] {
  const below = [...tree.referrers, ...tree.manifests].flatMap((node) => digestsOf(node as Tree));
  return [tree.descriptor.digest, ...below.sort()];
}

async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const all = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  const paths = all.filter((path) => !path.startsWith(join(folder, 'layout/')));
  const rows = await Promise.all(
    paths.map(async (path) => {
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return [path.slice(folder.length + 1), hash] as const;
    }),
  );
  return Object.fromEntries(rows);
}

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { openLayout } from '@notarykit/registry-client/node';
import { pushImage } from '../../support/image.js';
import type { ProgramCase } from './run.js';
import type { Setup } from './setup.js';
import { createSigners, type Referrer, type Scene, type Signers, scenes } from './signatures.js';

const signatureType = 'application/vnd.cncf.notary.signature';
const describeOne = ({ bytes, mediaType }: Referrer): Descriptor => describe(mediaType, bytes);

/** How a registry without a list of referrers writes it as a tag: from the usual entries. */
const indexes: Readonly<Record<string, (entries: readonly Descriptor[]) => object | string>> = {
  usual: (entries) => index(entries),
  'no artifact types': (entries) => index(entries.map((entry) => ({ ...entry, artifactType: undefined }))),
  'another artifact type': (entries) => index(entries.map((entry) => ({ ...entry, artifactType: 'application/x' }))),
  'artifact type in upper case': (entries) =>
    index(entries.map((entry) => ({ ...entry, artifactType: signatureType.toUpperCase() }))),
  'entries twice': (entries) => index([...entries, ...entries]),
  'an entry that is missing first': (entries) =>
    index([{ ...(entries[0] as Descriptor), digest: `sha256:${'0'.repeat(64)}` }, ...entries]),
  'an entry of a wrong size': (entries) => index(entries.map((entry) => ({ ...entry, size: entry.size + 1 }))),
  'an entry without a type': (entries) => index(entries.map((entry) => ({ ...entry, mediaType: '' }))),
  'an entry of another type': (entries) => index(entries.map((entry) => ({ ...entry, mediaType: 'application/x' }))),
  'no entries': () => index([]),
  'entries null': () => ({ ...index([]), manifests: null }),
  'no media type': (entries) => ({ ...index(entries), mediaType: undefined }),
  'an artifact type of its own': (entries) => ({ ...index(entries), artifactType: 'application/x' }),
  'schema version 1': (entries) => ({ ...index(entries), schemaVersion: 1 }),
  'no JSON': () => 'x',
};

const index = (
  manifests: readonly object[],
): { schemaVersion: number; mediaType: string; manifests: readonly object[] } => ({
  schemaVersion: 2,
  mediaType: mediaTypes.imageIndex,
  manifests,
});

/** An image of its own in a repository, with its referrers. */
async function placed(
  setup: Setup,
  repository: string,
  scene: Scene,
  signers: Signers,
): Promise<{ image: Descriptor; referrers: readonly Referrer[] }> {
  const image = await pushImage(setup.registry, repository, 'v1', { comment: repository });
  const referrers = await scene.referrers(image, signers);
  await setup.registry.seed(repository, { blobs: referrers.flatMap(({ blobs }) => blobs), manifests: referrers });
  return { image, referrers };
}

/** Every scene in a registry with a list of referrers. */
export async function referrerCases(setup: Setup): Promise<ProgramCase[]> {
  const signers = await createSigners(setup);
  const folder = setup.configure();
  const cases: ProgramCase[] = [];
  for (const [i, [name, scene]] of Object.entries(scenes).entries()) {
    const { image } = await placed(setup, `referrers/r${i}`, scene, signers);
    cases.push({
      kind: 'program: referrers',
      name,
      folder,
      reference: `${setup.host}/referrers/r${i}@${image.digest}`,
      ...options(scene),
    });
  }
  return cases;
}

function options({ maxSignatures, rows }: Scene): Pick<ProgramCase, 'maxSignatures' | 'rows'> {
  return { ...(maxSignatures === undefined ? {} : { maxSignatures }), ...(rows === undefined ? {} : { rows }) };
}

/** Every scene, and every way to write its list, in a registry that has tags alone. */
export async function tagSchemaCases(setup: Setup): Promise<ProgramCase[]> {
  const signers = await createSigners(setup);
  const folder = setup.configure();
  const cases: ProgramCase[] = [];
  const add = async (
    name: string,
    scene: Scene,
    write: (entries: readonly Descriptor[]) => object | string,
  ): Promise<void> => {
    const repository = `tags/t${cases.length}`;
    const { image, referrers } = await placed(setup, repository, scene, signers);
    const entries = referrers.map((one) => ({ ...describeOne(one), artifactType: signatureType }));
    const written = write(entries);
    const bytes = utf8(typeof written === 'string' ? written : JSON.stringify(written));
    const tag = image.digest.replace(':', '-');
    await setup.registry.seed(repository, { manifests: [{ bytes, mediaType: mediaTypes.imageIndex, tags: [tag] }] });
    const rows = name.endsWith('no artifact types') ? { rows: ['entries without an artifact type'] } : {};
    const reference = `${setup.host}/${repository}@${image.digest}`;
    cases.push({ kind: 'program: tag schema', name, folder, reference, ...options(scene), ...rows });
  };
  for (const [name, scene] of Object.entries(scenes)) await add(name, scene, index);
  for (const [name, write] of Object.entries(indexes))
    for (const scene of ['one signature', 'a stranger first'] as const)
      await add(`${scene}; list: ${name}`, scenes[scene] as Scene, write);
  return cases;
}

interface LayoutState {
  readonly path: string;
  readonly image: Descriptor;
  readonly referrers: readonly Referrer[];
}

const blobPath = (path: string, { digest }: Descriptor): string => join(path, 'blobs', ...digest.split(':'));
const edit =
  (change: (document: { manifests: object[] } & Record<string, unknown>) => unknown) =>
  ({ path }: LayoutState): void => {
    const file = join(path, 'index.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as { manifests: object[] };
    writeFileSync(file, JSON.stringify(change(document)));
  };

/** What may be wrong with the files of a layout that holds one signature. */
const damages: Readonly<Record<string, (state: LayoutState) => void>> = {
  'no oci-layout file': ({ path }) => rmSync(join(path, 'oci-layout')),
  'layout of version 2': ({ path }) => writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}'),
  'no index': ({ path }) => rmSync(join(path, 'index.json')),
  'an empty index': edit((document) => ({ ...document, manifests: [] })),
  'an index that is not JSON': ({ path }) => writeFileSync(join(path, 'index.json'), 'x'),
  'unknown members of the index': edit((document) => ({ ...document, more: 1 })),
  'no media type in the index': edit((document) => ({ ...document, mediaType: undefined })),
  'entries twice': edit((document) => ({ ...document, manifests: [...document.manifests, ...document.manifests] })),
  'entries in reverse': edit((document) => ({ ...document, manifests: document.manifests.reverse() })),
  'annotations of entries': edit((document) => ({
    ...document,
    manifests: document.manifests.map((one) => ({ annotations: { a: 'b' }, ...one })),
  })),
  'signature not listed': (state) =>
    edit((document) => ({
      ...document,
      manifests: document.manifests.filter((one) => (one as Descriptor).digest === state.image.digest),
    }))(state),
  'image not listed': (state) =>
    edit((document) => ({
      ...document,
      manifests: document.manifests.filter((one) => (one as Descriptor).digest !== state.image.digest),
    }))(state),
  'manifest of the image missing': ({ path, image }) => rmSync(blobPath(path, image)),
  'manifest of the signature missing': ({ path, referrers }) =>
    rmSync(blobPath(path, describeOne(referrers[0] as Referrer))),
  'manifest of the signature changed': ({ path, referrers }) =>
    writeFileSync(blobPath(path, describeOne(referrers[0] as Referrer)), 'x'),
  'envelope missing': ({ path, referrers }) =>
    rmSync(blobPath(path, describe('', referrers[0]?.blobs[0] as Uint8Array))),
  'envelope changed': ({ path, referrers }) =>
    writeFileSync(blobPath(path, describe('', referrers[0]?.blobs[0] as Uint8Array)), 'x'),
  'configuration of the signature missing': ({ path, referrers }) =>
    rmSync(blobPath(path, describe('', referrers[0]?.blobs[1] as Uint8Array))),
  'no blobs': ({ path }) => rmSync(join(path, 'blobs'), { recursive: true }),
};

/** Every scene in a layout on disk, and one layout in every state. */
export async function layoutCases(setup: Setup): Promise<ProgramCase[]> {
  const signers = await createSigners(setup);
  const folder = setup.configure();
  const cases: ProgramCase[] = [];
  const add = (name: string, state: LayoutState, more: Pick<ProgramCase, 'maxSignatures' | 'rows'> = {}): void =>
    void cases.push({
      kind: 'program: layouts',
      name,
      folder,
      scope: 'local/layout',
      reference: `${state.path}@${state.image.digest}`,
      ...more,
    });
  for (const [name, scene] of Object.entries(scenes)) add(name, await layoutOf(setup, scene, signers), options(scene));
  const whole = await layoutOf(setup, scenes['one signature'] as Scene, signers);
  for (const [name, damage] of Object.entries(damages)) {
    const state = { ...whole, path: join(setup.folder, `damaged${cases.length}`) };
    cpSync(whole.path, state.path, { recursive: true });
    damage(state);
    add(name, state);
  }
  return cases;
}

let layouts = 0;

async function layoutOf(setup: Setup, scene: Scene, signers: Signers): Promise<LayoutState> {
  const path = join(setup.folder, `layout${++layouts}`);
  const layout = await openLayout(path, { create: true, name: 'local/layout' });
  const config = utf8('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
  const manifest = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      config: describe(mediaTypes.imageConfig, config),
      layers: [],
    }),
  );
  const image = describe(mediaTypes.imageManifest, manifest);
  await layout.push(describe(mediaTypes.imageConfig, config), config);
  await layout.push(image, manifest);
  await layout.tag(image, 'v1');
  const referrers = await scene.referrers(image, signers);
  const listed: object[] = [];
  for (const one of referrers) {
    for (const blob of one.blobs) writeFileSync(blobPath(path, describe('', blob)), blob);
    writeFileSync(blobPath(path, describeOne(one)), one.bytes);
    listed.push(describeOne(one));
  }
  const state = { path, image, referrers };
  edit((document) => ({ ...document, manifests: [...document.manifests, ...listed] }))(state);
  return state;
}

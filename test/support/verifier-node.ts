import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { runVerifier, type VerifierAnswer } from '@notarykit/containerd-verifier';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { sign } from 'notarykit';
import { labPolicy } from './lab-policy.js';
import { type Ended, runProgram } from './run-program.js';

/** The account that the registry knows. */
export const account = { username: 'wabbit', password: 'carrot' };

/** A node of a cluster: a folder for its files, a registry that asks for accounts, and images in it. */
export interface Node {
  readonly folder: string;
  /** The folder of the verifier's files. */
  readonly config: string;
  readonly lab: TrustLab;
  readonly host: string;
  readonly image: { readonly signed: Descriptor; readonly unsigned: Descriptor; readonly index: Descriptor };
  readonly env: Readonly<Record<string, string>>;
  /** Writes files below the folder, as root would: by their owner only. */
  write(files: Readonly<Record<string, string | object>>): Promise<void>;
  /** Replaces `verifier.json`, with the cache of this node unless it names another. */
  settings(settings: object): Promise<void>;
  close(): Promise<void>;
}

/** `registry/repository` of the images. */
export const imagesOf = ({ host }: Node): string => `${host}/net-monitor`;

export async function setUpNode(): Promise<Node> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-node-'));
  const lab = await createTrustLab({ registry: { auth: { scheme: 'token', accounts: [account] } } });
  const { host } = await lab.registry.listen();
  const config = join(folder, 'config');
  const write: Node['write'] = (files) => writeFiles(folder, files);
  const auth = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  await write({
    'docker.json': { auths: { [host]: { auth } } },
    'empty.json': {},
    'config/trustpolicy.oci.json': labPolicy({ withoutRevocation: true }),
    'config/truststore/x509/ca/lab/root.pem': encodePem('CERTIFICATE', lab.authority.root.certificate),
  });
  const settings: Node['settings'] = (more) => write({ 'config/verifier.json': { ...usualSettings(folder), ...more } });
  await settings({});
  return {
    folder,
    config,
    lab,
    host,
    image: await pushImages(lab, host),
    env: { NOTARYKIT_CONTAINERD_VERIFIER: config },
    write,
    settings,
    async close() {
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function usualSettings(folder: string): object {
  return {
    version: '1.0',
    timeoutSeconds: 100,
    credentials: { dockerConfigs: [join(folder, 'docker.json')] },
    network: { hostsDirs: [] },
    cache: { folder: join(folder, 'cache') },
  };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string | object>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    await chmod(path, 0o600);
  }
}

async function pushImages({ signer }: TrustLab, host: string): Promise<Node['image']> {
  const repository = createRegistry({ registry: host, credentials: account }).repository('net-monitor');
  const pack = async (tag: string): Promise<Descriptor> => {
    const layers = [{ mediaType: 'text/plain', content: utf8(tag) }];
    return (await packArtifact(repository, { artifactType: 'a/b', layers, tags: [tag] })).descriptor;
  };
  const [signed, unsigned] = [await pack('signed'), await pack('unsigned')];
  await sign(repository, signed, { signer });
  const manifest = { ...signed, platform: { os: 'linux', architecture: 'amd64' } };
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [manifest] }));
  const index = describe(mediaTypes.imageIndex, bytes);
  await repository.push(index, bytes);
  return { signed, unsigned, index };
}

/** What containerd runs: words of the command line, and the descriptor on standard input. */
export interface Pull {
  readonly name: string;
  readonly descriptor: object & { readonly digest: string };
  /** In place of the usual ones. */
  readonly words?: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the verifier as containerd does. */
export function pull(program: string, node: Node, question: Pull): Promise<Ended> {
  const { words, input } = asked(question);
  return runProgram(program, words, { env: { ...node.env, ...question.env }, input });
}

/** Runs it in this process. */
export function answer({ config }: Node, question: Pull): Promise<VerifierAnswer> {
  const { words, input } = asked(question);
  return runVerifier({
    words,
    input: (async function* () {
      yield utf8(input);
    })(),
    folder: config,
  });
}

function asked({ name, descriptor, words, input }: Pull): Required<Pick<Pull, 'words' | 'input'>> {
  return { words: words ?? wordsOf(name, descriptor.digest), input: input ?? `${JSON.stringify(descriptor)}\n` };
}

export const wordsOf = (name: string, digest: string): readonly string[] => [
  '-name',
  name,
  '-digest',
  digest,
  '-stdin-media-type',
  'application/vnd.oci.descriptor.v1+json',
];

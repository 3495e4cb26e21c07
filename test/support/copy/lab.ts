import { copyGraph, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import { createRegistry, type RegistryRepository, type Timeouts } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistry, type EmbeddedRegistryOptions } from '@notarykit/testing';
import { createFront, type Front, type ServerKeys } from './front.js';
import type { Release } from './release.js';

interface SideOptions extends EmbeddedRegistryOptions {
  readonly silent?: boolean;
  /** Nobody is asked who they are. */
  readonly open?: boolean;
}

/** A registry behind TLS that asks for tokens. */
export interface Side {
  readonly registry: EmbeddedRegistry;
  readonly front: Front;
  /** Port of the registry without TLS. */
  readonly plainHost: string;
  /** A repository as the copy sees it: over TLS, with credentials and a time-out. */
  repository(name?: string): RegistryRepository;
  /** The same without faults below HTTP: to look at what is there. */
  readonly direct: RegistryRepository;
  close(): Promise<void>;
}

const account = { username: 'wabbit', password: 'a secret for the tests' };
const repositoryName = 'net-monitor';

/** No time-out strikes by itself, however slow the machine. */
const patient: Timeouts = { headersMs: 30_000, idleMs: 30_000, metadataMs: 60_000 };
/** For servers that fall silent. */
const impatient: Timeouts = { headersMs: 500, idleMs: 500, metadataMs: 2000 };

async function createSide(keys: ServerKeys, options: SideOptions = {}): Promise<Side> {
  const { silent = false, open = false, ...abilities } = options;
  const front = await createFront(keys);
  const auth = { scheme: 'token' as const, accounts: [account], realm: `${front.url}/token` };
  const registry = createEmbeddedRegistry(open ? abilities : { auth, ...abilities });
  const listener = await registry.listen();
  front.forwardTo(listener.port);
  const endpoint = createRegistry({
    registry: front.host,
    plainHttp: false,
    credentials: account,
    connection: keys.connection,
    // Pauses between tries are the client's own matter; here they would only cost time.
    retry: { sleep: async (_, signal) => signal?.throwIfAborted() },
    timeouts: silent ? impatient : patient,
  });
  const direct = createRegistry({
    registry: front.host,
    plainHttp: false,
    credentials: account,
    fetch: registry.fetch,
  });
  return {
    registry,
    front,
    plainHost: listener.host,
    repository: (name = repositoryName) => endpoint.repository(name),
    direct: direct.repository(repositoryName),
    async close() {
      await front.close();
      await registry.close();
    },
  };
}

/** Two registries with an artifact in the one and an older one under the same tag in the other. */
export interface CopyLab {
  readonly source: Side;
  readonly target: Side;
  /** A third host, which has the same content and must never see a credential. */
  readonly foreign: Side;
  readonly release: Release;
  /** Where `v1` points at the target before the copy. */
  readonly old: Descriptor;
  close(): Promise<void>;
}

export interface CopyLabOptions {
  readonly source?: EmbeddedRegistryOptions;
  readonly target?: EmbeddedRegistryOptions;
  /** Whether a server will fall silent: the clients then wait for half a second, else for as long as it takes. */
  readonly silent?: boolean;
}

export async function createCopyLab(
  keys: ServerKeys,
  release: Release,
  options: CopyLabOptions = {},
): Promise<CopyLab> {
  const { silent = false } = options;
  const [source, target, foreign] = await Promise.all([
    createSide(keys, { ...options.source, silent }),
    createSide(keys, { ...options.target, silent }),
    createSide(keys, { silent, open: true }),
  ]);
  await copyGraph(release.repository, source.direct, { reference: 'v1' });
  await copyGraph(release.repository, foreign.direct, { reference: 'v1' });
  const layers = [{ mediaType: 'text/plain', content: utf8('the release before') }];
  const packed = await packArtifact(target.direct, { artifactType: 'application/vnd.test.old', layers, tags: ['v1'] });
  for (const side of [source, target, foreign]) side.registry.forgetRequests();
  const close = async (): Promise<void> => {
    await Promise.all([source, target, foreign].map((side) => side.close()));
  };
  return { source, target, foreign, release, old: packed.descriptor, close };
}

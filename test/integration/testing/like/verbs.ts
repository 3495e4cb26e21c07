import {
  attachReferrer,
  copyGraph,
  discover,
  packArtifact,
  referrersOf,
  tagArtifact,
  untagArtifact,
} from '@notarykit/artifact-graph';
import { isCodedError, utf8 } from '@notarykit/common';
import { describe, fetchBytes, mediaTypes } from '@notarykit/oci';
import type { RegistryErrorDetail, RegistryRepository } from '@notarykit/registry-client';
import { type Personality, registryQuirks, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign, verify } from 'notarykit';
import { labPolicy } from '../../../support/lab-policy.js';
import { listAll, quick, serve } from '../../registry-client/support.js';

const account = { username: 'wabbit', password: 'carrot' };

/** Registries that ask for a password with each request; the others give tokens. */
const basic: readonly Personality[] = ['ecr', 'artifactory', 'jfrog'];

/** What the verbs of a user work with, at one registry. */
interface Place {
  readonly lab: TrustLab;
  readonly repository: RegistryRepository;
  readonly other: RegistryRepository;
  /** The first one, by a client that sends blobs in pieces. */
  readonly chunked: RegistryRepository;
  /** Whether the registry has a referrers API. */
  readonly hasApi: boolean;
  /** Where no tag moves. */
  readonly immutable: RegistryRepository;
}

type Verb = (place: Place) => Promise<unknown>;

const ensure = (what: boolean, why: string): void => {
  if (!what) throw new Error(why);
};

const trustOf = (lab: TrustLab) => ({
  policy: parseTrustPolicy(labPolicy({ withoutRevocation: true })),
  trustStore: memoryTrustStore(lab.trustStore),
});

/** In the order in which a user comes to them; each has what those before it left. */
export const verbs: Readonly<Record<string, Verb>> = {
  async push({ repository }) {
    const config = { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"amd64"}') };
    const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: new Uint8Array(30_000).fill(7) }];
    await packArtifact(repository, { config, layers, tags: ['v1'] });
  },
  async 'push in chunks'({ chunked }) {
    const config = { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"arm64"}') };
    const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: new Uint8Array(30_000).fill(8) }];
    await packArtifact(chunked, { config, layers, tags: ['chunks'] });
    await fetchBytes(chunked, describe(mediaTypes.imageLayerGzip, layers[0]?.content ?? new Uint8Array()));
  },
  async attach({ repository }) {
    const layers = [{ mediaType: 'application/spdx+json', content: utf8('{}') }];
    await attachReferrer(repository, 'v1', { artifactType: 'application/spdx+json', layers });
  },
  sign: ({ repository, lab }) => sign(repository, 'v1', { signer: lab.signer }),
  async list({ repository, hasApi }) {
    const tags = await listAll(repository.tags());
    ensure(tags.includes('v1'), `the tags are ${tags.join(', ')}`);
    // A client that took the API for none would write lists of its own, and all would seem well.
    ensure(!hasApi || !tags.some((tag) => tag.startsWith('sha256-')), 'there are lists under tags');
    const found = [...referrersOf(await discover(repository, 'v1'))];
    // What was refused before is not there to be listed.
    ensure(found.length === 2 || !(await isSigned(repository)), `${found.length} referrers`);
  },
  async tag({ repository }) {
    await tagArtifact(repository, await repository.resolve('v1'), ['v2', 'v3']);
    const again = await repository.resolve('v3');
    ensure(again.digest === (await repository.resolve('v1')).digest, 'v3 is elsewhere');
  },
  verify: ({ repository, lab }) => verify(repository, 'v1', trustOf(lab)),
  async copy({ repository, other }) {
    await copyGraph(repository, other, { reference: 'v1', assert: 'graph' });
    const found = [...referrersOf(await discover(other, 'v1'))];
    ensure(found.length === [...referrersOf(await discover(repository, 'v1'))].length, `${found.length} referrers`);
  },
  untag: ({ repository }) => untagArtifact(repository, 'v2'),
  async 'move an immutable tag'({ immutable }) {
    for (const n of ['1', '2']) {
      const config = { mediaType: mediaTypes.imageConfig, content: utf8('{}') };
      await packArtifact(immutable, { config, layers: [], annotations: { n }, tags: ['v1'] });
    }
  },
};

const isSigned = async (repository: RegistryRepository): Promise<boolean> =>
  (await listAll(repository.referrers(await repository.resolve('v1')))).length > 1;

/** `ok`, or the code of the error, and what the registry said; an error without a code is not caught. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!isCodedError(error)) throw error;
    const { status, errors = [] } = detailOf(error);
    return [error.code, status, errors[0]?.code].filter((part) => part !== undefined).join(' ');
  }
}

function detailOf(error: Error): Partial<RegistryErrorDetail> {
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    if (isCodedError(one) && (one.detail as Partial<RegistryErrorDetail> | undefined)?.status !== undefined)
      return one.detail as Partial<RegistryErrorDetail>;
  return {};
}

/** What each verb comes to at a registry. */
export async function playVerbs(like: Personality, lab: TrustLab): Promise<Readonly<Record<string, string>>> {
  const scheme = basic.includes(like) ? 'basic' : 'token';
  const auth = { scheme, accounts: [account] } as const;
  const { client } = await serve({ like, auth });
  const strict = await serve({ like, auth, immutableTags: true });
  const options = { credentials: account, retry: { ...quick.retry, maxRetries: 2 } };
  const endpoint = client(options);
  const place: Place = {
    lab,
    hasApi: registryQuirks.every(({ name, seen }) => name !== 'no-referrers-api' || seen[like] === undefined),
    repository: endpoint.repository('team/app'),
    other: endpoint.repository('team/copy'),
    immutable: strict.client(options).repository('team/app'),
    chunked: client({ ...options, chunked: true, chunkSize: 10_000 }).repository('team/app'),
  };
  const outcomes: Record<string, string> = {};
  for (const [name, verb] of Object.entries(verbs)) outcomes[name] = await outcomeOf(verb(place));
  return outcomes;
}

import {
  type PackOptions,
  packArtifact,
  type ReferrerEdge,
  type TagOutcome,
  tagArtifact,
} from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Descriptor, Digest, Repository } from '@notarykit/oci/internal';
import { NotaryKitError } from './errors.js';
import { describeEdges, listAgain } from './listing.js';
import { callOptions } from './reference.js';
import { type AttachedSignature, type SignOptions, sign } from './sign.js';
import { type SignedFile, type SignFileOptions, signFile } from './sign-file.js';

/** Something to attach to the artifact, signed like it unless it has its own signer. */
export type PublishedFile = Omit<SignFileOptions, keyof SignOptions | 'subject' | 'tags'> & Partial<SignOptions>;

/** Options of {@link publish}. */
export interface PublishOptions extends CallOptions {
  /** Content to pack, or a function that pushes the artifact by digest and says what it pushed. */
  readonly push: PackOptions | ((repository: Repository) => Promise<Descriptor>);
  readonly sign: SignOptions;
  readonly attach?: readonly PublishedFile[];
  /** Set last, when the graph is complete. */
  readonly tag: string | readonly string[];
  /** Move the tags only if they point here now; `null`: only if there are none. */
  readonly ifMatch?: Digest | null;
  readonly onProgress?: (progress: PublishProgress) => void;
}

/** How far a publication is. What the callback throws ends it: before `done` no tag was set. */
export interface PublishProgress {
  readonly phase: 'push' | 'sign' | 'attach' | 'assert' | 'tag' | 'done';
  readonly message: string;
}

/** What {@link publish} did. */
export interface PublishedArtifact {
  readonly artifact: Descriptor;
  readonly signatures: readonly AttachedSignature[];
  readonly attached: readonly SignedFile[];
  readonly tags: readonly TagOutcome[];
}

/**
 * Publishes an artifact so that it cannot be pulled by tag before it is complete: push by digest, sign, attach and sign what
 * belongs to it, read back that all of it is listed, and only then tag.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PUBLISH` when the repository does not list what was attached; no tag was set
 *
 * @example
 * ```ts
 * await publish(repository, {
 *   push: { artifactType: 'application/vnd.example', layers },
 *   sign: { signer },
 *   attach: [{ artifactType: 'sbom/example', files: [{ name: 'sbom.json', mediaType: 'application/json', content: sbom }] }],
 *   tag: 'v1',
 * });
 * ```
 */
export async function publish(repository: Repository, options: PublishOptions): Promise<PublishedArtifact> {
  const call = callOptions(options);
  const { push } = options;
  const say = (phase: PublishProgress['phase'], message: string): void => options.onProgress?.({ phase, message });
  say('push', repository.name);
  const artifact =
    typeof push === 'function'
      ? await push(repository)
      : (await packArtifact(repository, { ...push, ...call, tags: [] })).descriptor;
  say('sign', artifact.digest);
  const { signatures } = await sign(repository, artifact, { ...options.sign, ...call });
  const attached: SignedFile[] = [];
  for (const file of options.attach ?? []) {
    say('attach', file.artifactType);
    attached.push(await signFile(repository, { ...options.sign, ...call, ...file, subject: artifact }));
  }
  say('assert', repository.name);
  await ensureListed(repository, artifact, edgesOf(artifact, signatures, attached), call);
  say('tag', typeof options.tag === 'string' ? options.tag : options.tag.join(', '));
  const { tags } = await tagArtifact(repository, artifact, options.tag, {
    ...call,
    ...defined({ ifMatch: options.ifMatch }),
  });
  say('done', `${repository.name}@${artifact.digest}`);
  return { artifact, signatures, attached, tags };
}

/** The signatures of artifact and platforms, what is attached, and the signatures of that. */
function edgesOf(
  artifact: Descriptor,
  signatures: readonly AttachedSignature[],
  attached: readonly SignedFile[],
): readonly ReferrerEdge[] {
  const signed = [...signatures, ...attached.flatMap((file) => file.signatures)];
  return [
    ...attached.map((file) => ({ subject: artifact, referrer: file.artifact })),
    ...signed.map(({ subject, signature }) => ({ subject, referrer: signature })),
  ];
}

/** A registry may accept a referrer and not list it; a client that pulls by tag would then find the graph incomplete. */
async function ensureListed(
  repository: Repository,
  artifact: Descriptor,
  edges: readonly ReferrerEdge[],
  call: CallOptions,
): Promise<void> {
  const missing = await listAgain(repository, edges, call);
  if (missing.length === 0) return;
  throw new NotaryKitError(
    'ERR_NOTARYKIT_PUBLISH',
    `${repository.name} does not list what was pushed to it (${describeEdges(missing)}); no tag was set`,
    { detail: { artifact, missing: missing.map(({ referrer: { digest } }) => ({ digest })) } },
  );
}

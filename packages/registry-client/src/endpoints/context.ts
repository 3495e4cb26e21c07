import { defined, type Logger } from '@notarykit/common/internal';
import { type Digest, OciError } from '@notarykit/oci/internal';
import { RegistryError } from '../errors.js';
import type { Send } from '../http/message.js';
import type { Timeouts } from '../http/timeouts.js';
import type { OnProgress } from '../progress.js';
import type { LinkSight } from './link-sight.js';

/** Bounds on what a registry may send or make us do. */
export interface RegistryLimits {
  /** Bytes of a manifest, an index or one page of a list. Default 4 MiB. */
  readonly manifestBytes?: number;
  /** Pages of one referrers list. Default 100. */
  readonly referrersPages?: number;
  /** Entries of one referrers list. Default 10,000. */
  readonly referrers?: number;
  /** Pages of one tag list. Default 1,000. */
  readonly tagPages?: number;
  /** Tags of one list. Default 100,000. */
  readonly tags?: number;
}

/** How referrers are listed and kept: by the API, by the tag schema, or by whichever the registry has. */
export type ReferrersMode = 'auto' | 'api' | 'tag';

/** What the operations on one repository share. */
export interface RepositoryContext {
  /** `https://host[:port]` that requests go to. */
  readonly origin: string;
  /** URL below which repositories are: the origin and `/v2`, unless the API is below another path. */
  readonly api: string;
  /** The registry that this one is a proxy of. */
  readonly upstream: string | undefined;
  /** As the caller named it. */
  readonly registry: string;
  readonly repository: string;
  /** What is behind the name: two of one name and one source hold the same content. */
  readonly source: string;
  readonly send: Send;
  readonly limits: Required<RegistryLimits>;
  readonly timeouts: Required<Timeouts>;
  /** How often what failed is tried again. */
  readonly maxRetries: number;
  readonly uploadHosts: readonly string[] | undefined;
  readonly referrersMode: ReferrersMode;
  /** Whether the listing of before OCI 1.1 is asked too. */
  readonly legacyReferrers: boolean;
  readonly logger: Logger | undefined;
  readonly onProgress: OnProgress | undefined;
  readonly chunkSize: number;
  /** Whether blobs are sent in chunks unless a push says otherwise. */
  readonly chunked: boolean;
  /** Whether a tag write can be conditional: seen from an ETag. */
  readonly state: RepositoryState;
  /** Shared by the repositories of the endpoint. */
  readonly links: LinkSight;
  readonly retryPause: (attempt: number, signal?: AbortSignal) => Promise<void>;
}

/** What was learnt about a repository. */
export interface RepositoryState {
  /** The registry has answered with a whole list of referrers. */
  referrersApiSeen: boolean;
  /** It answered without one: not asked again before this time of `performance.now()`. */
  withoutReferrersApiUntil: number;
  etagsSeen: boolean;
  /** It took no notice of tags in the query of a push: they are set one by one. */
  withoutTagParameters: boolean;
}

/** URL of a path below the repository. */
export function urlOf({ api, upstream, repository }: RepositoryContext, path: string): string {
  const url = `${api}/${repository}/${path}`;
  return upstream === undefined ? url : `${url}${path.includes('?') ? '&' : '?'}ns=${encodeURIComponent(upstream)}`;
}

/** Media type of a header without its parameters. */
export function mediaTypeOf(header: string | null): string | undefined {
  const type = header?.split(';', 1)[0]?.trim();
  return type === undefined || type === '' ? undefined : type;
}

/** Refuses a `Docker-Content-Digest` that names other content than was asked for; it is never trusted for more (threats H13). */
export function checkDigestHeader(context: RepositoryContext, header: string | null, digest: Digest): void {
  if (header === null || header === digest) return;
  // The same bytes may be known under another algorithm: only the same algorithm can contradict.
  if (header.split(':')[0] !== digest.split(':')[0]) return;
  throw new OciError(
    'ERR_OCI_DIGEST_MISMATCH',
    `${context.registry}/${context.repository}: asked for ${digest}, the registry names it ${header.slice(0, 140)}`,
  );
}

/** An answer that breaks the distribution specification. */
export function protocolError(context: RepositoryContext, message: string, cause?: unknown): RegistryError {
  return new RegistryError('ERR_REGISTRY_PROTOCOL', `${context.registry}/${context.repository}: ${message}`, {
    detail: { registry: context.registry, retryable: false },
    ...defined({ cause }),
  });
}

/** The codes that a registry gave with an error. */
export function errorCodesOf(error: unknown): readonly string[] {
  const { detail } = error as { detail?: { errors?: readonly { code: string }[] } };
  return detail?.errors?.map(({ code }) => code) ?? [];
}

/** The HTTP status of an error, if it has one. */
export function statusOf(error: unknown): number | undefined {
  return (error as { detail?: { status?: number } } | undefined)?.detail?.status;
}

import { type CodedError, defined, isCodedError, quote } from '@notarykit/common/internal';
import {
  artifactTypeOf,
  type Descriptor,
  type Digest,
  type FetchedManifest,
  isManifestMediaType,
  isNotFound,
  parseDigest,
  type RefusedEntry,
} from '@notarykit/oci/internal';
import { GraphError } from '../errors.js';
import type { KeptContent } from './kept-content.js';
import { type ContentCache, parse, type ReadOptions } from './reader.js';

/**
 * Why an entry of a list of referrers does not count: its manifest names another subject or none; it is not a manifest; it cannot be
 * parsed, or is not what its entry says (`unreadable`); it is not there (`missing`); it could not be fetched (`unavailable`).
 */
export type SetAsideReason =
  | 'subjectMismatch'
  | 'noSubject'
  | 'notAManifest'
  | 'unreadable'
  | 'missing'
  | 'unavailable';

/** An entry of a list of referrers, its manifest fetched and hashed; or why it does not count. */
export type Referrer =
  | {
      readonly kind: 'referrer';
      readonly descriptor: Descriptor;
      readonly fetched: FetchedManifest;
      /** What the manifest itself says, whatever the list does. */
      readonly artifactType?: string;
    }
  | {
      readonly kind: 'setAside';
      /** None where not even that could be read. */
      readonly descriptor?: Descriptor;
      readonly reason: SetAsideReason;
      /** `subjectMismatch`: the subject that its manifest names. */
      readonly named?: Digest;
      readonly cause: CodedError;
    };

/** Reads one entry and vets it. It rejects for no entry, whatever is wrong with it, but when the call is aborted. */
export async function vet(
  cache: ContentCache,
  subject: Descriptor,
  descriptor: Descriptor,
  options: ReadOptions & { readonly signal: AbortSignal },
): Promise<Referrer> {
  const problem = problemOf(descriptor);
  if (problem !== undefined) return problem;
  let content: KeptContent;
  try {
    content = await cache.load(descriptor, options);
  } catch (error) {
    options.signal.throwIfAborted();
    return setAside(descriptor, reasonOf(error), error);
  }
  try {
    return judge(subject, parse(descriptor, content, options.reading));
  } catch (error) {
    return setAside(descriptor, 'unreadable', error);
  }
}

/** An entry that the repository itself could not read. */
export function refusedEntry({ descriptor, cause }: RefusedEntry): Referrer {
  return setAside(descriptor, 'unreadable', cause);
}

function problemOf(descriptor: Descriptor): Referrer | undefined {
  const { mediaType, digest } = descriptor;
  if (!isManifestMediaType(mediaType))
    return setAside(descriptor, 'notAManifest', notReferrer(digest, `expected a manifest, found ${quote(mediaType)}`));
  try {
    parseDigest(digest);
    return undefined;
  } catch (error) {
    return setAside(descriptor, 'unreadable', error);
  }
}

function judge(subject: Descriptor, fetched: FetchedManifest): Referrer {
  const { descriptor, manifest } = fetched;
  const named = manifest.subject?.digest;
  if (named === undefined)
    return setAside(descriptor, 'noSubject', notReferrer(descriptor.digest, 'its manifest names no subject'));
  if (named !== subject.digest) {
    const cause = notReferrer(descriptor.digest, `its subject is ${named}`);
    return { kind: 'setAside', descriptor, reason: 'subjectMismatch', named, cause };
  }
  const artifactType = artifactTypeOf(manifest);
  return { kind: 'referrer', descriptor, fetched, ...defined({ artifactType }) };
}

function notReferrer(digest: string, why: string): GraphError {
  return new GraphError('ERR_GRAPH_REFERRER', `${digest} is listed as a referrer but is not one: ${why}`);
}

/** Anyone who may push can write an entry with a wrong size, or a manifest that is too large; they cannot cause other failures. */
const entryIsWrong: readonly string[] = ['ERR_OCI_SIZE_MISMATCH', 'ERR_OCI_TOO_LARGE'];

function reasonOf(error: unknown): SetAsideReason {
  if (isNotFound(error)) return 'missing';
  return isCodedError(error) && entryIsWrong.includes(error.code) ? 'unreadable' : 'unavailable';
}

function setAside(descriptor: Descriptor | undefined, reason: SetAsideReason, error: unknown): Referrer {
  return { kind: 'setAside', ...(descriptor && { descriptor }), reason, cause: coded(error) };
}

function coded(error: unknown): CodedError {
  if (isCodedError(error)) return error;
  return new GraphError('ERR_GRAPH_UNAVAILABLE', 'a manifest could not be read', { cause: error });
}

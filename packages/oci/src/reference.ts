import { quote, requireText } from '@notarykit/common/internal';
import { checkDigest, type Digest, parseDigest } from './digest.js';
import { OciError } from './errors.js';

/** A reference taken apart: `registry/repository[:tag][@digest]`. */
export interface Reference {
  /** Host, with port where there is one: `localhost:5000`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  /** Wins over the tag. */
  readonly digest?: Digest;
}

/**
 * A reference as it may be in a message. People paste addresses with an account before the host: nothing before an "@" is repeated,
 * but for the "@" before a digest.
 */
function quoteReference(text: string): string {
  const account = /^([\s\S]*)@(?![a-z0-9]+:[0-9a-f]{32,}$)/.exec(text.slice(0, longestReference));
  if (account === null) return quote(text.length > longestReference ? `text of ${text.length} characters` : text);
  return quote(`<account>@${text.slice((account[1] ?? '').length + 1)}`);
}

// Far more than a reference may have: what is longer is not looked at for an account, and is not shown either.
const longestReference = 4096;

const hostPattern =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/;
const componentPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/**
 * Takes a full reference apart. Familiar names (`alpine`) are not completed: they are refused.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 * @throws {CodecError} `ERR_CODEC_TEXT`
 *
 * @example
 * ```ts
 * parseReference('registry.wabbit-networks.io/net-monitor:v1').repository; // 'net-monitor'
 * ```
 */
export function parseReference(text: string): Reference {
  const slash = requireText(text, 'reference').indexOf('/');
  const registry = text.slice(0, Math.max(slash, 0));
  if (slash < 0 || !isRegistryHost(registry)) {
    throw new OciError(
      'ERR_OCI_INVALID',
      `expected a reference "registry/repository[:tag][@digest]", found ${quoteReference(text)}`,
    );
  }
  const [path, digest] = splitLast(text.slice(slash + 1), '@');
  const colon = path.lastIndexOf(':');
  const repository = colon < 0 ? path : path.slice(0, colon);
  checkRepositoryName(repository);
  if (digest !== undefined) parseDigest(digest);
  const reference = { registry, repository, ...(digest === undefined ? {} : { digest: digest as Digest }) };
  if (colon < 0) return reference;
  const tag = path.slice(colon + 1);
  checkTag(tag);
  return { ...reference, tag };
}

/** A host differs from a path component by a dot, a colon or an upper-case letter, or by being `localhost`. */
function isRegistryHost(host: string): boolean {
  const port = /:(\d+)$/.exec(host)?.[1];
  const hostLike = /[.:A-Z]/.test(host) || host === 'localhost';
  return hostLike && hostPattern.test(host) && (port === undefined || Number(port) <= 65_535);
}

function splitLast(text: string, separator: string): [string, string | undefined] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Takes an image name apart as container tools do, completing familiar names: `alpine` is
 * `docker.io/library/alpine:latest`, and so is `docker.io/alpine`. A name with tag or digest keeps it.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 * @throws {CodecError} `ERR_CODEC_TEXT`
 */
export function parseImageName(text: string): Reference {
  const slash = requireText(text, 'name of an image').indexOf('/');
  const host = text.slice(0, Math.max(slash, 0));
  const familiar = slash < 0 || !(/[.:]/.test(host) || host === 'localhost' || host !== host.toLowerCase());
  const full = familiar ? `docker.io/${text}` : text.replace(/^index\.docker\.io\//, 'docker.io/');
  const { repository, ...rest } = parseReference(full);
  const official = rest.registry === 'docker.io' && !repository.includes('/');
  const reference = { ...rest, repository: official ? `library/${repository}` : repository };
  return reference.digest === undefined && reference.tag === undefined ? { ...reference, tag: 'latest' } : reference;
}

/** The text of a reference. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/** @throws {OciError} `ERR_OCI_INVALID` unless the text is a repository name (distribution-spec, "Pulling manifests") */
export function checkRepositoryName(text: string): void {
  if (
    requireText(text, 'name of a repository').length > 255 ||
    !text.split('/').every((component) => componentPattern.test(component))
  ) {
    throw new OciError(
      'ERR_OCI_INVALID',
      `expected a repository name such as "library/alpine", found ${quoteReference(text)}`,
    );
  }
}

/** @throws {OciError} `ERR_OCI_INVALID` unless the text is a tag (distribution-spec, "Pulling manifests") */
export function checkTag(text: string): void {
  if (!tagPattern.test(text))
    throw new OciError(
      'ERR_OCI_INVALID',
      `expected a tag of at most 128 letters, digits and "._-", found ${quoteReference(text)}`,
    );
}

/**
 * The tag under which referrers of a digest are kept where the referrers API is missing (distribution-spec, "Referrers Tag Schema"):
 * both halves cut, what a tag may not hold replaced.
 */
export function referrersTag(digest: Digest): string {
  checkDigest(digest);
  const [algorithm = '', encoded = ''] = digest.split(':');
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`.replace(/[^a-zA-Z0-9._-]/g, '-');
}

import { type CallOptions, isCodedError, mapConcurrent } from '@notarykit/common/internal';
import { type Digest, parseReference, type Repository } from '@notarykit/oci/internal';
import type { BaseImage } from './dockerfile/base-image.js';
import { parseBaseImages } from './dockerfile/images.js';
import type { DockerfileOptions } from './dockerfile/options.js';
import { NotaryKitError } from './errors.js';
import { callOptions } from './reference.js';
import type { Trust } from './trust.js';
import { checkNotSkipped } from './verdict/trusted.js';
import { type Skipped, type Verified, type VerifyOptions, verify } from './verify.js';

/** Options of {@link verifyBaseImages}. */
export interface VerifyBaseImagesOptions extends DockerfileOptions, Pick<VerifyOptions, 'platforms'>, CallOptions {
  /** Opens the repository of an image; `image` tells the line it stands on. */
  readonly open: (
    name: { readonly registry: string; readonly repository: string },
    image: BaseImage,
  ) => Repository | Promise<Repository>;
  readonly trust: Trust;
  /** Also accept images that the policy says to look away from (level `skip`). Default: they are refused. */
  readonly allowSkipped?: boolean;
  /** Images verified at a time. Default 3. */
  readonly concurrency?: number;
}

/** A base image with its verdict. */
export type BaseImageVerdict = BaseImage & ({ readonly verdict: Verified | Skipped } | { readonly error: unknown });

/**
 * Verifies every external image that a Dockerfile builds upon, and refuses unless all of them are trusted. A name that cannot
 * be resolved, because an argument has no value say, is refused as well, and so is an image that the policy skips, unless
 * `allowSkipped` says otherwise.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_DOCKERFILE`; `ERR_NOTARYKIT_BASE_IMAGE` with the verdict of every line in `detail`
 *
 * @example
 * ```ts
 * const images = await verifyBaseImages(dockerfile, { open: ({ registry, repository }) => registries[registry].repository(repository), trust });
 * for (const { line, reference } of images) console.log(`line ${line}: ${reference} is trusted`);
 * ```
 */
export async function verifyBaseImages(
  dockerfile: string,
  options: VerifyBaseImagesOptions,
): Promise<readonly (BaseImage & { readonly verdict: Verified | Skipped })[]> {
  const images = parseBaseImages(dockerfile, options);
  const verdicts = await mapConcurrent(images, options.concurrency ?? 3, (image) => verdictOf(image, options));
  const refused = verdicts.filter((each): each is BaseImage & { readonly error: unknown } => 'error' in each);
  if (refused.length > 0) {
    const lines = refused.map(
      ({ line, written, error }) => `line ${line}, ${written}: ${isCodedError(error) ? error.message : String(error)}`,
    );
    throw new NotaryKitError(
      'ERR_NOTARYKIT_BASE_IMAGE',
      `the Dockerfile builds on ${refused.length} image(s) that are not trusted: ${lines.join('; ')}`,
      { cause: refused[0]?.error, detail: { images: verdicts } },
    );
  }
  return verdicts as (BaseImage & { readonly verdict: Verified | Skipped })[];
}

/**
 * The digests to give `gate` as `baseImages`: of each trusted image, and of the manifests in it that were verified. Images that the policy
 * skips were not verified.
 */
export function verifiedDigests(
  images: readonly { readonly verdict: Pick<Verified, 'verdict' | 'digest' | 'manifests'> | Skipped }[],
): readonly Digest[] {
  const digests = images.flatMap(({ verdict }) => {
    if (verdict.verdict !== 'trusted') return [];
    return [verdict.digest, ...verdict.manifests.map(({ descriptor }) => descriptor.digest)];
  });
  return [...new Set(digests)];
}

async function verdictOf(image: BaseImage, options: VerifyBaseImagesOptions): Promise<BaseImageVerdict> {
  if (image.reference === undefined) {
    const message = `the name cannot be resolved: ${image.unresolved}`;
    return {
      ...image,
      error: new NotaryKitError('ERR_NOTARYKIT_BASE_IMAGE', message, { detail: { line: image.line } }),
    };
  }
  try {
    const { registry, repository, tag, digest } = parseReference(image.reference);
    const opened = await options.open({ registry, repository }, image);
    const { trust, platforms = 'index' } = options;
    const verdict = await verify(opened, digest ?? tag ?? 'latest', { ...trust, platforms, ...callOptions(options) });
    checkNotSkipped(verdict, options.allowSkipped);
    return { ...image, verdict };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { ...image, error };
  }
}

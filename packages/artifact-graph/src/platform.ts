import { quote } from '@notarykit/common';
import type { Descriptor, Platform } from '@notarykit/oci';
import { GraphError } from './errors.js';

/**
 * Reads `os/architecture[/variant]`.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID`
 */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [os, architecture, variant] = parts;
  if (!os || !architecture || parts.length > 3 || variant === '')
    throw new GraphError(
      'ERR_GRAPH_INVALID',
      `expected a platform such as "linux/arm64" or "linux/arm/v7", found ${quote(text)}`,
    );
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** The text of a platform, as {@link parsePlatform} reads it. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/**
 * Whether an entry of an index is for a platform: the same operating system and architecture; variant and version only where
 * they are asked for; every feature asked for.
 */
export function matchesPlatform(found: Platform | undefined, wanted: Platform): boolean {
  if (found?.os !== wanted.os || found.architecture !== wanted.architecture) return false;
  if (wanted.variant !== undefined && found.variant !== wanted.variant) return false;
  if (wanted['os.version'] !== undefined && found['os.version'] !== wanted['os.version']) return false;
  return (wanted['os.features'] ?? []).every((feature) => found['os.features']?.includes(feature) === true);
}

/** The first entry for a platform. */
export function selectPlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  return manifests.find(({ platform }) => matchesPlatform(platform, wanted));
}

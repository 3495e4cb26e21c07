import { defined, quote, requireText } from '@notarykit/common/internal';
import { type Descriptor, normalPlatform, type Platform } from '@notarykit/oci/internal';
import { GraphError } from './errors.js';

/**
 * Reads `os/architecture[/variant]`.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID`
 * @throws {CodecError} `ERR_CODEC_TEXT`
 */
export function parsePlatform(text: string): Platform {
  const parts = requireText(text, 'platform').split('/');
  const [os, architecture, variant] = parts;
  if (!os || !architecture || parts.length > 3 || variant === '')
    throw new GraphError(
      'ERR_GRAPH_INVALID',
      `expected a platform such as "linux/arm64" or "linux/arm/v7", found ${quote(text)}`,
    );
  return { os, architecture, ...defined({ variant }) };
}

/** A platform in the one spelling that `normalPlatform` gives, with its version and features. */
export function normalizePlatform(platform: Platform): Platform {
  const { 'os.version': version, 'os.features': features } = platform;
  return {
    os: '',
    architecture: '',
    ...normalPlatform(platform),
    ...defined({ 'os.version': version, 'os.features': features }),
  };
}

/**
 * Whether an entry of an index is for a platform, in whatever spelling: the same operating system and architecture; variant and
 * version only where they are asked for, and then the entry must state them; every feature asked for.
 */
export function matchesPlatform(entry: Platform | undefined, platform: Platform): boolean {
  if (entry === undefined) return false;
  const found = normalizePlatform(entry);
  const wanted = normalizePlatform(platform);
  if (found.os !== wanted.os || found.architecture !== wanted.architecture) return false;
  if (wanted.variant !== undefined && found.variant !== wanted.variant) return false;
  if (wanted['os.version'] !== undefined && found['os.version'] !== wanted['os.version']) return false;
  return (wanted['os.features'] ?? []).every((feature) => found['os.features']?.includes(feature) === true);
}

/** The first entry for a platform. */
export function selectPlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  return manifests.find(({ platform }) => matchesPlatform(platform, wanted));
}

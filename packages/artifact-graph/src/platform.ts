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

/** Other names of an architecture, with the variant that each stands for. */
const aliases: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  i386: ['386'],
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/**
 * A platform in the form in which two spellings of one are equal, as containerd normalises them: lower case; `x86_64` is `amd64`,
 * `aarch64` and `arm64/v8` are `arm64`, `arm` is `arm/v7`, `i386` is `386`, `macos` is `darwin`.
 */
export function normalizePlatform(platform: Platform): Platform {
  const spelled = spell(platform);
  return spelled.architecture === 'arm' ? { variant: 'v7', ...spelled } : spelled;
}

/** One spelling, with nothing added that was not said. */
function spell({ os, architecture: name, variant: given = '', ...rest }: Platform): Platform {
  const lower = name.toLowerCase();
  const alias = Object.hasOwn(aliases, lower) ? aliases[lower] : undefined;
  const [architecture, implied = given.toLowerCase()] = alias ?? [lower];
  const variant = spellVariant(architecture, implied);
  const system = os.toLowerCase() === 'macos' ? 'darwin' : os.toLowerCase();
  return { ...rest, os: system, architecture, ...(variant === '' ? {} : { variant }) };
}

function spellVariant(architecture: string, variant: string): string {
  const plain = { 386: variant, amd64: 'v1', arm64: 'v8' }[architecture];
  const numbered = architecture.startsWith('arm') ? variant.replace(/^(?=[5-8]$)/, 'v') : variant;
  return numbered === plain ? '' : numbered;
}

/** The text of a platform in normal form, as {@link parsePlatform} reads it. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = normalizePlatform(platform);
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/**
 * Whether an entry of an index is for a platform, in whatever spelling: the same operating system and architecture; variant and
 * version only where they are asked for, and then the entry must state them; every feature asked for.
 */
export function matchesPlatform(entry: Platform | undefined, platform: Platform): boolean {
  if (entry === undefined) return false;
  const found = spell(entry);
  const wanted = spell(platform);
  if (found.os !== wanted.os || found.architecture !== wanted.architecture) return false;
  if (wanted.variant !== undefined && found.variant !== wanted.variant) return false;
  if (wanted['os.version'] !== undefined && found['os.version'] !== wanted['os.version']) return false;
  return (wanted['os.features'] ?? []).every((feature) => found['os.features']?.includes(feature) === true);
}

/** The first entry for a platform. */
export function selectPlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  return manifests.find(({ platform }) => matchesPlatform(platform, wanted));
}

import { defined } from '@notarykit/common/internal';
import type { Platform } from './descriptor.js';

/** What other tools call an architecture, and what the image specification calls it. */
const architectures: ReadonlyMap<string, readonly [architecture: string, variant?: string]> = new Map([
  ['x86_64', ['amd64']],
  ['x86-64', ['amd64']],
  ['i386', ['386']],
  ['aarch64', ['arm64']],
  ['armhf', ['arm', 'v7']],
  ['armel', ['arm', 'v6']],
  ['armv7', ['arm', 'v7']],
  ['armv7l', ['arm', 'v7']],
  ['armv6', ['arm', 'v6']],
  ['armv6l', ['arm', 'v6']],
]);

/** Variants that say nothing, since the architecture alone means them. */
const implied: ReadonlyMap<string, string> = new Map([
  ['amd64', 'v1'],
  ['arm64', 'v8'],
]);

/** Operating system, architecture and variant, of which a text may state any part. */
export interface PartialPlatform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

/**
 * A platform in normal form, as container runtimes compare them: lower case, the names of the image specification, and the
 * variant left out where the architecture alone means it. `linux/x86_64` and `linux/amd64/v1` are `linux/amd64`,
 * `linux/arm64/8` is `linux/arm64`, `linux/arm/7` is `linux/arm/v7`. Parts that are not stated stay so.
 */
export function normalPlatform({ os, architecture: stated, variant: given }: PartialPlatform): PartialPlatform {
  const lower = stated?.toLowerCase();
  const [architecture, meant] = architectures.get(lower ?? '') ?? [lower];
  const variant = given === undefined || given === '' ? meant : given.toLowerCase().replace(/^(?=[0-9])/, 'v');
  return {
    ...(os === undefined ? {} : { os: normalSystem(os) }),
    ...defined({ architecture }),
    ...(variant === undefined || variant === implied.get(architecture ?? '') ? {} : { variant }),
  };
}

function normalSystem(name: string): string {
  const lower = name.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

/**
 * The text of a platform in normal form: `linux/arm64`, `linux/arm/v6`; `linux/arm` is `linux/arm/v7`. `unknown` when operating
 * system or architecture are not stated.
 */
export function formatPlatform(platform: Platform | PartialPlatform | undefined): string {
  const { os = '', architecture = '', variant } = normalPlatform(platform ?? {});
  if (os === '' || architecture === '') return 'unknown';
  const base = `${os}/${architecture}`;
  if (variant === undefined) return architecture === 'arm' ? `${base}/v7` : base;
  return `${base}/${variant}`;
}

/** The parts of `os/architecture[/variant]`; of a text without slash only the architecture is known. */
export function partsOfPlatform(text: string): PartialPlatform {
  const [os = '', architecture, variant] = text.split('/');
  if (architecture === undefined) return os === '' ? {} : { architecture: os };
  return { os, architecture, ...defined({ variant }) };
}

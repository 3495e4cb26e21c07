import { defined } from '@notarykit/common/internal';
import type { PromoteOptions, VerifyOptions } from 'notarykit/internal';
import type { Arguments } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** The option that {@link readPlatforms} reads. */
export function platformsOption(help: string): OptionSpec {
  return { type: 'string', value: 'index|children|both', choices: ['index', 'children', 'both'], help };
}

/** {@link platformsOption} of commands that verify. */
export const verifiedPlatforms: Readonly<Record<string, OptionSpec>> = {
  platforms: platformsOption('of a multi-platform image, what must be signed: index (default), images in it, or both'),
};

/** What of an image index is meant: the index, the images in it, or both. */
export function readPlatforms(args: Arguments): Pick<VerifyOptions, 'platforms'> {
  const platforms = args.text('platforms') as NonNullable<VerifyOptions['platforms']> | undefined;
  return defined({ platforms });
}

/** The option that {@link readWholePlatforms} reads. */
export function wholePlatformsOption(help: string): OptionSpec {
  return { type: 'string', value: 'index|both', choices: ['index', 'both'], help };
}

/** What of an image index is meant: only the index, or the images in it, too. */
export function readWholePlatforms(args: Arguments): Pick<PromoteOptions, 'platforms'> {
  const platforms = args.text('platforms') as NonNullable<PromoteOptions['platforms']> | undefined;
  return defined({ platforms });
}

import type { VerifyOptions } from 'notarykit';
import type { Arguments, OptionSpec } from './command.js';

/** The option that {@link readPlatforms} reads. */
export function platformsOption(help: string): OptionSpec {
  return { type: 'string', value: 'index|children|both', choices: ['index', 'children', 'both'], help };
}

/** What of an image index is meant: the index, the images in it, or both. */
export function readPlatforms(args: Arguments): Pick<VerifyOptions, 'platforms'> {
  const platforms = args.text('platforms') as NonNullable<VerifyOptions['platforms']> | undefined;
  return platforms === undefined ? {} : { platforms };
}

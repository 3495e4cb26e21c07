import type { SidePrefix } from './account.js';
import type { Arguments } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** Options that {@link readPlainHttp} reads, with the names of notation and of oras. */
export const plainHttpOptions: Readonly<Record<string, OptionSpec>> = {
  'insecure-registry': { type: 'boolean', help: 'talk plain http to registries' },
  'plain-http': { type: 'boolean', help: 'the same as --insecure-registry, by the name that oras has for it' },
};

/** Whether registries, or that of one side of a copy, are asked over plain http. */
export function readPlainHttp(args: Arguments, prefix: SidePrefix = ''): boolean {
  return args.flag('insecure-registry') || args.flag(`${prefix}plain-http`);
}

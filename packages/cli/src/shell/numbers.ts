import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** The number of an option, from 1 to `max`. */
export function readCount(args: Arguments, option: string, max: number): number | undefined {
  const text = args.text(option);
  if (text === undefined) return undefined;
  const count = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max)
    throw new UsageError(`--${option}: expected a number from 1 to ${max}, found "${text}"`);
  return count;
}

/** The option that {@link maxSignaturesOf} reads. */
export function maxSignaturesOption(help: string): OptionSpec {
  return { type: 'string', value: 'count', help: `${help}; default 100` };
}

export const maxSignaturesOf = (args: Arguments): number | undefined => readCount(args, 'max-signatures', 999_999);

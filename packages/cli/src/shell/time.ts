import { parseTime } from '@notarykit/common/internal';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** The option that {@link readAt} reads. */
export const timeOptions: Readonly<Record<string, OptionSpec>> = {
  at: { type: 'string', value: 'time', help: 'as of this time, 2027-01-31 or 2027-01-31T12:00:00Z; default: now' },
};

/** The time of {@link timeOptions}: a day begins at midnight in UTC. */
export function readAt(args: Arguments): { readonly at?: Date } {
  const text = args.text('at');
  if (text === undefined) return {};
  try {
    return { at: parseTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text) };
  } catch (cause) {
    const message = `--at: expected a time such as 2027-01-31 or 2027-01-31T12:00:00Z, found "${text}"`;
    throw new UsageError(message, { cause });
  }
}

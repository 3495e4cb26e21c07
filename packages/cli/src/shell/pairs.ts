import { type Arguments, UsageError } from './command.js';

/** The `name=value` pairs of an option. */
export function readPairs(args: Arguments, option: string): Readonly<Record<string, string>> {
  const pairs = args.texts(option).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--${option}: expected name=value, found "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

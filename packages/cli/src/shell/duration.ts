import { UsageError } from './command.js';

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof units;

/** Milliseconds of a duration as Go writes it, `3h20m` or `1.5h`, with days besides, `30d`; the value of an option, in whole seconds. */
export function readDuration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d{1,6}(?:\.\d{1,3})?)([dhms])/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as Unit], 0);
  if (parts.map(([part]) => part).join('') !== text || parts.length === 0 || !Number.isInteger(seconds))
    throw new UsageError(
      `--${option}: expected a duration in whole seconds such as 3h20m, 24h or 30d, found "${text}"`,
    );
  return seconds * 1000;
}

/** The end of a signature that is good for a duration from now on; one that ends at once is refused. */
export function readExpiry(text: string, now: Date = new Date()): Date {
  const duration = readDuration(text, 'expiry');
  if (duration === 0) throw new UsageError(`--expiry: expected more than nothing, found "${text}"`);
  return new Date(now.getTime() + duration);
}

import { parseTime } from '@notarykit/common/internal';

/** A time with zone, or nothing. */
export function timeOf(text: string): Date | undefined {
  try {
    return parseTime(text, { fraction: 'keep' });
  } catch {
    return undefined;
  }
}

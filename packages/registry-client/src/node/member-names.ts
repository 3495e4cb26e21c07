import { nearestName } from '@notarykit/common/internal';

/** Whether Go takes two member names for the same: case does not count, and `ſ` is an `s`, the Kelvin sign a `k`. */
export function isSameMember(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

const folded = (name: string): string => name.toUpperCase().toLowerCase();

/** The known name that an unknown one was probably meant to be. */
export function meantMember(name: string, known: readonly string[]): string | undefined {
  if (known.some((one) => isSameMember(one, name))) return undefined;
  // With a letter more, short names have neighbours too.
  return nearestName(
    `${name}.`,
    known.map((one) => `${one}.`),
  )?.slice(0, -1);
}

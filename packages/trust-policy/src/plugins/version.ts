import { comparePreReleases } from '@notarykit/common/internal';

const pattern =
  /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

interface Version {
  readonly numbers: readonly number[];
  readonly preRelease: readonly string[];
}

function parseVersion(text: string): Version | undefined {
  const parts = text.length <= 256 ? pattern.exec(text) : null;
  if (parts === null) return undefined;
  const preRelease = parts[4]?.split('.') ?? [];
  if (preRelease.some((part) => /^0\d+$/.test(part))) return undefined;
  return { numbers: parts.slice(1, 4).map(Number), preRelease };
}

/** Whether a text is a version of SemVer 2.0. */
export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

/** Whether one version is at least another, by the precedence of SemVer 2.0, 11; false when either is not a version. */
export function isAtLeast(text: string, least: string): boolean {
  const [a, b] = [parseVersion(text), parseVersion(least)];
  if (a === undefined || b === undefined) return false;
  for (const [i, number] of a.numbers.entries()) {
    if (number !== b.numbers[i]) return number > (b.numbers[i] as number);
  }
  return comparePreReleases(a.preRelease, b.preRelease) >= 0;
}

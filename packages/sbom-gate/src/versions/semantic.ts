import { comparePreReleases } from '@notarykit/common/internal';

// The functions by themselves: the whole package is forty files, ranges and all.
import compareSemver from 'semver/functions/compare.js';
import validSemver from 'semver/functions/valid.js';
import { compareDigits, type VersionScheme } from './scheme.js';

/** Semantic versions, strictly (semver.org 2.0.0): npm, Cargo and others. */
export const semantic: VersionScheme = {
  isValid: (version) => validSemver(version, { loose: false }) !== null && !/^[v=\s]/.test(version),
  compare: (a, b) => compareSemver(a, b, { loose: false }),
};

/** Versions of Go modules: semantic versions with `v`, pseudo-versions and `+incompatible` (go.dev/ref/mod#versions). */
export const golang: VersionScheme = {
  isValid: (version) => validSemver(goVersion(version), { loose: false }) !== null,
  compare: (a, b) => compareSemver(goVersion(a), goVersion(b), { loose: false }),
};

/** The standard library's versions are `go1.21.3`, `1.21` or `1.21rc2`; modules may stand without their `v`. */
function goVersion(version: string): string {
  const bare = version.replace(/^(?:go|v)/, '').replace(/\+incompatible$/, '');
  const [, release, last, kind, count] = /^([0-9]+\.[0-9]+)(\.[0-9]+)?(?:(beta|rc)([0-9]+))?$/.exec(bare) ?? [];
  if (release === undefined) return bare;
  return `${release}${last ?? '.0'}${kind === undefined ? '' : `-${kind}.${count}`}`;
}

const nugetPattern = /^v?([0-9]+(?:\.[0-9]+){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Versions of NuGet packages: semantic versions with one to four numbers, without regard to case. */
export const nuget: VersionScheme = {
  isValid: (version) => nugetPattern.test(version),
  compare(a, b) {
    const [, x = '', preA] = nugetPattern.exec(a.toLowerCase()) ?? [];
    const [, y = '', preB] = nugetPattern.exec(b.toLowerCase()) ?? [];
    return compareNumbers(x, y) || comparePreReleases(identifiersOf(preA), identifiersOf(preB));
  },
};

/** Order of dotted numbers; a missing number is zero. */
export function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const order = compareDigits(x[i] ?? '0', y[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function identifiersOf(preRelease: string | undefined): readonly string[] {
  return preRelease?.split('.') ?? [];
}

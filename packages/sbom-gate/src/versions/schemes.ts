import { apk } from './apk.js';
import { deb } from './deb.js';
import { maven } from './maven.js';
import { composer, datetime, gem, generic, lexicographic, pypi } from './other.js';
import { rpm } from './rpm.js';
import type { VersionScheme } from './scheme.js';
import { golang, nuget, semantic } from './semantic.js';

/** Version schemes by their VERS name. */
export const schemes: ReadonlyMap<string, VersionScheme> = new Map([
  ['apk', apk],
  ['cargo', semantic],
  ['composer', composer],
  ['datetime', datetime],
  ['deb', deb],
  ['gem', gem],
  ['generic', generic],
  ['golang', golang],
  ['hex', semantic],
  ['lexicographic', lexicographic],
  ['maven', maven],
  ['npm', semantic],
  ['nuget', nuget],
  ['pub', semantic],
  ['pypi', pypi],
  ['rpm', rpm],
  ['semver', semantic],
  ['swift', semantic],
]);

/** The VERS scheme for packages of a package URL type; `generic` where none is known. */
export function schemeOfType(type: string): string {
  if (type === 'alpine') return 'apk';
  return schemes.has(type) ? type : 'generic';
}

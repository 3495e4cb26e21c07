import { compareText, parseTime } from '@notarykit/common/internal';
import { compare as comparePep440, valid as validPep440 } from '@renovatebot/pep440';
import { compareDigits, type VersionScheme } from './scheme.js';
import { compareNumbers } from './semantic.js';

/** Versions of Python packages (PEP 440). */
export const pypi: VersionScheme = {
  isValid: (version) => validPep440(version) !== null,
  compare: (a, b) => comparePep440(a, b),
};

const gemSegment = /[0-9]+|[a-z]+/gi;

/** Versions of Ruby gems (Gem::Version): segments of numbers and letters; letters make a pre-release. */
export const gem: VersionScheme = {
  isValid: (version) => /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(version),
  compare(a, b) {
    const [x, y] = [gemSegments(a), gemSegments(b)];
    for (let i = 0; i < Math.max(x.length, y.length); i++) {
      const [p, q] = [x[i] ?? '0', y[i] ?? '0'];
      const letters = [/^[a-z]/i.test(p), /^[a-z]/i.test(q)] as const;
      if (letters[0] !== letters[1]) return letters[0] ? -1 : 1;
      const order = letters[0] ? compareText(p, q) : compareDigits(p, q);
      if (order !== 0) return order;
    }
    return 0;
  },
};

/** Segments without the zeros that end a run of numbers; a hyphen stands for `.pre.`. */
function gemSegments(version: string): readonly string[] {
  const segments: string[] = version.replaceAll('-', '.pre.').match(gemSegment) ?? [];
  const firstLetter = segments.findIndex((segment) => /^[a-z]/i.test(segment));
  const numbers = firstLetter < 0 ? segments : segments.slice(0, firstLetter);
  while (numbers.length > 0 && /^0+$/.test(numbers[numbers.length - 1] as string)) numbers.pop();
  return firstLetter < 0 ? numbers : [...numbers, ...segments.slice(firstLetter)];
}

const composerPattern =
  /^v?([0-9]+(?:\.[0-9]+){0,3})(?:[._-]?(dev|alpha|a|beta|b|rc|stable|patch|pl|p)[._-]?([0-9]*))?(?:\+.*)?$/i;
const stabilities: ReadonlyMap<string, number> = new Map([
  ['dev', 0],
  ['a', 1],
  ['alpha', 1],
  ['b', 2],
  ['beta', 2],
  ['rc', 3],
  ['stable', 4],
  ['p', 5],
  ['pl', 5],
  ['patch', 5],
]);

/** Versions of Composer packages: one to four numbers and a stability. */
export const composer: VersionScheme = {
  isValid: (version) => composerPattern.test(version),
  compare(a, b) {
    const [, x = '', stabilityA = 'stable', numberA = ''] = composerPattern.exec(a) ?? [];
    const [, y = '', stabilityB = 'stable', numberB = ''] = composerPattern.exec(b) ?? [];
    const place = (name: string): number => stabilities.get(name.toLowerCase()) ?? 4;
    return compareNumbers(x, y) || place(stabilityA) - place(stabilityB) || compareDigits(numberA, numberB);
  },
};

/** Instants (VERS `datetime`): RFC 3339 with whatever offset. */
export const datetime: VersionScheme = {
  isValid(version) {
    try {
      parseTime(version, { fraction: 'keep' });
      return true;
    } catch {
      return false;
    }
  },
  compare: (a, b) => parseTime(a, { fraction: 'keep' }).getTime() - parseTime(b, { fraction: 'keep' }).getTime(),
};

const encoder = new TextEncoder();

/** Order of UTF-8 bytes (VERS `lexicographic`). */
export const lexicographic: VersionScheme = {
  isValid: (version) => version !== '',
  compare(a, b) {
    const [x, y] = [encoder.encode(a), encoder.encode(b)];
    for (let i = 0; i < Math.min(x.length, y.length); i++)
      if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
    return x.length - y.length;
  },
};

/** Versions without an order: VERS leaves `generic` open, so only equal texts are equal and nothing else is known. */
export const generic: VersionScheme = {
  isValid: (version) => version !== '',
  compare: (a, b) => (a === b ? 0 : Number.NaN),
};

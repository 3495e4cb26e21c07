import { compareText } from '@notarykit/common/internal';
import { compareDigits, type VersionScheme } from './scheme.js';

const pattern =
  /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?$/;

const suffixes: readonly string[] = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];

/** Versions of Alpine packages: `1.2.3a_rc1-r4` (apk-tools, "Package versions"). */
export const apk: VersionScheme = {
  isValid: (version) => pattern.test(version),
  compare(a, b) {
    const [x, y] = [parse(a), parse(b)];
    return (
      compareNumbers(x.numbers, y.numbers) ||
      compareText(x.letter, y.letter) ||
      compareSuffixes(x.suffixes, y.suffixes) ||
      compareText(x.commit, y.commit) ||
      compareDigits(x.revision, y.revision)
    );
  },
};

interface Parsed {
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly (readonly [string, string])[];
  readonly commit: string;
  readonly revision: string;
}

function parse(version: string): Parsed {
  const [, numbers = '', letter = '', rest = '', commit = '', revision = ''] = pattern.exec(version) ?? [];
  const parts = rest.split('_').slice(1);
  return {
    numbers: numbers.split('.'),
    letter,
    suffixes: parts.map((part) => {
      const name = part.replace(/[0-9]+$/, '');
      return [name, part.slice(name.length)] as const;
    }),
    commit,
    revision,
  };
}

function compareNumbers(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    // After the first dot a leading zero makes a decimal fraction of the number.
    const fraction = i > 0 && (x.startsWith('0') || y.startsWith('0')) && x !== y;
    const order = fraction ? compareText(x, y) : compareDigits(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSuffixes(a: Parsed['suffixes'], b: Parsed['suffixes']): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [nameA, numberA] = a[i] ?? ['', ''];
    const [nameB, numberB] = b[i] ?? ['', ''];
    const order = suffixes.indexOf(nameA) - suffixes.indexOf(nameB) || compareDigits(numberA, numberB);
    if (order !== 0) return order;
  }
  return 0;
}

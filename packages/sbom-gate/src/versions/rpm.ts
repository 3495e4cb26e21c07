import { compareText } from '@notarykit/common/internal';
import { compareDigits, type VersionScheme } from './scheme.js';

/** Versions of RPM packages: `[epoch:]version[-release]`, compared as rpm itself does (rpmvercmp). */
export const rpm: VersionScheme = {
  isValid: (version) => /^(?:[0-9]+:)?[^\s:]+$/.test(version),
  compare(a, b) {
    const [x, y] = [split(a), split(b)];
    return (
      compareDigits(x.epoch, y.epoch) || compareSegments(x.version, y.version) || compareReleases(x.release, y.release)
    );
  },
};

function split(text: string): { epoch: string; version: string; release: string | undefined } {
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? '' : text.slice(0, colon),
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? undefined : rest.slice(dash + 1),
  };
}

function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  return compareSegments(a, b);
}

const segment = /[0-9]+|[A-Za-z]+|~|\^/g;

/** Segments of digits, letters, `~` and `^`; everything else only separates. */
function compareSegments(a: string, b: string): number {
  const x = a.match(segment) ?? [];
  const y = b.match(segment) ?? [];
  for (let i = 0; ; i++) {
    const order = compareSegment(x[i], y[i]);
    if (order !== 0) return order;
    if (x[i] === undefined && y[i] === undefined) return 0;
  }
}

function compareSegment(x: string | undefined, y: string | undefined): number {
  if (x === y) return 0;
  // "~" is lower than the end of the version, "^" higher than it and lower than anything else.
  if (x === '~' || y === '~') return x === '~' ? -1 : 1;
  if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
  if (x === '^' || y === '^') return x === '^' ? -1 : 1;
  const numbers = [/^[0-9]/.test(x), /^[0-9]/.test(y)] as const;
  if (numbers[0] !== numbers[1]) return numbers[0] ? 1 : -1;
  return numbers[0] ? compareDigits(x, y) : compareText(x, y);
}

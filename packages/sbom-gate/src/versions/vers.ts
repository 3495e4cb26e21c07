import { quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import type { VersionScheme } from './scheme.js';
import { schemes } from './schemes.js';

/** Comparators of VERS. */
export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One constraint of a range. */
export interface VersionConstraint {
  readonly comparator: Comparator;
  readonly version: string;
}

/** A version range (VERS 1.1). */
export interface VersionRange {
  /** VERS scheme, `all` or `none`. */
  readonly scheme: string;
  /** `*`: every version. */
  readonly any: boolean;
  readonly constraints: readonly VersionConstraint[];
  /** Canonical text. */
  readonly text: string;
}

/** How {@link parseVers} reads. */
export interface ParseVersOptions {
  /** Constraints out of order are an error (`strict`, the default) or are sorted (`sort`). */
  readonly order?: 'strict' | 'sort';
}

const constraintPattern = /^(>=|<=|!=|<|>|=|)([^<>=!*|\s]+)$/;

/**
 * Reads a version range such as `vers:deb/>=5.6.0|<5.6.1`.
 *
 * @throws {GateError} `ERR_GATE_SYNTAX` for anything that is not canonical, and for a scheme that is not known
 */
export function parseVers(text: string, options: ParseVersOptions = {}): VersionRange {
  const match = /^vers:([a-z][a-z0-9.-]*)\/(.+)$/.exec(text);
  if (match === null || text.length > 4096) throw invalid(text, 'vers:<scheme>/<constraints>');
  const [, scheme = '', body = ''] = match;
  if (scheme === 'all' || scheme === 'none') {
    if (body !== '*') throw invalid(text, `vers:${scheme}/*`);
    return { scheme, any: scheme === 'all', constraints: [], text };
  }
  const order = schemes.get(scheme);
  if (order === undefined) throw invalid(text, `a scheme of ${[...schemes.keys()].join(', ')}`);
  if (body === '*') return { scheme, any: true, constraints: [], text };
  const constraints = body.split('|').map((part) => parseConstraint(part, scheme, text));
  const sorted = sortConstraints(constraints, order);
  if (options.order !== 'sort' && sorted.some((constraint, i) => constraint !== constraints[i]))
    throw invalid(text, 'constraints in the order of their versions');
  return { scheme, any: false, constraints: sorted, text: formatVers(scheme, sorted) };
}

function parseConstraint(part: string, scheme: string, text: string): VersionConstraint {
  const match = constraintPattern.exec(part);
  if (match === null) throw invalid(text, 'constraints without blanks, one between each two "|"');
  const encoded = match[2] as string;
  const version = decode(encoded, text);
  if (encode(version) !== encoded) throw invalid(text, 'percent-encoding only of > < = ! * | and %, in capitals');
  if (scheme === 'datetime' && !/^[0-9-]+T[0-9:.]+(?:Z|[+-][0-9:]+)$/.test(version))
    throw invalid(text, 'a time with "T" and "Z" in capitals');
  return { comparator: (match[1] || '=') as Comparator, version };
}

function decode(encoded: string, text: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw invalid(text, 'valid percent-encoding', cause);
  }
}

function encode(version: string): string {
  return version.replace(/[<>=!*|%]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Sorted by version; versions that the scheme cannot read, or not order, stay where they are. */
function sortConstraints(
  constraints: readonly VersionConstraint[],
  scheme: VersionScheme,
): readonly VersionConstraint[] {
  if (!constraints.every(({ version }) => scheme.isValid(version))) return constraints;
  return [...constraints].sort((a, b) => scheme.compare(a.version, b.version) || 0);
}

function formatVers(scheme: string, constraints: readonly VersionConstraint[]): string {
  const parts = constraints.map(({ comparator, version }) => (comparator === '=' ? '' : comparator) + encode(version));
  return `vers:${scheme}/${parts.join('|')}`;
}

/** What is longer is not a version that anybody compares. */
const longestVersion = 1024;

/** Whether a range holds a version; `unknown` when the scheme cannot read the version or a version of the range. */
export function containsVersion(range: VersionRange, version: string): boolean | 'unknown' {
  if (range.scheme === 'none') return false;
  if (range.any) return true;
  const scheme = schemes.get(range.scheme);
  if (scheme === undefined || version.length > longestVersion || !scheme.isValid(version)) return 'unknown';
  const orders: number[] = [];
  for (const constraint of range.constraints) {
    if (isPlaceholder(version, constraint.version)) return 'unknown';
    const order = scheme.isValid(constraint.version) ? scheme.compare(version, constraint.version) : Number.NaN;
    if (Number.isNaN(order) && !/^!?=$/.test(constraint.comparator)) return 'unknown';
    orders.push(order);
  }
  return decideContainment(range.constraints, orders);
}

/**
 * "UNKNOWN", "unspecified", "(devel)" and "${project.version}" are what tools write where they know no version: compared with a version
 * that has digits, they may be any. Schemes that order every text would put them below or above all numbers.
 */
function isPlaceholder(version: string, bound: string): boolean {
  return !/\d/.test(version) && /\d/.test(bound);
}

function decideContainment(constraints: readonly VersionConstraint[], orders: readonly number[]): boolean {
  for (const [i, { comparator }] of constraints.entries()) {
    if (orders[i] !== 0) continue;
    if (comparator === '!=') return false;
    if (comparator === '=' || comparator === '<=' || comparator === '>=') return true;
  }
  const bounds = simplify(
    constraints.flatMap(({ comparator }, i) =>
      comparator === '=' || comparator === '!='
        ? []
        : [{ upper: comparator.startsWith('<'), order: orders[i] as number }],
    ),
  );
  if (bounds.length === 0) return constraints.some(({ comparator }) => comparator === '!=');
  return bounds.some((bound, i) => {
    const next = bounds[i + 1];
    if (bound.upper) return i === 0 && bound.order < 0;
    return bound.order > 0 && (next === undefined || next.order < 0);
  });
}

interface Bound {
  readonly upper: boolean;
  readonly order: number;
}

/** Of neighbouring lower bounds the first holds all, of neighbouring upper bounds the last. */
function simplify(bounds: readonly Bound[]): readonly Bound[] {
  return bounds.filter((bound, i) => (bound.upper ? bounds[i + 1]?.upper !== true : bounds[i - 1]?.upper !== false));
}

/** The versions of a range that its scheme cannot read; none in a range that a policy may use. */
export function unreadableVersions(range: VersionRange): readonly string[] {
  const scheme = schemes.get(range.scheme);
  return range.constraints.map(({ version }) => version).filter((version) => scheme?.isValid(version) !== true);
}

function invalid(text: string, expected: string, cause?: unknown): GateError {
  return new GateError('ERR_GATE_SYNTAX', `version range: expected ${expected}, found ${quote(text)}`, { cause });
}

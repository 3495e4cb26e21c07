/** One challenge of a `WWW-Authenticate` header (RFC 9110, 11.6.1). */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly params: Readonly<Record<string, string>>;
  readonly token68?: string;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y;
const maxHeader = 16_384;

/** Reads all challenges; several header lines arrive joined by commas. `undefined` when the text breaks the grammar. */
export function parseChallenges(header: string | null): readonly Challenge[] | undefined {
  if (header === null || header.trim() === '') return [];
  if (header.length > maxHeader) return undefined;
  const scan = scanner(header);
  const challenges: { scheme: string; params: Record<string, string>; token68?: string }[] = [];
  for (scan.skip(/[\s,]*/y); !scan.atEnd(); scan.skip(/[\s,]*/y)) {
    const name = scan.take(token);
    if (name === undefined) return undefined;
    const current = challenges.at(-1);
    // A name before "=" is a parameter of the challenge before it; anything else begins a new challenge.
    if (current !== undefined && scan.take(/\s*=\s*/y) !== undefined) {
      const value = parameter(scan);
      if (value === undefined) return undefined;
      current.params[name.toLowerCase()] ??= value;
      continue;
    }
    const next = { scheme: name.toLowerCase(), params: Object.create(null) as Record<string, string> };
    challenges.push(next);
    if (scan.take(/[ \t]+/y) === undefined) continue;
    if (!beginChallenge(scan, next)) return undefined;
  }
  return challenges;
}

function beginChallenge(scan: Scanner, challenge: { params: Record<string, string>; token68?: string }): boolean {
  const start = scan.at();
  const name = scan.take(token);
  if (name !== undefined && scan.take(/\s*=\s*(?!=|\s*(?:,|$))/y) !== undefined) {
    const value = parameter(scan);
    if (value === undefined) return false;
    challenge.params[name.toLowerCase()] = value;
    return true;
  }
  scan.back(start);
  const credentials = scan.take(token68);
  if (credentials !== undefined) challenge.token68 = credentials;
  return true;
}

function parameter(scan: Scanner): string | undefined {
  const text = scan.take(quoted);
  return text === undefined ? scan.take(token) : text.slice(1, -1).replace(/\\([\s\S])/g, '$1');
}

interface Scanner {
  take(pattern: RegExp): string | undefined;
  skip(pattern: RegExp): void;
  at(): number;
  back(position: number): void;
  atEnd(): boolean;
}

function scanner(text: string): Scanner {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  return {
    take,
    skip: (pattern) => void take(pattern),
    at: () => at,
    back(to) {
      at = to;
    },
    atEnd: () => at >= text.length,
  };
}

/** The challenge to answer: Bearer with a realm, then Basic; every other scheme is skipped. */
export function chooseChallenge(challenges: readonly Challenge[] | undefined): Challenge | undefined {
  const bearer = challenges?.find(({ scheme, params }) => scheme === 'bearer' && params['realm'] !== undefined);
  return bearer ?? challenges?.find(({ scheme }) => scheme === 'basic');
}

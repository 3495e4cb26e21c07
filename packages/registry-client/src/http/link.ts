/** What a `Link` header says about the page after this one. */
export type NextLink =
  | { readonly kind: 'end' }
  | { readonly kind: 'next'; readonly target: string }
  /** There is a header, and it is unknown whether a page follows: to take that for the end would lose the rest. */
  | { readonly kind: 'unusable'; readonly why: string };

interface Link {
  readonly target: string;
  readonly relations: readonly string[];
  /** Another page than the one that was asked for is linked from (RFC 8288, 3.2). */
  readonly anchored: boolean;
}

const maxHeader = 16_384;
const end: NextLink = { kind: 'end' };
const unusable = (why: string): NextLink => ({ kind: 'unusable', why });

/** Reads a `Link` header (RFC 8288), several of which arrive joined by commas. Only a header whose links can all be read ends a list. */
export function nextLink(header: string | null): NextLink {
  if (header === null) return end;
  if (header.length > maxHeader) return unusable(`has more than ${maxHeader} characters`);
  const links = parseLinks(header);
  if (links === undefined) return unusable('is not a list of links as in RFC 8288');
  if (links.length === 0) return unusable('is empty');
  if (!links.every(({ relations }) => relations.length > 0 && relations.every(isRelation))) {
    return unusable('has a link without a relation');
  }
  const next = links.filter(({ relations }) => relations.includes('next'));
  const [target, ...others] = new Set(next.map((link) => link.target));
  if (target === undefined) return end;
  if (others.length > 0) return unusable('names several next pages');
  if (target === '') return unusable('names no next page');
  return next.some(({ anchored }) => anchored) ? unusable('is about another page') : { kind: 'next', target };
}

/** A registered name or a URI (RFC 8288, 3.3). */
function isRelation(text: string): boolean {
  return /^[a-z][a-z0-9.-]*$/.test(text) || /^[a-z][a-z0-9+.-]*:\S+$/.test(text);
}

const targetPattern = /<([^<>]*)>/y;
const parameterPattern = /\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"<>]*)))?/y;
const emptyParameterPattern = /\s*;(?=\s*(?:[;,]|$))/y;

function parseLinks(header: string): readonly Link[] | undefined {
  const scan = scanner(header);
  const links: Link[] = [];
  scan.take(/[\s,]*/y);
  while (!scan.atEnd()) {
    const [, target] = scan.take(targetPattern) ?? [];
    if (target === undefined) return undefined;
    links.push({ target: target.trim(), ...parameters(scan) });
    scan.take(/\s*/y);
    if (!scan.atEnd() && scan.take(/,[\s,]*/y) === undefined) return undefined;
  }
  return links;
}

/** Of a relation that appears twice both count: the later one may be the one that says "next". */
function parameters(scan: ReturnType<typeof scanner>): Omit<Link, 'target'> {
  const relations: string[] = [];
  let anchored = false;
  for (;;) {
    if (scan.take(emptyParameterPattern) !== undefined) continue;
    const found = scan.take(parameterPattern);
    if (found === undefined) return { relations, anchored };
    const [, name = '', quoted, plain] = found;
    if (name.toLowerCase() === 'anchor') anchored = true;
    if (name.toLowerCase() !== 'rel') continue;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    relations.push(...value.trim().toLowerCase().split(/\s+/));
  }
}

function scanner(text: string): { take(pattern: RegExp): RegExpExecArray | undefined; atEnd(): boolean } {
  let at = 0;
  return {
    take(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text) ?? undefined;
      at += found?.[0].length ?? 0;
      return found;
    },
    atEnd: () => at >= text.length,
  };
}

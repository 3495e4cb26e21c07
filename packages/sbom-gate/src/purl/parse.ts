import { quote, requireText } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { type PurlTypeRules, purlTypes } from './types.js';

/** A package URL in its parts, each decoded and in the canonical case of its type. */
export interface Purl {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
  readonly subpath?: string;
}

/** How {@link parsePurl} reads. */
export interface ParsePurlOptions {
  /** A qualifier key that begins with a capital is an error (`lower`, the default) or read as lower case (`any`). */
  readonly keys?: 'lower' | 'any';
  /** Whether what the rules of its type demand and forbid is checked (the default) or not. */
  readonly typeRules?: 'check' | 'leave';
}

const none: ReadonlyMap<string, string> = new Map();
const maxLength = 4096;

/**
 * Takes a package URL apart (purl-spec, "How to parse a purl string"). Beyond the specification it refuses what only an
 * evasion needs: control and format characters, invalid UTF-8 and a qualifier given twice. Scanners write package URLs that break
 * a rule of their type and name a package all the same (`pkg:golang/stdlib`): with `typeRules: 'leave'` they are read.
 *
 * @throws {GateError} `ERR_GATE_SYNTAX`
 * @throws {CodecError} `ERR_CODEC_TEXT`
 *
 * @example
 * ```ts
 * parsePurl('pkg:npm/%40angular/core@12.3.1').namespace; // '@angular'
 * ```
 */
export function parsePurl(text: string, options: ParsePurlOptions = {}): Purl {
  if (requireText(text, 'package URL').length > maxLength) throw invalid(text, `at most ${maxLength} characters`);
  const [beforeSubpath, subpathText] = splitRight(text, '#');
  const [beforeQualifiers, qualifierText] = splitRight(beforeSubpath, '?');
  const scheme = /^pkg:\/*/i.exec(beforeQualifiers);
  if (scheme === null) throw invalid(text, 'the scheme "pkg:"');
  const path = trimSlashes(beforeQualifiers.slice(scheme[0].length));
  const slash = path.indexOf('/');
  if (slash < 0) throw invalid(text, 'a type and a name');
  const type = checkType(path.slice(0, slash).toLowerCase(), text);
  const rest = path.slice(slash + 1);
  const at = rest.lastIndexOf('@');
  // An "@" before the last slash opens an npm scope, unless nothing but a version can hold the slash.
  const versioned = at > 0 && rest.charAt(at - 1) !== '/';
  const version = versioned ? decode(rest.slice(at + 1), text) : undefined;
  const segments = (versioned ? rest.slice(0, at) : rest).split('/').filter((segment) => segment !== '');
  const name = segments.pop();
  // What an "@" opens after the last slash is a version without a name.
  if (name === undefined || name.startsWith('@')) throw invalid(text, 'a name');
  const purl = assemble(
    {
      type,
      namespace: segments.map((segment) => decode(segment, text)).join('/'),
      name: decode(name, text),
      version,
      qualifiers: qualifierText === undefined ? none : parseQualifiers(qualifierText, text, options.keys === 'any'),
      subpath: subpathText === undefined ? undefined : parseSubpath(subpathText, text),
    },
    text,
  );
  if (options.typeRules !== 'leave') checkTypeRules(purl, text);
  return purl;
}

/** Parts of a package URL before they are checked. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: ReadonlyMap<string, string> | undefined;
  readonly subpath?: string | undefined;
}

/**
 * Checks parts against the rules of their type and brings them into canonical case.
 *
 * @throws {GateError} `ERR_GATE_SYNTAX`
 */
export function buildPurl(parts: PurlParts, text: string = parts.name): Purl {
  const purl = assemble(parts, text);
  checkTypeRules(purl, text);
  return purl;
}

/** What a package URL lacks, or has against the rules of its type (purl-spec, `types/*-definition.json`). */
export interface TypeProblem {
  readonly part: 'namespace' | 'version' | 'qualifiers';
  readonly expected: string;
}

/** The first rule of its type that a package URL breaks. */
export function typeProblem(purl: Purl): TypeProblem | undefined {
  const rules = purlTypes.get(purl.type);
  if (rules === undefined) return undefined;
  if (rules.namespace === 'required' && purl.namespace === undefined)
    return { part: 'namespace', expected: 'a namespace for its type' };
  if (rules.namespace === 'prohibited' && purl.namespace !== undefined)
    return { part: 'namespace', expected: 'no namespace for its type' };
  if (rules.version === 'required' && purl.version === undefined)
    return { part: 'version', expected: 'a version for its type' };
  if (rules.qualifier !== undefined && !purl.qualifiers.has(rules.qualifier))
    return { part: 'qualifiers', expected: `the qualifier ${rules.qualifier} for its type` };
  return undefined;
}

function checkTypeRules(purl: Purl, text: string): void {
  const problem = typeProblem(purl);
  if (problem !== undefined) throw invalid(text, problem.expected);
}

function assemble(parts: PurlParts, text: string): Purl {
  const type = checkType(parts.type.toLowerCase(), text);
  const rules = purlTypes.get(type) ?? {};
  const split = splitNpmName(type, parts);
  const namespace = caseOf(split.namespace, rules.lowerNamespace === true);
  const name = nameOf(split.name, rules);
  const version = caseOf(parts.version, rules.lowerVersion === true);
  const qualifiers = parts.qualifiers ?? none;
  check(name, qualifiers, text);
  const purl: { -readonly [K in keyof Purl]: Purl[K] } = { type, name, qualifiers };
  if (namespace !== undefined) purl.namespace = namespace;
  if (version !== undefined) purl.version = version;
  if (parts.subpath !== undefined && parts.subpath !== '') purl.subpath = parts.subpath;
  return purl;
}

function caseOf(text: string | undefined, lower: boolean): string | undefined {
  if (text === undefined || text === '') return undefined;
  return lower ? text.toLowerCase() : text;
}

function nameOf(name: string, rules: PurlTypeRules): string {
  const cased = rules.lowerName === true ? name.toLowerCase() : name;
  return rules.dashName === true ? cased.replaceAll('_', '-') : cased;
}

/** `%40scope%2Fname` hides a scope inside the name. */
function splitNpmName(type: string, parts: PurlParts): { namespace: string | undefined; name: string } {
  const slash = parts.name.indexOf('/');
  if (type !== 'npm' || slash <= 0 || (parts.namespace ?? '') !== '' || !parts.name.startsWith('@'))
    return { namespace: parts.namespace, name: parts.name };
  return { namespace: parts.name.slice(0, slash), name: parts.name.slice(slash + 1) };
}

function check(name: string, qualifiers: ReadonlyMap<string, string>, text: string): void {
  if (name === '') throw invalid(text, 'a name');
  for (const key of qualifiers.keys())
    if (!/^[a-z][a-z0-9._-]*$/.test(key))
      throw invalid(text, 'qualifier keys of lower-case letters, digits, ".", "-" and "_"');
}

function checkType(type: string, text: string): string {
  if (!/^[a-z][a-z0-9.-]*$/.test(type)) throw invalid(text, 'a type of letters, digits, "." and "-"');
  return type === 'alpine' ? 'apk' : type;
}

function parseQualifiers(query: string, text: string, anyCase: boolean): ReadonlyMap<string, string> {
  const qualifiers = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 0) throw invalid(text, 'qualifiers of the form key=value');
    if (!anyCase && /^[A-Z]/.test(pair)) throw invalid(text, 'qualifier keys in lower case');
    const key = pair.slice(0, equals).toLowerCase();
    const value = decode(pair.slice(equals + 1), text);
    if (qualifiers.has(key)) throw invalid(text, `the qualifier ${key} once`);
    if (value !== '') qualifiers.set(key, value);
  }
  return qualifiers;
}

function parseSubpath(path: string, text: string): string {
  return path
    .split('/')
    .map((segment) => decode(segment, text))
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .join('/');
}

const hidden = /[\p{Cc}\p{Cf}\u2028\u2029\ufffe\uffff]/u;
const plain = /^[A-Za-z0-9._~:/@+=,;!$'()*&-]*$/;

function decode(part: string, text: string): string {
  if (plain.test(part)) return part;
  let decoded = part;
  if (part.includes('%')) {
    try {
      decoded = decodeURIComponent(part);
    } catch (cause) {
      throw invalid(text, 'percent-encoded UTF-8', cause);
    }
  }
  if (hidden.test(decoded)) throw invalid(text, 'no control and no format characters');
  return decoded;
}

function splitRight(text: string, separator: string): [string, string | undefined] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function trimSlashes(text: string): string {
  let [start, end] = [0, text.length];
  while (text.charCodeAt(start) === 0x2f) start++;
  while (end > start && text.charCodeAt(end - 1) === 0x2f) end--;
  return text.slice(start, end);
}

function invalid(text: string, expected: string, cause?: unknown): GateError {
  return new GateError('ERR_GATE_SYNTAX', `package URL: expected ${expected}, found ${quote(text)}`, { cause });
}

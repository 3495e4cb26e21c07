import { GateError } from '../errors.js';
import { formatPurl } from '../purl/format.js';
import { type Purl, parsePurl } from '../purl/parse.js';
import type { Component } from '../sbom/document.js';

/** A package that rules look at: a component, or the package of a finding. */
export type PackageLike = Pick<
  Component,
  'name' | 'namespace' | 'version' | 'type' | 'purl' | 'morePurls' | 'upstream'
>;

/** One way in which a package can be named. */
export interface Identity {
  /** Package URL type, where it is known. */
  readonly type?: string;
  readonly namespace?: string;
  readonly name: string;
  /** More than one when the package URL and the document disagree. */
  readonly versions: readonly string[];
}

/** A text that is not a package URL, and why. */
export interface UnreadablePurl {
  readonly text: string;
  readonly reason: string;
}

/** Everything that identifies a package. */
export interface PackageIdentity {
  /** Canonical package URL, where the document has a valid one. */
  readonly purl?: Purl;
  /** What the document gives as package URLs and cannot be read as one. */
  readonly unreadable: readonly UnreadablePurl[];
  /** The package URL and the plain name speak of different packages. */
  readonly conflict: boolean;
  /** The document gives package URLs of different packages. */
  readonly ambiguous: boolean;
  /** Without a conflict the first is what the package is called, and the others are further readings of it. */
  readonly identities: readonly Identity[];
  /** Source packages. */
  readonly upstream: readonly Identity[];
}

const invisible = /[\p{Cf}\p{Cc}]/gu;
const ascii = /^[\x20-\x7e]*$/;

/** A name as block rules compare it: compatibility forms, case, and characters that cannot be seen make no difference. */
export function foldName(name: string, type?: string): string {
  const visible = ascii.test(name) ? name : name.normalize('NFKC').replace(invisible, '');
  // White space around a name is not part of it.
  const folded = visible.trim().toLowerCase();
  // Most names are in that form already, and looking costs less than replacing.
  if (type === 'pypi') return /[_.]|--/.test(folded) ? folded.replace(/[-_.]+/g, '-') : folded;
  return type === 'cargo' ? folded.replaceAll('_', '-') : folded;
}

/** The loosest form of a name, under which rules are found before they are compared in full. */
export function indexName(name: string): string {
  return foldName(name, 'pypi');
}

/** All that a package calls itself, by each of its package URLs. */
export function identify(item: PackageLike): PackageIdentity {
  const { morePurls } = item;
  const own = identifyOne(item);
  if (morePurls === undefined) return own;
  const all = [own, ...morePurls.map((purl) => identifyOne({ ...item, purl }))];
  const names = new Set(all.map(({ purl }) => (purl === undefined ? '' : describePurl(purl))));
  return {
    ...own,
    unreadable: all.flatMap(({ unreadable }) => unreadable),
    conflict: names.size > 1 || all.some(({ conflict }) => conflict),
    ambiguous: names.size > 1,
    identities: all.flatMap(({ identities }) => identities),
    upstream: all.flatMap(({ upstream }) => upstream),
  };
}

const nothing: readonly never[] = [];

function identifyOne(item: PackageLike): PackageIdentity {
  const read = readPurl(item.purl);
  if (read === undefined || 'reason' in read) {
    const plain = plainIdentity(item);
    return {
      unreadable: read === undefined ? nothing : [read],
      conflict: false,
      ambiguous: false,
      identities: [plain],
      upstream: upstreamOf(item, undefined, plain.versions),
    };
  }
  const versions = versionsOf(read, item.version);
  const conflict = !agrees(read, item);
  return {
    purl: read,
    unreadable: nothing,
    conflict,
    ambiguous: false,
    identities: readingsOf(read, versions, item, conflict),
    upstream: upstreamOf(item, read, versions),
  };
}

/** What a package URL calls a package, then whatever else rules that block must look at. */
function readingsOf(purl: Purl, versions: readonly string[], item: PackageLike, conflict: boolean): Identity[] {
  const { type, name, namespace } = purl;
  const own: Identity = namespace === undefined ? { type, name, versions } : { type, namespace, name, versions };
  const found = [own];
  // An encoded slash in a name hides where the name begins.
  const slash = name.lastIndexOf('/');
  if (slash > 0 && slash < name.length - 1)
    found.push({ ...own, namespace: joinPath(namespace, name.slice(0, slash)), name: name.slice(slash + 1) });
  // The document may say where a package comes from when its package URL does not.
  if (conflict || (namespace === undefined && item.namespace !== undefined)) found.push(plainIdentity(item));
  return found;
}

function joinPath(head: string | undefined, tail: string): string {
  return head === undefined ? tail : `${head}/${tail}`;
}

function readPurl(text: string | undefined): Purl | UnreadablePurl | undefined {
  if (text === undefined) return undefined;
  try {
    return parsePurl(text, { keys: 'any', typeRules: 'leave' });
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return { text, reason: error.message.replace(/^package URL: /, '') };
  }
}

function plainIdentity(item: PackageLike): Identity {
  return {
    ...(item.type === undefined ? {} : { type: item.type }),
    ...(item.namespace === undefined ? {} : { namespace: item.namespace }),
    name: item.name,
    versions: item.version === undefined ? [] : [item.version],
  };
}

/** Versions under which a package may be known; an epoch is given as a qualifier and belongs in front. */
function versionsOf(purl: Purl, stated: string | undefined): readonly string[] {
  const epoch = purl.qualifiers.get('epoch');
  const version =
    purl.version !== undefined && epoch !== undefined && !purl.version.includes(':')
      ? `${epoch}:${purl.version}`
      : purl.version;
  if (version === undefined) return stated === undefined ? [] : [stated];
  // Without the epoch the document says the same and less.
  const same = stated === undefined || stated === version || stated === purl.version;
  return same ? [version] : [version, stated];
}

/** Whether the plain name is one of the usual spellings of what the package URL says. */
function agrees(purl: Purl, item: PackageLike): boolean {
  if (item.name === purl.name && item.namespace === undefined) return true;
  const fold = (text: string): string => foldName(text, purl.type === 'cargo' ? 'cargo' : 'pypi');
  const name = fold(item.name.replace(/^[a-z]+:(?=[^:]+$)/, ''));
  const own = fold(purl.name);
  const parts = [purl.namespace, purl.name].filter((part) => part !== undefined);
  const full = ['/', ':', '.'].map((separator) => fold(parts.join(separator)));
  const named =
    name === own ||
    full.includes(name) ||
    full.includes(fold(item.name)) ||
    name === fold(`${own}${purl.subpath ?? ''}`);
  if (!named || item.namespace === undefined || name !== own) return named;
  return purl.namespace === undefined || fold(purl.namespace).endsWith(fold(item.namespace));
}

/** Source packages from the document and from the qualifier that syft writes: `upstream=util-linux@2.36`. */
function upstreamOf(item: PackageLike, purl: Purl | undefined, versions: readonly string[]): readonly Identity[] {
  if (item.upstream === undefined && purl?.qualifiers.has('upstream') !== true) return nothing;
  const type = purl?.type ?? item.type;
  const kind = {
    ...(type === undefined ? {} : { type }),
    ...(purl?.namespace === undefined ? {} : { namespace: purl.namespace }),
  };
  const found: Identity[] = (item.upstream ?? []).map(({ name, version }) => ({
    ...kind,
    name,
    versions: version === undefined ? versions : [version],
  }));
  const qualifier = purl?.qualifiers.get('upstream');
  if (qualifier !== undefined) {
    const [name = '', version] = qualifier.split('@');
    const source = /^(.+)-([^-]+)-([^-]+)\.src\.rpm$/.exec(name);
    found.push({ ...kind, name: source?.[1] ?? name, versions: version === undefined ? versions : [version] });
  }
  return found;
}

function describePurl(purl: Purl): string {
  return formatPurl({ ...purl, qualifiers: new Map() });
}

/** How a package is called in reports: its canonical package URL, else its name and version. */
export function describePackage(item: PackageLike, identity: PackageIdentity = identify(item)): string {
  if (identity.purl !== undefined) return describePurl(identity.purl);
  const name = item.namespace === undefined ? item.name : `${item.namespace}/${item.name}`;
  return item.version === undefined ? name : `${name}@${item.version}`;
}

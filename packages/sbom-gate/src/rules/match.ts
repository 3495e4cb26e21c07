import { defined } from '@notarykit/common/internal';
import { addTo } from '../multi-map.js';
import type { PackageRule } from '../policy/document.js';
import { type Purl, parsePurl, typeProblem } from '../purl/parse.js';
import { schemeOfType } from '../versions/schemes.js';
import { containsVersion } from '../versions/vers.js';
import { compileGlob, type Glob, isGlob } from './glob.js';
import { foldName, type Identity, indexName, type PackageIdentity } from './identity.js';
import { PatternIndex } from './pattern-index.js';

/** A package rule made ready for many packages. */
export interface CompiledRule {
  readonly rule: PackageRule;
  readonly purl?: Purl;
  readonly type?: string;
  /** Exact case, for rules that require. */
  readonly exact: Glob;
  /** Folded, for rules that block. */
  readonly loose: Glob;
  /** The name under which the rule is found, unless it has wildcards. */
  readonly key?: string;
}

/** Makes a rule ready. */
export function compileRule(rule: PackageRule): CompiledRule {
  const purl = rule.purl === undefined ? undefined : parsePurl(rule.purl, { typeRules: 'leave' });
  const name = rule.name ?? purl?.name ?? '';
  const type = purl?.type ?? rule.type;
  const folded = foldName(name, type);
  return {
    rule,
    ...defined({ purl }),
    ...(type === undefined ? {} : { type: type === 'alpine' ? 'apk' : type }),
    exact: compileGlob(name),
    loose: compileGlob(folded),
    ...(rule.name !== undefined && isGlob(name) ? {} : { key: indexName(name) }),
  };
}

/** What stands between a namespace and a name where both are one text: `group:artifact`, `@scope/name`, a module path. */
const separators = ['/', ':'] as const;

/** Rules by the name they are about, so that a package is compared only with rules that may match. */
export class RuleIndex {
  readonly #named = new Map<string, CompiledRule[]>();
  readonly #patterns: PatternIndex<CompiledRule>;
  readonly rules: readonly CompiledRule[];

  constructor(rules: readonly PackageRule[]) {
    const patterns: [string, CompiledRule][] = [];
    this.rules = rules.map(compileRule);
    for (const rule of this.rules) {
      if (rule.key === undefined) patterns.push([rule.rule.name ?? '', rule]);
      else addTo(this.#named, rule.key, rule);
    }
    this.#patterns = new PatternIndex(patterns);
  }

  /** Every rule that a name of the package could match. */
  candidates({ identities, upstream }: PackageIdentity): ReadonlySet<CompiledRule> {
    const found = new Set<CompiledRule>();
    for (const identity of identities) this.#findNames(identity, found);
    for (const identity of upstream) this.#findNames(identity, found);
    return found;
  }

  #findNames({ namespace, name }: Identity, found: Set<CompiledRule>): void {
    this.#find(indexName(name), found);
    // Without a package URL the group may appear in the name: `group:artifact`.
    const tail = Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1;
    if (tail > 0) this.#find(indexName(name.slice(tail)), found);
    if (namespace !== undefined)
      for (const separator of separators) this.#find(indexName(`${namespace}${separator}${name}`), found);
  }

  #find(folded: string, found: Set<CompiledRule>): void {
    const named = this.#named.get(folded);
    if (named !== undefined) for (const rule of named) found.add(rule);
    this.#patterns.find(folded, found);
  }
}

/** How a rule took a package: not at all, surely, or because nothing proves the opposite. */
export type RuleMatch = 'no' | 'yes' | 'version-unknown';

/** Whether a rule that blocks matches: loosely, and in doubt against the package. */
export function blockMatch(compiled: CompiledRule, identity: PackageIdentity): RuleMatch {
  const candidates = compiled.rule.includeUpstream
    ? [...identity.identities, ...identity.upstream]
    : identity.identities;
  let doubt = false;
  for (const candidate of candidates) {
    if (!looselyNamed(compiled, candidate, identity)) continue;
    const match = versionMatch(compiled, candidate);
    if (match === 'yes') return 'yes';
    if (match === 'version-unknown') doubt = true;
  }
  return doubt ? 'version-unknown' : 'no';
}

function looselyNamed(compiled: CompiledRule, candidate: Identity, identity: PackageIdentity): boolean {
  const { type, namespace } = candidate;
  if (compiled.type !== undefined && type !== undefined && type !== compiled.type) return false;
  if (!nameMatches(compiled, candidate)) return false;
  const { purl } = compiled;
  if (purl === undefined) return true;
  if (!namespacesMatch(purl, namespace)) return false;
  return qualifiersMatch(purl, identity, candidate);
}

function namespacesMatch(rule: Purl, namespace: string | undefined): boolean {
  // A component that does not say where it comes from may come from there.
  if (namespace === undefined) return true;
  // Where the type allows no namespace, or demands one that the rule does not give, it tells nothing apart.
  const { type, name, qualifiers } = rule;
  if (typeProblem({ type, namespace, name, qualifiers })?.part === 'namespace') return true;
  if (typeProblem(rule)?.part === 'namespace') return true;
  return foldName(namespace) === foldName(rule.namespace ?? '');
}

function nameMatches(compiled: CompiledRule, { type, namespace, name }: Identity): boolean {
  const folded = foldName(name, type ?? compiled.type);
  if (compiled.loose(folded)) return true;
  if (compiled.purl !== undefined) {
    // Without a package URL the whole of it may appear in the name.
    const full = [compiled.purl.namespace ?? '', compiled.purl.name];
    return separators.some((separator) => foldName(full.join(separator)) === folded);
  }
  return (
    namespace !== undefined &&
    separators.some((separator) => compiled.loose(`${foldName(namespace)}${separator}${folded}`))
  );
}

function qualifiersMatch(rule: Purl, identity: PackageIdentity, candidate: Identity): boolean {
  if (rule.qualifiers.size === 0 || identity.purl === undefined || candidate.name !== identity.purl.name) return true;
  // A package that does not state a qualifier may be the one that the rule is about.
  return [...rule.qualifiers].every(([key, value]) => (identity.purl?.qualifiers.get(key) ?? value) === value);
}

function versionMatch(compiled: CompiledRule, candidate: Identity): RuleMatch {
  const range = compiled.rule.versions;
  if (range === undefined) return 'yes';
  if (candidate.versions.length === 0) return range.any ? 'yes' : range.scheme === 'none' ? 'no' : 'version-unknown';
  const scheme = candidate.type === undefined ? undefined : schemeOfType(candidate.type);
  const otherScheme =
    scheme !== undefined && range.scheme !== scheme && !['all', 'none', 'generic'].includes(range.scheme);
  // A rule without a type may meet packages whose versions its range cannot read; that is not a doubt about them.
  if (otherScheme && compiled.type === undefined) return 'no';
  let doubt = false;
  for (const version of candidate.versions) {
    const contained = containsVersion(range, version);
    if (contained === true) return 'yes';
    if (contained === 'unknown') doubt = true;
  }
  return doubt ? 'version-unknown' : 'no';
}

/** Whether a package satisfies a rule that requires one: strictly, and in doubt not. */
export function requireMatch(compiled: CompiledRule, identity: PackageIdentity): RuleMatch {
  const [own] = identity.identities;
  if (own === undefined || identity.unreadable.length > 0) return 'no';
  if (compiled.type !== undefined && own.type !== compiled.type) return 'no';
  if (!exactlyNamed(compiled, own, identity)) return 'no';
  const { versions } = compiled.rule;
  if (versions === undefined) return 'yes';
  if (own.versions.length === 0) return versions.any ? 'yes' : 'version-unknown';
  const contained = own.versions.map((version) => containsVersion(versions, version));
  if (contained.every((one) => one === true)) return 'yes';
  return contained.includes('unknown') ? 'version-unknown' : 'no';
}

function exactlyNamed(compiled: CompiledRule, own: Identity, identity: PackageIdentity): boolean {
  const { purl } = compiled;
  if (purl === undefined) {
    return compiled.exact(own.name) || (own.namespace !== undefined && compiled.exact(`${own.namespace}/${own.name}`));
  }
  if (own.name !== purl.name) return false;
  if (identity.purl === undefined)
    return own.type === purl.type && (own.namespace ?? purl.namespace) === purl.namespace;
  if (own.namespace !== purl.namespace) return false;
  return [...purl.qualifiers].every(([key, value]) => identity.purl?.qualifiers.get(key) === value);
}

/**
 * Whether a rule that lets something through is about a package: by its one name, as the rule writes it, and with every version that
 * it may have. What a package does not state is not a match.
 */
export function surelyMatches(compiled: CompiledRule, identity: PackageIdentity): boolean {
  if (identity.ambiguous || identity.conflict || identity.unreadable.length > 0) return false;
  const own = identity.identities.slice(0, 1);
  const candidates = compiled.rule.includeUpstream ? [...own, ...identity.upstream] : own;
  return candidates.some((candidate) => surelyNamed(compiled, candidate, identity) && surelyIn(compiled, candidate));
}

function surelyNamed(compiled: CompiledRule, candidate: Identity, { purl: own }: PackageIdentity): boolean {
  if (compiled.type !== undefined && candidate.type !== compiled.type) return false;
  const { purl } = compiled;
  if (purl === undefined) return namesOf(candidate).some((name) => compiled.exact(name));
  const written = namesOf({ ...candidate, ...purl });
  const named = candidate.namespace === purl.namespace && candidate.name === purl.name;
  if (!named && !(candidate.namespace === undefined && written.slice(1).includes(candidate.name))) return false;
  return [...purl.qualifiers].every(([key, value]) => own?.qualifiers.get(key) === value);
}

/** The name alone, then with its namespace. Names of Python packages have one normal form. */
function namesOf({ type, namespace, name }: Pick<Identity, 'type' | 'namespace' | 'name'>): readonly string[] {
  if (type === 'pypi') return [name, foldName(name, type)];
  return [name, ...(namespace === undefined ? [] : separators.map((separator) => `${namespace}${separator}${name}`))];
}

function surelyIn({ rule: { versions } }: CompiledRule, candidate: Identity): boolean {
  if (versions === undefined || (candidate.versions.length === 0 && versions.any)) return true;
  return candidate.versions.length > 0 && candidate.versions.every((one) => containsVersion(versions, one) === true);
}

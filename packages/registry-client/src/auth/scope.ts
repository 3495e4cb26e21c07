/** Most scopes of a challenge that are looked at. */
const maxScopes = 8;

/** A scope taken apart; opaque ones keep their text as `resource`. */
interface Scope {
  readonly resource: string;
  readonly actions: readonly string[];
}

function parseScope(text: string): Scope {
  // The resource name may hold a colon: the type ends at the first one, the actions begin after the last.
  const [first, last] = [text.indexOf(':'), text.lastIndexOf(':')];
  if (first < 0 || first === last) return { resource: text, actions: [] };
  return { resource: text.slice(0, last), actions: text.slice(last + 1).split(',') };
}

/** Scopes sorted, one per resource, actions merged (distribution token specification). */
export function mergeScopes(scopes: Iterable<string>): readonly string[] {
  const actions = new Map<string, Set<string>>();
  for (const text of scopes) {
    if (text === '') continue;
    const scope = parseScope(text);
    const known = actions.get(scope.resource) ?? new Set<string>();
    for (const action of scope.actions) if (action !== '') known.add(action);
    actions.set(scope.resource, known);
  }
  return [...actions].map(([resource, all]) => formatScope(resource, all)).sort();
}

function formatScope(resource: string, actions: ReadonlySet<string>): string {
  if (actions.size === 0) return resource;
  return `${resource}:${actions.has('*') ? '*' : [...actions].sort().join(',')}`;
}

/** Whether a token for `granted` serves a request that needs `needed`. */
export function coversScopes(granted: readonly string[], needed: readonly string[]): boolean {
  const actions = new Map(granted.map((text) => [parseScope(text).resource, new Set(parseScope(text).actions)]));
  return needed.every((text) => {
    const { resource, actions: wanted } = parseScope(text);
    const known = actions.get(resource);
    return known !== undefined && (known.has('*') || wanted.every((action) => known.has(action)));
  });
}

/**
 * The scopes to ask for: ours, widened by the challenge only where it names a resource of ours, and never from reading to
 * writing. A registry cannot make us fetch a token for something else (threats H4).
 */
export function scopesToAsk(ours: readonly string[], challenge: string | undefined): readonly string[] {
  const own = new Map(ours.map((text) => [parseScope(text).resource, parseScope(text).actions]));
  const accepted = (challenge ?? '').split(' ').filter((text) => {
    const { resource, actions } = parseScope(text);
    const mine = own.get(resource);
    if (mine === undefined) return false;
    const reading = mine.every((action) => action === 'pull');
    return !reading || actions.every((action) => action === 'pull');
  });
  return mergeScopes([...accepted, ...ours]);
}

/**
 * What a challenge names in place of our scopes, for gateways that know a repository by another name: only repositories, and of their
 * actions only those that we ask for ourselves, so that a request that reads gets no token that writes.
 */
export function foreignScopes(ours: readonly string[], challenge: string | undefined): readonly string[] {
  const own = new Set(ours.flatMap((text) => parseScope(text).actions));
  const named = (challenge ?? '').split(' ').slice(0, maxScopes).map(parseScope);
  return mergeScopes(
    named.flatMap(({ resource, actions }) => {
      const wanted = actions.filter((action) => own.has(action));
      return resource.startsWith('repository:') && wanted.length > 0 ? [formatScope(resource, new Set(wanted))] : [];
    }),
  );
}

/** Of our scopes those whose resource the challenge names, with the challenge's actions. */
export function narrowScopes(ours: readonly string[], challenge: string | undefined): readonly string[] {
  const named = new Set((challenge ?? '').split(' ').map((text) => parseScope(text).resource));
  return mergeScopes(ours.filter((text) => named.has(parseScope(text).resource)));
}

/** The scope of an operation on a repository. */
export function repositoryScope(repository: string, actions: 'pull' | 'pull,push' | 'delete,pull'): string {
  return `repository:${repository}:${actions}`;
}

/** What an account may do in a repository (distribution token specification, "Scope"). */
export type RegistryAction = 'pull' | 'push' | 'delete';

/** Actions by repository: a name, `team/*` for all below a path, or `*`. */
export type Rights = Readonly<Record<string, readonly RegistryAction[]>>;

/** The account of a request, and its rights. */
export interface Access {
  /** Name of the account; `undefined` for an anonymous request. */
  readonly account: string | undefined;
  allows(repository: string, action: RegistryAction): boolean;
}

/** Everything, to everyone: the access of a registry without accounts. */
export const openAccess: Access = { account: undefined, allows: () => true };

/** The access that rights give. */
export function accessOf(account: string | undefined, rights: Rights): Access {
  return { account, allows: (repository, action) => allowed(rights, repository).includes(action) };
}

function allowed(rights: Rights, repository: string): readonly RegistryAction[] {
  return Object.entries(rights)
    .filter(([pattern]) => matches(pattern, repository))
    .flatMap(([, actions]) => actions);
}

function matches(pattern: string, repository: string): boolean {
  if (pattern === '*' || pattern === repository) return true;
  return pattern.endsWith('/*') && repository.startsWith(pattern.slice(0, -1));
}
